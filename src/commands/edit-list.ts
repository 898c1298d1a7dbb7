import { writeChange } from '../adapters/registry-write.ts';
import { requireModel } from '../core/models/catalogue.ts';
import type { Changed } from '../core/registry/change.ts';
import { activeEntries, type Registry } from '../core/registry/registry.ts';
import { modelsOnDisk, openCatalogue, openOwnRegistry, type CommonOptions, type Context } from './session.ts';

export interface EditOptions extends CommonOptions {
  readonly models: readonly string[];
  /** The list may hold any strings; the names are taken as they are given. */
  readonly anyString: boolean;
}

export interface EditResult {
  readonly file: string;
  readonly entries: Changed['entries'];
}

/** Makes models active in the list; nothing is fetched. */
export async function add(context: Context, options: EditOptions): Promise<EditResult> {
  const { registry, read } = openOwnRegistry(context, options);
  const names = options.anyString ? options.models : knownNames(context, options, registry);
  const { entries } = await writeChange(read, { kind: 'add', names: [...new Set(names)] });
  return { file: registry.file, entries };
}

export interface RemoveOptions extends EditOptions {
  /** Deletes the line in place of commenting it out. */
  readonly delete: boolean;
}

/** Takes models out of the list; no file is removed. */
export async function remove(context: Context, options: RemoveOptions): Promise<EditResult> {
  const { registry, read } = openOwnRegistry(context, options);
  const listed = new Set(activeEntries(registry).map(({ name }) => name));
  const catalogue = openCatalogue(context.host);
  // What stands in the list can be taken out of it, whatever it is.
  const isTakenAsGiven = (model: string): boolean => options.anyString || listed.has(model);
  const names = options.models.map((model) => (isTakenAsGiven(model) ? model : requireModel(model, catalogue, listed)));
  const { entries } = await writeChange(read, {
    kind: 'remove',
    names: [...new Set(names)],
    how: options.delete ? 'delete' : 'comment',
  });
  return { file: registry.file, entries };
}

function knownNames(context: Context, options: EditOptions, registry: Registry): readonly string[] {
  const catalogue = openCatalogue(context.host);
  const onDisk = modelsOnDisk(context, options, registry);
  return options.models.map((model) => requireModel(model, catalogue, onDisk));
}
