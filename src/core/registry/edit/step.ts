import type { WhisperError } from '../../errors.ts';
import { computedListNotEditable, editRefused, sharedListNotEditable } from '../../messages/edits.ts';
import { quote, type StringLiteral } from '../../nix/literals.ts';
import type { Span } from '../../nix/problems.ts';
import { placeOf } from '../diagnostic.ts';
import type { Names } from '../follow.ts';
import { isComputed, type StringList } from '../list.ts';
import { readStatically } from '../read-registry.ts';
import { literalLists, type Reading, type ReadOptions } from '../registry.ts';
import type { Parse } from '../syntax.ts';
import { applyEdits, type TextEdit } from './layout.ts';

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
 * The lists that an edit may change, those that are written in the value of the binding first. A list with a name is one of
 * them only if nothing else in the file uses that name.
 */
export function editableLists({ value, uses }: Reading): readonly StringList[] {
  const known = new Map<Names, boolean>();
  const parts = value.flatMap((part) => (isComputed(part) ? [] : [part]));
  const own = parts.filter(({ names }) => !names);
  const named = parts.filter(
    ({ names }) => names && areAll(names, (each) => !each.isAttribute && uses.get(each.name) === 1, known),
  );
  return [...own, ...named].map(({ list }) => list);
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

/** Whether all names pass a test; `known` keeps the results, because different lists share names. */
function areAll(names: Names, test: (name: Names) => boolean, known: Map<Names, boolean>): boolean {
  const passed: Names[] = [];
  let result = true;
  for (let at: Names | undefined = names; at && result; at = at.next) {
    const before = known.get(at);
    if (before !== undefined) {
      result = before;
      break;
    }
    passed.push(at);
    result = test(at);
  }
  for (const each of passed) known.set(each, result);
  return result;
}

function readAgain(text: string, before: Reading, step: Step, parse: Parse, options: ReadOptions): Reading {
  try {
    return readStatically(parse, text, options);
  } catch (cause) {
    throw refusal(before, step, cause);
  }
}

function refusal({ file, attrpath }: Reading, step: Step, cause?: unknown): WhisperError {
  return editRefused(file, attrpath, step.byHand, cause);
}

/** The error for a list that cannot be edited; `names`: those that were to be added or removed. */
export function refuseEdit(reading: Reading, kind: 'add' | 'remove', names: readonly string[]): WhisperError {
  const { file, text, value, binding, attrpath } = reading;
  const work = byHand(kind, names);
  const computed = value.find(isComputed);
  const shared = value.flatMap((part) => (isComputed(part) || !part.names ? [] : [part.names.name]))[0];
  if (computed || shared === undefined) {
    return computedListNotEditable(attrpath, computed?.reason, work, placeOf(file, text, computed ?? binding));
  }
  const line = kind === 'add' ? longerBinding(text.slice(binding.start, binding.end), names) : undefined;
  return sharedListNotEditable(attrpath, shared, line ?? work, placeOf(file, text, binding));
}

/** An edit as an instruction to the user. */
export function byHand(kind: 'add' | 'remove', names: readonly string[]): string {
  return names.map((name) => (kind === 'add' ? `add the line ${quote(name)}` : `remove ${quote(name)}`)).join(', ');
}

/** The source of a binding on one line, with names appended to its value; `undefined` where it is another expression. */
function longerBinding(source: string, names: readonly string[]): string | undefined {
  const value = /^[^\n]*=\s*[\w'.() +[\]"-]*(?=;$)/.exec(source)?.[0];
  return value === undefined ? undefined : `write ${value} ++ [ ${names.map(quote).join(' ')} ];`;
}
