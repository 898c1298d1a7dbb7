import { asWritten, type NameOf, shortName } from '../../catalogue/names.ts';
import { WhisperError } from '../../errors.ts';
import type { Reading, ReadOptions } from '../registry.ts';
import {
  type Added,
  addEntries,
  type Addition,
  endOfEdits,
  possibleElements,
  removeElement,
  type Spelling,
} from './edit.ts';
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
  /** The same change as an instruction to the user; empty where there is none. */
  readonly byHand: string;
}

/** What is known about a list besides its text. */
export interface Known {
  /** The whole list as Nix evaluated it, where a part of it is computed. */
  readonly evaluated?: readonly string[];
  /** What its entries mean. The names of a change are what this returns for them. */
  readonly nameOf?: NameOf;
}

/**
 * Changes the list by text edits inside its brackets, with as many names in one step as do not affect each other's edits, and
 * checks each step by reading the new text again. Throws `registry-edit-refused` (exit 3) where the new text has any other
 * value.
 */
export function changeRegistry(
  reading: Reading,
  change: Change,
  parse: Parse,
  options: ReadOptions,
  { evaluated = [], nameOf = asWritten }: Known = {},
): Changed {
  const { names } = change;
  const work: string[] = [];
  const apply: Apply = (before, step) => {
    const after = applyStep(before, step, parse, options);
    work.push(step.byHand);
    return after;
  };
  const known = { evaluated, nameOf };
  const { text, outcomes } =
    change.kind === 'add' ? addNames(reading, names, known, apply) : removeNames(reading, change, known, apply);
  return {
    text,
    entries: names.map((name) => ({ name, how: outcomes.get(name) ?? 'absent' })),
    byHand: work.join(', '),
  };
}

type Apply = (before: Reading, step: Step) => Reading;
type Result<How> = { readonly text: string; readonly outcomes: ReadonlyMap<string, How> };

// Each trial reads the whole text.
const MAX_TRIALS = 50;
const MAX_TRIED_CHARACTERS = 2_000_000;

function addNames(
  reading: Reading,
  names: readonly string[],
  { evaluated, nameOf }: Required<Known>,
  apply: Apply,
): Result<Addition> {
  const outcomes = new Map<string, Addition>(names.map((name) => [name, 'present']));
  const values = [...evaluated, ...valuesOf(reading)].filter((value) => value !== null);
  const listed = new Set(values.map(nameOf));
  const areShort = values.length > 0 && values.every((value) => nameOf(value) !== value);
  // Some file names have no short name.
  const hasShort = (name: string): boolean => nameOf(shortName(name)) === name;
  const spelling: Spelling = { nameOf, write: (name) => (areShort && hasShort(name) ? shortName(name) : name) };
  const unlisted = [...outcomes.keys()].filter((name) => !listed.has(name));
  let current = reading;
  let trials = Math.floor(MAX_TRIED_CHARACTERS / (reading.text.length + 1));
  // The first appended name sets the style, so all others can follow in one step.
  let isStyleKnown = false;
  for (let at = 0, next = unlisted[0]; next !== undefined; next = unlisted[at]) {
    const lists = editableLists(current);
    if (lists.length === 0) throw refuseEdit(current, 'add', [spelling.write(next)]);
    const possible = possibleElements(current.text, lists).slice(0, Math.min(MAX_TRIALS, trials));
    const isAlone = !isStyleKnown || possible.length > 0;
    const waiting = unlisted.slice(at, isAlone ? at + 1 : undefined);
    const { how, edits, added } = addEntries(current.text, lists, waiting, spelling);
    const before = current;
    const tried = (edit: TextEdit): Reading | undefined =>
      tryStep(before, additionStep([edit], added, nameOf, 'any'), apply);
    const restored = how === 'appended' ? firstOf(possible, tried) : undefined;
    if (how === 'appended') trials -= possible.length;
    current = restored ?? apply(current, additionStep(edits, added, nameOf, 'exact'));
    isStyleKnown = how === 'appended' && !restored;
    for (const { name } of added) outcomes.set(name, restored ? 'uncommented' : how);
    at += added.length;
  }
  return { text: current.text, outcomes };
}

/** The names are nowhere in the value before, in no spelling. `spelling`: whether the new text must have the given one. */
function additionStep(
  edits: readonly TextEdit[],
  added: readonly Added[],
  nameOf: NameOf,
  spelling: 'exact' | 'any',
): Step {
  const wanted = new Map(added.map(({ name, value }) => [name, value]));
  const isAdded = (value: string | null): value is string => value !== null && wanted.has(nameOf(value));
  const accepts = (before: Values, after: Values): boolean => {
    const [kept, found] = [after.filter((value) => !isAdded(value)), after.filter(isAdded)];
    const isSpelled = spelling === 'any' || found.every((value) => wanted.get(nameOf(value)) === value);
    const isOnce = found.length === wanted.size && new Set(found.map(nameOf)).size === wanted.size;
    return isOnce && isSpelled && isSameValue(kept, before);
  };
  return {
    edits,
    accepts,
    byHand: byHand(
      'add',
      added.map(({ value }) => value),
    ),
  };
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
  { evaluated, nameOf }: Required<Known>,
  apply: Apply,
): Result<'removed'> {
  const [all, literal] = [countOf(evaluated, nameOf), countOf(valuesOf(reading), nameOf)];
  // Names in computed parts would stay in the list.
  const inComputed = names.find((name) => (all.get(name) ?? 0) > (literal.get(name) ?? 0));
  if (inComputed !== undefined) throw refuseEdit(reading, 'remove', [inComputed]);
  const wanted = new Set(names);
  const isWanted = (value: string): boolean => wanted.has(nameOf(value));
  const outcomes = new Map<string, 'removed'>();
  let current = reading;
  for (let round = nextRound(current, isWanted, how); round; round = nextRound(current, isWanted, how)) {
    current = apply(current, round);
    for (const value of round.values) outcomes.set(nameOf(value), 'removed');
  }
  const stuck = valuesOf(current).find((value) => value !== null && isWanted(value));
  if (stuck !== undefined && stuck !== null) throw refuseEdit(current, 'remove', [stuck]);
  return { text: current.text, outcomes };
}

interface Round extends Step {
  readonly values: ReadonlySet<string>;
}

/** The edits for as many elements as can be removed without changing the same blanks; `undefined`: none is left. */
function nextRound(
  reading: Reading,
  isWanted: (value: string) => boolean,
  how: 'comment' | 'delete',
): Round | undefined {
  const edits: TextEdit[] = [];
  const removed = new Map<number, string>();
  let free = 0;
  for (const list of inOrder(editableLists(reading))) {
    for (const [index, element] of list.elements.entries()) {
      const own = isWanted(element.value) ? removeElement(reading.text, list, index, how) : [];
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
  const values = new Set(removed.values());
  return { edits, accepts, byHand: byHand('remove', [...values]), values };
}

/** How often each name is listed; parts that Nix computes do not count. */
function countOf(values: Values, nameOf: NameOf): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value === null) continue;
    const name = nameOf(value);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
