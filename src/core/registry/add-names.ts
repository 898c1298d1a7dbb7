import { WhisperError } from '../errors.ts';
import { quote } from '../nix/quote.ts';
import { addEntries, possibleElements, type Addition } from './edit.ts';
import type { Reading, ReadOptions } from './registry.ts';
import {
  applyStep,
  editableLists,
  isSameValue,
  refuseComputed,
  valuesOf,
  type Parse,
  type Step,
  type Values,
} from './step.ts';
import type { TextEdit } from './text-edit.ts';

// Each costs a reading of the whole text.
const MAX_TRIALS = 50;
const MAX_TRIED_CHARACTERS = 2_000_000;

/** Makes names active in the editable lists, in their order. */
export function addNames(
  reading: Reading,
  names: readonly string[],
  evaluated: readonly string[],
  parse: Parse,
  options: ReadOptions,
): { readonly text: string; readonly outcomes: ReadonlyMap<string, Addition> } {
  const outcomes = new Map<string, Addition>(names.map((name) => [name, 'present']));
  const listed = new Set<string | null>([...evaluated, ...valuesOf(reading)]);
  const unlisted = [...outcomes.keys()].filter((name) => !listed.has(name));
  let current = reading;
  let trials = Math.floor(MAX_TRIED_CHARACTERS / (reading.text.length + 1));
  // The first that is appended shows how the others are: those are one step.
  let isSettled = false;
  for (let at = 0, next = unlisted[0]; next !== undefined; next = unlisted[at]) {
    const lists = editableLists(current);
    if (lists.length === 0) throw refuseComputed(current, byHand([next]));
    const possible = possibleElements(current.text, lists).slice(0, Math.min(MAX_TRIALS, trials));
    const isAlone = !isSettled || possible.length > 0;
    const { how, edits, added } = addEntries(current.text, lists, unlisted.slice(at, isAlone ? at + 1 : undefined));
    const before = current;
    const tried = (edit: TextEdit): Reading | undefined => tryStep(before, additionStep([edit], added), parse, options);
    const restored = how === 'appended' ? firstOf(possible, tried) : undefined;
    if (how === 'appended') trials -= possible.length;
    current = restored ?? applyStep(current, additionStep(edits, added), parse, options);
    isSettled = how === 'appended' && !restored;
    for (const name of added) outcomes.set(name, restored ? 'uncommented' : how);
    at += added.length;
  }
  return { text: current.text, outcomes };
}

/** The names are nowhere in the value before. */
function additionStep(edits: readonly TextEdit[], names: readonly string[]): Step {
  const wanted = new Set<string | null>(names);
  const accepts = (before: Values, after: Values): boolean => {
    const [kept, found] = [after.filter((value) => !wanted.has(value)), after.filter((value) => wanted.has(value))];
    return found.length === wanted.size && new Set(found).size === wanted.size && isSameValue(kept, before);
  };
  return { edits, accepts, byHand: byHand(names) };
}

function byHand(names: readonly string[]): string {
  return names.map((name) => `add the line ${quote(name)}`).join(', ');
}

/** Turns a commented line back on that is no plain string; `undefined`: it does not come to the name, so it is just words. */
function tryStep(before: Reading, step: Step, parse: Parse, options: ReadOptions): Reading | undefined {
  try {
    return applyStep(before, step, parse, options);
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    return undefined;
  }
}

function firstOf<T, U>(all: readonly T[], find: (each: T) => U | undefined): U | undefined {
  for (const each of all) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
