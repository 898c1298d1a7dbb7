import { hangingText } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { asWritten, modelNames, type NameOf, printable, shortName } from '../../core/catalogue/names.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { count } from '../../core/quantity.ts';
import type { Outcome, Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import type { ParsedOptions } from '../options.ts';
import type { OpenOptions } from '../../adapters/registry/open-options.ts';
import { openRegistry } from '../../adapters/registry/open-registry.ts';
import { writeChange } from '../../adapters/registry/write-registry.ts';
import { type Catalogue, requireModel } from '../../core/catalogue/catalogue.ts';
import { listPartlyComputed, sourceHashUnknown } from '../../core/messages/notices.ts';
import type { Change, Changed } from '../../core/registry/edit/change.ts';
import { type ReadOptions, type Registry, withModelNames } from '../../core/registry/registry.ts';
import { declareModels } from '../../core/registry/sources/declare.ts';
import { newSource } from '../../core/registry/sources/source.ts';
import { namingAttrVariable } from '../session/attr.ts';
import { givenModels } from '../session/given-models.ts';
import { openPinned } from '../session/pins.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { listChange, modelsOnDisk, ownRegistry, type Session } from '../session/session.ts';

export const runAdd: Run = async (context, { options, operands }) => {
  const isAnyString = options['any-string'] === true && options.as === undefined;
  const given = isAnyString ? { models: operands, declared: [] } : await givenModels(context, operands, options);
  const result = await add(context, { ...editOptions(options, given.models), declared: given.declared });
  return outcomeOf(result, ['added', 'present'], context.display, options);
};

export const runRemove: Run = async (context, { options, operands }) => {
  const result = await remove(context, { ...editOptions(options, operands), delete: options.delete === true });
  return outcomeOf(result, ['removed', 'absent'], context.display, options);
};

function editOptions(options: ParsedOptions, models: readonly string[]): EditOptions {
  return { ...commonOptions(options), models, anyString: options['any-string'] === true };
}

function outcomeOf(
  result: EditResult,
  [changed, unchanged]: readonly [string, string],
  display: Display,
  options: ParsedOptions,
): Outcome {
  const names = (wanted: boolean): readonly string[] =>
    result.entries.filter((entry) => isChange(entry) === wanted).map(({ name }) => name);
  return {
    json: { file: result.file, [changed]: names(true), [unchanged]: names(false) },
    text: renderEdit(result, display, options.quiet === true),
    exitCode: EXIT.done,
  };
}

function isChange({ how }: EditResult['entries'][number]): boolean {
  return how !== 'present' && how !== 'absent';
}

function renderEdit({ file, entries, left }: EditResult, display: Display, quiet: boolean): string {
  const { style } = display;
  const sentences = {
    present: 'is already active',
    uncommented: 'is active again',
    appended: 'is now active',
    removed: 'is no longer active',
    absent: 'was not active',
  } as const;
  const changed = entries.filter(isChange);
  const shown = quiet ? [] : entries;
  const lines = shown.map(({ name, how }) => `${printable(shortName(name))} ${sentences[how]}`);
  if (!quiet && changed.length > 0)
    lines.push(
      style('dim', `${display.path(file)}: ${count(changed.length, 'entry').replace('entrys', 'entries')} changed`),
    );
  if (!quiet && left.length > 0) {
    const names = left.map(shortName).join(', ');
    lines.push(`still on disk: ${names}; run whisper prune to remove models that no registry lists`);
  }
  return hangingText(lines, display.columns);
}

interface EditOptions extends CommonOptions {
  readonly models: readonly string[];
  /** The list may hold any strings, so the names are not checked. */
  readonly anyString: boolean;
}

interface EditResult {
  readonly file: string;
  readonly entries: Changed['entries'];
  /** Removed models whose files are still on disk, if the folder is known. */
  readonly left: readonly string[];
}

async function add(context: Context, options: EditOptions): Promise<EditResult> {
  const list = await openForEdit(context, options);
  const { catalogue, onDisk } = list;
  const names = catalogue ? options.models.map((model) => requireModel(model, catalogue, onDisk)) : options.models;
  const result = await edit(list, { kind: 'add', names: [...new Set(names)] });
  const unpinned = list.declared.filter(({ sha256 }) => sha256 === undefined);
  for (const { file } of unpinned) context.reporter.notice(sourceHashUnknown(file));
  return result;
}

interface RemoveOptions extends EditOptions {
  /** Deletes the line instead of commenting it out. */
  readonly delete: boolean;
}

async function remove(context: Context, options: RemoveOptions): Promise<EditResult> {
  const list = await openForEdit(context, options);
  const { registry, catalogue, nameOf, onDisk } = list;
  const listed = new Set(registry?.entries.map(({ name }) => name));
  const names = options.models.map((model) => {
    const name = nameOf(model);
    // Any entry of the list can be removed.
    return !catalogue || listed.has(name) ? name : requireModel(model, catalogue, listed);
  });
  const how = options.delete ? 'delete' : 'comment';
  const result = await edit(list, { kind: 'remove', names: [...new Set(names)], how });
  const gone = result.entries.flatMap((entry) => (entry.how === 'removed' ? [entry.name] : []));
  return { ...result, left: [...new Set(gone)].filter((name) => onDisk.has(name)) };
}

/** A list to edit, and what its entries mean. */
interface EditedList {
  readonly read: ReadOptions;
  /** `undefined`: a part of the list needs Nix, which is missing or not allowed. Its plain part can still be edited. */
  readonly registry: Registry | undefined;
  /** `undefined`: the list may hold any strings. */
  readonly catalogue: Catalogue | undefined;
  readonly nameOf: NameOf;
  /** The file names of the models on the disk, if the folder is known. */
  readonly onDisk: ReadonlySet<string>;
  /** Models that were given by an address and that nothing pins yet. */
  readonly declared: Session['declared'];
}

async function openForEdit(context: Context, options: EditOptions): Promise<EditedList> {
  const { open, read } = ownRegistry(context, options);
  const found = await openIfKnown(context, options, open);
  const onDisk = found ? await modelsOnDisk(context, options, found) : new Set<string>();
  if (options.anyString)
    return { read, registry: found, catalogue: undefined, nameOf: asWritten, onDisk, declared: [] };
  const pinned = await openPinned(context.host, found ?? { file: read.file, text: '', sources: undefined });
  const { catalogue, declared } = declareModels(pinned, options.declared ?? []);
  const nameOf = modelNames((file) => catalogue.has(file) || onDisk.has(file));
  return { read, registry: found && withModelNames(found, nameOf), catalogue, nameOf, onDisk, declared };
}

async function openIfKnown(context: Context, options: EditOptions, open: OpenOptions): Promise<Registry | undefined> {
  try {
    return await namingAttrVariable(context, options, async () => openRegistry(open));
  } catch (error) {
    const isUnknown = error instanceof WhisperError && ['registry-computed', 'nix-missing'].includes(error.code);
    if (!isUnknown) throw error;
    context.reporter.notice(listPartlyComputed(error));
    return undefined;
  }
}

async function edit({ read, registry, nameOf, declared }: EditedList, change: Change): Promise<EditResult> {
  const removesSources = change.kind === 'remove' && change.how === 'delete';
  const known = registry
    ? listChange({ registry, nameOf, declared }, change)
    : { change, nameOf, sources: declared.map((entry) => newSource(entry)) };
  const { entries } = await writeChange(read, { ...known, removesSources });
  return { file: read.file, entries, left: [] };
}
