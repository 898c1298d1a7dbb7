import { hangingText } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { count } from '../../core/quantity.ts';
import type { Outcome, Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import type { ParsedOptions } from '../options.ts';
import { openRegistry } from '../../adapters/registry/open-registry.ts';
import { writeChange } from '../../adapters/registry/write-registry.ts';
import { requireModel } from '../../core/catalogue/catalogue.ts';
import { listPartlyComputed } from '../../core/messages/notices.ts';
import type { Change, Changed } from '../../core/registry/edit/change.ts';
import type { ReadOptions, Registry } from '../../core/registry/registry.ts';
import { openCatalogue } from '../session/pins.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { listChange, modelsOnDisk, ownRegistry } from '../session/session.ts';

export const runAdd: Run = async (context, { options, operands }) => {
  const result = await add(context, editOptions(options, operands));
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
  const { registry, read } = await openForEdit(context, options);
  const names = options.anyString ? options.models : await knownNames(context, options, registry);
  return edit(read, registry, { kind: 'add', names: [...new Set(names)] });
}

interface RemoveOptions extends EditOptions {
  /** Deletes the line instead of commenting it out. */
  readonly delete: boolean;
}

async function remove(context: Context, options: RemoveOptions): Promise<EditResult> {
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
