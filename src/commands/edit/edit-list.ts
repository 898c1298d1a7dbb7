import { openRegistry } from '../../adapters/registry/open-registry.ts';
import { writeChange } from '../../adapters/registry/write-registry.ts';
import { requireModel } from '../../core/catalogue/catalogue.ts';
import { WhisperError } from '../../core/errors.ts';
import { listPartlyComputed } from '../../core/messages/notices.ts';
import type { Change, Changed } from '../../core/registry/edit/change.ts';
import type { ReadOptions, Registry } from '../../core/registry/registry.ts';
import { openCatalogue } from '../session/pins.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { listChange, modelsOnDisk, ownRegistry } from '../session/session.ts';

export interface EditOptions extends CommonOptions {
  readonly models: readonly string[];
  /** The list may hold any strings, so the names are not checked. */
  readonly anyString: boolean;
}

export interface EditResult {
  readonly file: string;
  readonly entries: Changed['entries'];
  /** Removed models whose files are still on disk, if the folder is known. */
  readonly left: readonly string[];
}

/** Makes models active in the list. Downloads nothing. */
export async function add(context: Context, options: EditOptions): Promise<EditResult> {
  const { registry, read } = await openForEdit(context, options);
  const names = options.anyString ? options.models : await knownNames(context, options, registry);
  return edit(read, registry, { kind: 'add', names: [...new Set(names)] });
}

export interface RemoveOptions extends EditOptions {
  /** Deletes the line instead of commenting it out. */
  readonly delete: boolean;
}

/** Removes models from the list. Removes no file. */
export async function remove(context: Context, options: RemoveOptions): Promise<EditResult> {
  const { registry, read } = await openForEdit(context, options);
  const listed = new Set(registry?.entries.map(({ value }) => value));
  const catalogue = openCatalogue(context.host, read.file);
  // Any entry of the list can be removed.
  const isTakenAsGiven = (model: string): boolean => options.anyString || listed.has(model);
  const names = options.models.map((model) => (isTakenAsGiven(model) ? model : requireModel(model, catalogue, listed)));
  const how = options.delete ? 'delete' : 'comment';
  const result = await edit(read, registry, { kind: 'remove', names: [...new Set(names)], how });
  const gone = new Set(result.entries.flatMap((entry) => (entry.how === 'removed' ? [entry.name] : [])));
  const onDisk = registry && gone.size > 0 ? await modelsOnDisk(context, options, registry) : new Set<string>();
  return { ...result, left: [...gone].filter((name) => onDisk.has(name)) };
}

/** Opens the list for an edit. Without Nix, the plain part of a computed list can still be edited: `registry` is missing then. */
async function openForEdit(
  context: Context,
  options: EditOptions,
): Promise<{ readonly registry: Registry | undefined; readonly read: ReadOptions }> {
  const { open, read } = ownRegistry(context, options);
  try {
    return { registry: await openRegistry(open), read };
  } catch (error) {
    const isUnknown = error instanceof WhisperError && ['registry-computed', 'nix-missing'].includes(error.code);
    if (!isUnknown) throw error;
    context.reporter.notice(listPartlyComputed(error));
    return { registry: undefined, read };
  }
}

async function edit(read: ReadOptions, registry: Registry | undefined, change: Change): Promise<EditResult> {
  const { entries } = await writeChange(read, registry ? listChange(registry, change) : { change, evaluated: [] });
  return { file: read.file, entries, left: [] };
}

async function knownNames(
  context: Context,
  options: EditOptions,
  registry: Registry | undefined,
): Promise<readonly string[]> {
  const catalogue = openCatalogue(context.host, registry?.file);
  const onDisk = registry ? await modelsOnDisk(context, options, registry) : new Set<string>();
  return options.models.map((model) => requireModel(model, catalogue, onDisk));
}
