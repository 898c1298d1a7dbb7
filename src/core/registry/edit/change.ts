import { WhisperError } from '../../errors.ts';
import type { Reading, ReadOptions } from '../registry.ts';
import { addEntries, type Addition, endOfEdits, possibleElements, removeElement } from './edit.ts';
import type { Parse } from '../syntax.ts';
import type { TextEdit } from './layout.ts';
import {
  applyStep,
  byHand,
  editableLists,
  inOrder,
  isSameValue,
  refuseEdit,
  type Step,
  type Values,
  valuesAfter,
  valuesOf,
} from './step.ts';

export type Change =
  | { readonly kind: 'add'; readonly names: readonly string[] }
  | { readonly kind: 'remove'; readonly names: readonly string[]; readonly how: 'comment' | 'delete' };

export type Outcome = Addition | 'removed' | 'absent';

/** A changed registry text, read again and found to have exactly the value that was asked for. */
export interface Changed {
  readonly text: string;
  /** What happened to each name of the change, in its order. */
  readonly entries: readonly { readonly name: string; readonly how: Outcome }[];
}

/**
 * Changes the list by text edits inside its brackets, with as many names in one step as do not affect each other's edits, and
 * checks each step by reading the new text again. Throws `registry-edit-refused` (exit 3) where the new text has any other
 * value. `evaluated`: the whole list as Nix evaluated it, where a part of it is computed.
 */
export function changeRegistry(
  reading: Reading,
  change: Change,
  parse: Parse,
  options: ReadOptions,
  evaluated: readonly string[] = [],
): Changed {
  const { names } = change;
  const apply: Apply = (before, step) => applyStep(before, step, parse, options);
  const { text, outcomes } =
    change.kind === 'add' ? addNames(reading, names, evaluated, apply) : removeNames(reading, change, evaluated, apply);
  return { text, entries: names.map((name) => ({ name, how: outcomes.get(name) ?? 'absent' })) };
}

type Apply = (before: Reading, step: Step) => Reading;
type Result<How> = { readonly text: string; readonly outcomes: ReadonlyMap<string, How> };

// Each trial reads the whole text.
const MAX_TRIALS = 50;
const MAX_TRIED_CHARACTERS = 2_000_000;

function addNames(
  reading: Reading,
  names: readonly string[],
  evaluated: readonly string[],
  apply: Apply,
): Result<Addition> {
  const outcomes = new Map<string, Addition>(names.map((name) => [name, 'present']));
  const listed = new Set<string | null>([...evaluated, ...valuesOf(reading)]);
  const unlisted = [...outcomes.keys()].filter((name) => !listed.has(name));
  let current = reading;
  let trials = Math.floor(MAX_TRIED_CHARACTERS / (reading.text.length + 1));
  // The first appended name sets the style, so all others can follow in one step.
  let isStyleKnown = false;
  for (let at = 0, next = unlisted[0]; next !== undefined; next = unlisted[at]) {
    const lists = editableLists(current);
    if (lists.length === 0) throw refuseEdit(current, 'add', [next]);
    const possible = possibleElements(current.text, lists).slice(0, Math.min(MAX_TRIALS, trials));
    const isAlone = !isStyleKnown || possible.length > 0;
    const { how, edits, added } = addEntries(current.text, lists, unlisted.slice(at, isAlone ? at + 1 : undefined));
    const before = current;
    const tried = (edit: TextEdit): Reading | undefined => tryStep(before, additionStep([edit], added), apply);
    const restored = how === 'appended' ? firstOf(possible, tried) : undefined;
    if (how === 'appended') trials -= possible.length;
    current = restored ?? apply(current, additionStep(edits, added));
    isStyleKnown = how === 'appended' && !restored;
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
  return { edits, accepts, byHand: byHand('add', names) };
}

/** Uncomments a line that is not a plain string; `undefined`: it does not evaluate to the name, so it stays a comment. */
function tryStep(before: Reading, step: Step, apply: Apply): Reading | undefined {
  try {
    return apply(before, step);
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

function removeNames(
  reading: Reading,
  { names, how }: Extract<Change, { kind: 'remove' }>,
  evaluated: readonly string[],
  apply: Apply,
): Result<'removed'> {
  const [all, literal] = [countOf(evaluated), countOf(valuesOf(reading))];
  // Names in computed parts would stay in the list.
  const inComputed = names.find((name) => (all.get(name) ?? 0) > (literal.get(name) ?? 0));
  if (inComputed !== undefined) throw refuseEdit(reading, 'remove', [inComputed]);
  const wanted = new Set(names);
  const outcomes = new Map<string, 'removed'>();
  let current = reading;
  for (let round = nextRound(current, wanted, how); round; round = nextRound(current, wanted, how)) {
    current = apply(current, round);
    for (const name of round.names) outcomes.set(name, 'removed');
  }
  const left = new Set(valuesOf(current));
  const stuck = names.find((name) => left.has(name));
  if (stuck !== undefined) throw refuseEdit(current, 'remove', [stuck]);
  return { text: current.text, outcomes };
}

interface Round extends Step {
  readonly names: ReadonlySet<string>;
}

/** The edits for as many elements as can be removed without changing the same blanks; `undefined`: none is left. */
function nextRound(reading: Reading, wanted: ReadonlySet<string>, how: 'comment' | 'delete'): Round | undefined {
  const edits: TextEdit[] = [];
  const removed = new Map<number, string>();
  let free = 0;
  for (const list of inOrder(editableLists(reading))) {
    for (const [index, element] of list.elements.entries()) {
      const own = wanted.has(element.value) ? removeElement(reading.text, list, index, how) : [];
      const [first] = own;
      if (!first || first.start < free) continue;
      edits.push(...own);
      free = endOfEdits(reading.text, element, own);
      removed.set(element.start, element.value);
    }
  }
  if (removed.size === 0) return undefined;
  const kept = valuesAfter(reading, ({ start, value }) => (removed.has(start) ? undefined : value));
  const accepts = (before: Values, after: Values): boolean =>
    after.length === before.length - removed.size && isSameValue(after, kept);
  const names = new Set(removed.values());
  return { edits, accepts, byHand: byHand('remove', [...names]), names };
}

function countOf(values: Values): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
