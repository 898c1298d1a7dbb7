import type { WhisperError } from '../../errors.ts';
import { computedListNotEditable, editRefused } from '../../messages/edits.ts';
import type { StringLiteral } from '../../nix/literals.ts';
import type { Span } from '../../nix/problems.ts';
import { placeOf } from '../diagnostic.ts';
import type { Names } from '../follow.ts';
import { isComputed, type StringList } from '../list.ts';
import { readStatically } from '../read-registry.ts';
import { literalLists, type Reading, type ReadOptions } from '../registry.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { ListPart } from '../value.ts';
import { applyEdits, type TextEdit } from './layout.ts';

export type Parse = (text: string) => SyntaxNode;

/** Edits inside of lists, and a check of the values before and after, `null` for a part that Nix computes. */
export interface Step {
  readonly edits: readonly TextEdit[];
  readonly accepts: (before: Values, after: Values) => boolean;
  /** The same change as an instruction to the user. */
  readonly byHand: string;
}

export type Values = readonly (string | null)[];

/** Applies the edits of a step and reads the new text; throws `registry-edit-refused` where the check fails. */
export function applyStep(before: Reading, step: Step, parse: Parse, options: ReadOptions): Reading {
  const lists = listsAfter(inOrder(literalLists(before.value)), step.edits);
  const after = readAgain(applyEdits(before.text, step.edits), before, step, parse, options);
  const places = new Set(literalLists(after.value).map(placeOfList));
  const keepsPlaces = lists?.every((list) => places.has(placeOfList(list))) === true;
  if (!keepsPlaces || !step.accepts(valuesOf(before), valuesOf(after))) throw refusal(before, step);
  return after;
}

/** Where the edited lists are afterwards; `undefined`: an edit is outside of their brackets, or there is none. */
function listsAfter(lists: readonly Span[], edits: readonly TextEdit[]): readonly Span[] | undefined {
  const edited: Span[] = [];
  let [at, grown] = [0, 0];
  for (const { start, end } of lists) {
    const before = grown;
    const first = at;
    for (let edit = edits[at]; edit && start < edit.start && edit.end < end; edit = edits[at]) {
      grown += edit.text.length - (edit.end - edit.start);
      at += 1;
    }
    if (at > first) edited.push({ start: start + before, end: end + grown });
  }
  return at === edits.length && at > 0 ? edited : undefined;
}

function placeOfList({ start, end }: Span): string {
  return `${start} ${end}`;
}

export function inOrder(lists: readonly StringList[]): readonly StringList[] {
  return [...new Map(lists.map((list) => [list.start, list])).values()].toSorted((a, b) => a.start - b.start);
}

/**
 * The lists that an edit may change. Where a part of the value is computed, it must not depend on them: such a list is
 * written where it is used, or has a name that is used nowhere else.
 */
export function editableLists({ text, value }: Reading): readonly StringList[] {
  if (!value.some(isComputed)) return literalLists(value);
  const words = countWords(text);
  const known = new Map<Names, boolean>();
  const isOwn = (part: ListPart): boolean => areAll(part.names, (name) => words.get(name) === 2, known);
  return value.flatMap((part) => (!isComputed(part) && isOwn(part) ? [part.list] : []));
}

/** The values of the list in order, `null` for a part that Nix computes. */
export function valuesOf(reading: Reading): Values {
  return valuesAfter(reading, ({ value }) => value);
}

/** The same with the value that `change` returns for each literal element; `undefined` removes the element. */
export function valuesAfter({ value }: Reading, change: (element: StringLiteral) => string | undefined): Values {
  return value.flatMap((part) =>
    isComputed(part) ? [null] : part.list.elements.flatMap((each) => change(each) ?? []),
  );
}

export function isSameValue(one: Values, other: Values): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

function countWords(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/[\w'-]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Whether all names pass a test; `known` keeps the results, because different lists share names. */
function areAll(names: Names | undefined, test: (name: string) => boolean, known: Map<Names, boolean>): boolean {
  const passed: Names[] = [];
  let result = true;
  for (let at = names; at && result; at = at.next) {
    const before = known.get(at);
    if (before !== undefined) {
      result = before;
      break;
    }
    passed.push(at);
    result = test(at.name);
  }
  for (const each of passed) known.set(each, result);
  return result;
}

function readAgain(text: string, before: Reading, step: Step, parse: Parse, options: ReadOptions): Reading {
  try {
    return readStatically(parse(text), text, options);
  } catch (cause) {
    throw refusal(before, step, cause);
  }
}

function refusal({ file, attrpath }: Reading, { byHand }: Step, cause?: unknown): WhisperError {
  return editRefused(file, attrpath, byHand, cause);
}

export function refuseComputed({ file, text, value, binding, attrpath }: Reading, byHand: string): WhisperError {
  const computed = value.find(isComputed);
  return computedListNotEditable(attrpath, computed?.reason, byHand, placeOf(file, text, computed ?? binding));
}
