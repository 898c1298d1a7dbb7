import { WhisperError } from '../errors.ts';
import { computedEdit, editRefused } from '../messages/edits.ts';
import { placeOf } from './diagnostic.ts';
import { addEntry, possibleElements, removeElement, type Addition } from './edit.ts';
import { isComputed, type StringList } from './list.ts';
import { quote } from '../nix/quote.ts';
import { readStatically } from './read-registry.ts';
import { literalLists, type Reading, type ReadOptions } from './registry.ts';
import type { SyntaxNode } from './syntax.ts';
import { applyEdits, type TextEdit } from './text-edit.ts';
import type { ListPart } from './value.ts';

/** Parses Nix source text; never throws. */
export type Parse = (text: string) => SyntaxNode;

export type Change =
  | { readonly kind: 'add'; readonly names: readonly string[] }
  | { readonly kind: 'remove'; readonly names: readonly string[]; readonly how: 'comment' | 'delete' };

export type Outcome = Addition | 'removed' | 'absent';

/** A changed registry text, read again and found to say exactly what was asked for. */
export interface Changed {
  readonly text: string;
  /** What happened to each name of the change, in its order. */
  readonly entries: readonly { readonly name: string; readonly how: Outcome }[];
}

/** One edit of a list, and what it has to come to: the values before and after, `null` for a part that Nix computes. */
export interface Step {
  readonly edits: readonly TextEdit[];
  readonly accepts: (before: Values, after: Values) => boolean;
  /** What a person would do by hand. */
  readonly byHand: string;
}

export type Values = readonly (string | null)[];

/**
 * Makes a change of the list as text edits inside its brackets, one name after the other, each checked by reading the
 * new text again. Throws `registry-edit-refused` (exit 3) rather than hand out a text that says anything else.
 * `evaluated`: the whole list as Nix has it, where a part of it is computed.
 */
export function changeRegistry(
  reading: Reading,
  change: Change,
  parse: Parse,
  options: ReadOptions,
  evaluated: readonly string[] = [],
): Changed {
  let current = reading;
  const entries = change.names.map((name) => {
    let how: Outcome | undefined;
    // What Nix puts into the list beside the literal parts would stay in it.
    const isComputedIn = countOf(evaluated, name) > countOf(valuesOf(current), name);
    if (change.kind === 'remove' && isComputedIn) throw refuseComputed(current, `take ${quote(name)} out`);
    // A name that is listed twice is removed in two steps, each seen by the next.
    for (;;) {
      const next = change.kind === 'add' ? additionOf(current, name, evaluated) : removalOf(current, name, change.how);
      const restored = next.how === 'appended' ? turnBackOn(current, name, parse, options) : undefined;
      how ??= restored ? 'uncommented' : next.how;
      if (!next.step) break;
      current = restored ?? applyStep(current, next.step, parse, options);
    }
    return { name, how };
  });
  return { text: current.text, entries };
}

/** Applies one edit and reads the text that it gives; throws `registry-edit-refused` where it says anything else. */
export function applyStep(before: Reading, step: Step, parse: Parse, options: ReadOptions): Reading {
  const list = literalLists(before.value).find(({ start, end }) =>
    step.edits.every((edit) => start < edit.start && edit.end < end),
  );
  const text = applyEdits(before.text, step.edits);
  const after = readAgain(text, before, step, parse, options);
  const grown = text.length - before.text.length;
  const keepsPlace =
    list && literalLists(after.value).some(({ start, end }) => start === list.start && end === list.end + grown);
  if (!keepsPlace || !step.accepts(valuesOf(before), valuesOf(after))) throw refusal(before, step);
  return after;
}

/**
 * The lists that an edit may change. Where a part of the value is computed, that part must not see them: such a list is
 * written where it is used, or has a name that is used nowhere else.
 */
export function editableLists({ text, value }: Reading): readonly StringList[] {
  if (!value.some(isComputed)) return literalLists(value);
  const isOwn = (part: ListPart): boolean => part.names.every((name) => occurrences(text, name) === 2);
  return value.flatMap((part) => (!isComputed(part) && isOwn(part) ? [part.list] : []));
}

// More commented lines than anybody keeps in a list; each costs a reading.
const MAX_TRIALS = 50;

/** Turns a commented line back on that is no plain string and yet comes to the name; `undefined` where there is none. */
function turnBackOn(before: Reading, name: string, parse: Parse, options: ReadOptions): Reading | undefined {
  const edits = possibleElements(before.text, editableLists(before)).slice(0, MAX_TRIALS);
  for (const edit of edits) {
    try {
      return applyStep(before, additionStep([edit], name), parse, options);
    } catch (error) {
      // Just words, then.
      if (!(error instanceof WhisperError)) throw error;
    }
  }
  return undefined;
}

interface Next {
  readonly how: Outcome;
  /** `undefined`: nothing is left to do for this name. */
  readonly step: Step | undefined;
}

function additionOf(reading: Reading, name: string, evaluated: readonly string[]): Next {
  const isListed = evaluated.includes(name) || valuesOf(reading).includes(name);
  if (isListed) return { how: 'present', step: undefined };
  const lists = editableLists(reading);
  const { how, edits } = addEntry(reading.text, lists, name);
  const step = additionStep(edits, name);
  if (lists.length === 0) throw refuseComputed(reading, step.byHand);
  return { how, step };
}

function additionStep(edits: readonly TextEdit[], name: string): Step {
  const accepts = (before: Values, after: Values): boolean =>
    after.some((value, at) => value === name && isSameValue(after.toSpliced(at, 1), before));
  return { edits, accepts, byHand: `add the line ${quote(name)}` };
}

function removalOf(reading: Reading, name: string, how: 'comment' | 'delete'): Next {
  for (const list of editableLists(reading)) {
    const index = list.elements.findIndex(({ value }) => value === name);
    if (index < 0) continue;
    const edits = removeElement(reading.text, list, index, how);
    const accepts = (before: Values, after: Values): boolean =>
      before.some((value, at) => value === name && isSameValue(before.toSpliced(at, 1), after));
    return { how: 'removed', step: { edits, accepts, byHand: `take ${quote(name)} out` } };
  }
  if (valuesOf(reading).includes(name)) throw refuseComputed(reading, `take ${quote(name)} out`);
  return { how: 'absent', step: undefined };
}

function valuesOf({ value }: Reading): Values {
  return value.flatMap((part) => (isComputed(part) ? [null] : part.list.elements.map((element) => element.value)));
}

function countOf(values: Values, name: string): number {
  return values.filter((value) => value === name).length;
}

export function isSameValue(one: Values, other: Values): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** How often a name stands in the text, comments and strings included. */
function occurrences(text: string, name: string): number {
  const word = name.replace(/[^a-zA-Z0-9_]/g, '\\$&');
  return text.match(new RegExp(`(?<![\\w'-])${word}(?![\\w'-])`, 'g'))?.length ?? 0;
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

function refuseComputed({ file, text, value, binding, attrpath }: Reading, byHand: string): WhisperError {
  const computed = value.find(isComputed);
  return computedEdit(attrpath, computed?.reason, byHand, placeOf(file, text, computed ?? binding));
}
