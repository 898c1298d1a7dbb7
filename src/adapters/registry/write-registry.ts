import { dirname } from 'node:path';
import { savedDuringEdit } from '../../core/messages/busy.ts';
import { type Change, type Changed, changeRegistry, type Known } from '../../core/registry/edit/change.ts';
import { byHand as handwork, type Fixed, fixList } from '../../core/registry/edit/fix.ts';
import type { Finding } from '../../core/registry/lint.ts';
import { addSources, completeSources, removeSources } from '../../core/registry/edit/change-sources.ts';
import type { NewSource } from '../../core/registry/sources/source.ts';
import { readStatically } from '../../core/registry/read-registry.ts';
import type { ReadOptions } from '../../core/registry/registry.ts';
import { readText } from './find-registry.ts';
import { parseNix } from './parser.ts';
import { replaceText, type Rewriting, TRIES, writableTarget, withTextLock } from './text-file.ts';

export interface ListChange extends Known {
  readonly change: Change;
  /** Sources of models that are added, written in the same edit. */
  readonly sources?: readonly NewSource[];
  /** Whether the sources of models that are removed are removed too, as far as they are written out. */
  readonly removesSources?: boolean;
}

/** The change as text, without writing it; throws where the file could not be written either. */
export async function previewChange(options: ReadOptions, change: ListChange): Promise<Changed> {
  const { before, changed } = changeText(options, change);
  if (changed.text !== before) await writableTarget(options.file, rewriting(changed.byHand));
  return changed;
}

/** Changes the list, and no other byte, mode, owner or link. If the user saves at the same time, changes the saved text. */
export async function writeChange(options: ReadOptions, change: ListChange): Promise<Changed> {
  return rewrite(options, () => changeText(options, change));
}

/** Writes hashes and sizes that sources lack; returns the models whose source has them now. */
export async function completeInFile(options: ReadOptions, pins: readonly NewSource[]): Promise<readonly string[]> {
  const { files } = await rewrite(options, () => {
    const before = readText(options.file);
    const reading = readStatically(parseNix, before, options);
    const { reading: after, completed } = completeSources(reading, pins, { parse: parseNix, options });
    return { before, changed: { text: after.text, files: completed, byHand: 'add hashes and sizes to modelSources' } };
  });
  return files;
}

/** Replaces the text by what `edit` makes of it, again for each text that the user saves at the same time. */
async function rewrite<T extends Pick<Changed, 'text' | 'byHand'>>(
  options: ReadOptions,
  edit: () => { readonly before: string; readonly changed: T },
): Promise<T> {
  const first = edit();
  if (first.changed.text === first.before) return first.changed;
  const folder = dirname(await writableTarget(options.file, rewriting(first.changed.byHand)));
  return withTextLock(folder, async () => {
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      // Read again: another process may have edited it until now.
      const { before, changed } = edit();
      if (changed.text === before) return changed;
      const how = rewriting(changed.byHand);
      const target = await writableTarget(options.file, how);
      if (await replaceText(target, before, changed.text, how)) return changed;
    }
    throw savedDuringEdit(options.file);
  });
}

/** Writes the sure fixes of findings in `text`; `undefined`: the file was saved since it was read, and is not changed. */
export async function writeFixes(
  options: ReadOptions,
  text: string,
  findings: readonly Finding[],
): Promise<Fixed | undefined> {
  const reading = readStatically(parseNix, text, options);
  const fixes = fixList(reading, findings, parseNix, options);
  if (fixes.fixed.length === 0) return fixes;
  const how = rewriting(fixes.fixed.map(handwork).join(', '));
  const target = await writableTarget(options.file, how);
  return withTextLock(dirname(target), async () =>
    (await replaceText(target, text, fixes.reading.text, how)) ? fixes : undefined,
  );
}

function changeText(
  options: ReadOptions,
  { change, sources = [], removesSources = false, ...known }: ListChange,
): { readonly before: string; readonly changed: Changed } {
  const text = readText(options.file);
  const reading = readStatically(parseNix, text, options);
  const changed = changeRegistry(reading, change, parseNix, options, known);
  if (sources.length === 0 && !removesSources) return { before: text, changed };
  const reader = { parse: parseNix, options };
  const after = changed.text === text ? reading : readStatically(parseNix, changed.text, options);
  const gone = changed.entries.flatMap(({ name, how }) => (how === 'removed' ? [name] : []));
  if (removesSources) return { before: text, changed: { ...changed, text: removeSources(after, gone, reader).text } };
  const { reading: edited, byHand } = addSources(after, sources, reader);
  const work = [changed.byHand, ...byHand.map((line) => `add ${line}`)].filter((each) => each !== '').join(', ');
  return { before: text, changed: { ...changed, text: edited.text, byHand: work } };
}

function rewriting(work: string): Rewriting {
  return { kind: { code: 'registry-read-only', byHand: work }, read: readText };
}
