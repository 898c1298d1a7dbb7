import assert from 'node:assert/strict';
import { parseNix } from '../../src/adapters/registry/parser.ts';
import type { Change } from '../../src/core/registry/edit/change.ts';
import type { Entry, Registry } from '../../src/core/registry/registry.ts';
import type { SyntaxNode } from '../../src/core/registry/syntax.ts';

/** Of the values before and after an edit: it did what it was asked for, and the others are as they were. */
export function assertChanged(old: readonly string[], now: readonly string[], { kind, names }: Change): void {
  const others = (all: readonly string[]): readonly string[] => all.filter((each) => !names.includes(each));
  assert.deepEqual(others(now), others(old));
  for (const name of names) {
    const count = (all: readonly string[]): number => all.filter((each) => each === name).length;
    assert.equal(count(now), kind === 'remove' ? 0 : Math.max(1, count(old)), `${name} after: ${now.join(', ')}`);
  }
}

/** A text, and the entries that stand in it. */
export type Read = Pick<Registry, 'text' | 'entries'>;

/**
 * What every edit of some names must not change, judged by the two texts alone: everything outside of the brackets
 * of lists; other lists; all other elements in their order, each with the comments that follow it on its line; line ends;
 * and, unless whole lines were deleted, each word of every comment.
 */
export function assertRestIsSame(
  { text: before, entries: oldEntries }: Read,
  { text: after, entries }: Read,
  names: readonly string[],
  deleted: boolean,
): void {
  const [old, now] = [listsIn(before, oldEntries), listsIn(after, entries)];
  assert.equal(without(after, now), without(before, old), 'something outside of the lists changed');
  assertSameLists(old, now, names);
  assertSameElements(old, now, names);
  for (const otherEnd of [/\r\n/, /(?<!\r)\n/]) {
    if (!otherEnd.test(before) && before.includes('\n')) assert.doesNotMatch(after, otherEnd);
  }
  if (deleted) return;
  // But for blanks, `#` and the names, the texts are the same.
  const sources = [...old, ...now].flatMap(({ elements }) =>
    elements.flatMap(({ value, source }) => (isOf(value, names) ? [source] : [])),
  );
  const literals = [...names.map((name) => `"${name}"`), ...sources].toSorted((a, b) => b.length - a.length);
  const words = (text: string): string =>
    literals.reduce((rest, each) => rest.replaceAll(each, ''), text).replace(/[#\s]/g, '');
  assert.equal(words(after), words(before), 'words of a comment are lost');
}

function assertSameLists(old: readonly List[], now: readonly List[], names: readonly string[]): void {
  for (const [index, { source, elements }] of now.entries()) {
    const was = old[index] as List;
    const isNamed = [...was.elements, ...elements].some(({ value }) => isOf(value, names));
    if (!isNamed) assert.equal(source, was.source, 'another list changed');
  }
}

function assertSameElements(old: readonly List[], now: readonly List[], names: readonly string[]): void {
  const others = (lists: readonly List[]): readonly Item[] =>
    lists.flatMap(({ elements }) => elements).filter(({ value }) => !isOf(value, names));
  const [before, after] = [others(old), others(now)];
  assert.deepEqual(
    after.map(({ source }) => source),
    before.map(({ source }) => source),
    'another element changed',
  );
  for (const [index, { source, notes }] of after.entries()) {
    const own = before[index]?.notes ?? [];
    assert.deepEqual(notes.slice(0, own.length), own, `${source} lost a comment`);
  }
}

function isOf(value: string | undefined, names: readonly string[]): boolean {
  return value !== undefined && names.includes(value);
}

interface List {
  readonly start: number;
  readonly end: number;
  readonly source: string;
  readonly elements: readonly Item[];
}

interface Item {
  readonly source: string;
  /** What it comes to, if it is a part of the registry's value. */
  readonly value: string | undefined;
  /** The comments that follow it on its line. */
  readonly notes: readonly string[];
}

/** The lists of a text that are not within another list, in order. */
function listsIn(text: string, entries: readonly Entry[]): readonly List[] {
  const found: List[] = [];
  const visit = (node: SyntaxNode): void => {
    // The parts of an option's value are no entries.
    const isOuter = /mkMerge\s*$/.test(text.slice(0, node.startIndex));
    if (node.type !== 'list_expression' || isOuter) return node.namedChildren.forEach(visit);
    const { startIndex: start, endIndex: end } = node;
    found.push({ start, end, source: text.slice(start, end), elements: itemsOf(text, node, entries) });
  };
  visit(parseNix(text));
  return found;
}

function without(text: string, lists: readonly List[]): string {
  const starts = [0, ...lists.map(({ end }) => end)];
  return starts.map((start, index) => text.slice(start, lists[index]?.start ?? text.length)).join('[]');
}

function itemsOf(text: string, list: SyntaxNode, entries: readonly Entry[]): readonly Item[] {
  const inside = list.namedChildren.map(({ type, startIndex: start, endIndex: end }) => {
    return { type, start, end, source: text.slice(start, end) };
  });
  return inside.flatMap(({ type, start, end, source }, index) => {
    if (type === 'comment') return [];
    const next = inside.slice(index + 1).findIndex((node) => node.type !== 'comment');
    const comments = inside.slice(index + 1, next < 0 ? undefined : index + 1 + next);
    const lineBreak = text.indexOf('\n', end);
    const notes = comments.filter((comment) => lineBreak < 0 || comment.start < lineBreak);
    const entry = entries.find(({ span }) => span && start <= span.start && span.end <= end);
    return [{ source, value: entry?.value, notes: notes.map((note) => note.source) }];
  });
}
