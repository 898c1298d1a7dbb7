import { quote } from '../nix/quote.ts';
import type { Change } from './change.ts';
import { endOfEdits, removeElement } from './edit.ts';
import { isComputed } from './list.ts';
import type { Reading, ReadOptions } from './registry.ts';
import {
  applyStep,
  editableLists,
  inOrder,
  isSameValue,
  refuseComputed,
  valuesOf,
  type Parse,
  type Step,
  type Values,
} from './step.ts';
import type { TextEdit } from './text-edit.ts';

/** Takes names out of the editable lists, each as often as it is there. */
export function removeNames(
  reading: Reading,
  { names, how }: Extract<Change, { kind: 'remove' }>,
  evaluated: readonly string[],
  parse: Parse,
  options: ReadOptions,
): { readonly text: string; readonly outcomes: ReadonlyMap<string, 'removed'> } {
  const [all, literal] = [countOf(evaluated), countOf(valuesOf(reading))];
  // What Nix puts into the list beside the literal parts would stay in it.
  const inComputed = names.find((name) => (all.get(name) ?? 0) > (literal.get(name) ?? 0));
  if (inComputed !== undefined) throw refuseComputed(reading, byHand([inComputed]));
  const wanted = new Set(names);
  const outcomes = new Map<string, 'removed'>();
  let current = reading;
  for (let round = nextRound(current, wanted, how); round; round = nextRound(current, wanted, how)) {
    current = applyStep(current, round, parse, options);
    for (const name of round.names) outcomes.set(name, 'removed');
  }
  const left = new Set(valuesOf(current));
  const stuck = names.find((name) => left.has(name));
  if (stuck !== undefined) throw refuseComputed(current, byHand([stuck]));
  return { text: current.text, outcomes };
}

interface Round extends Step {
  readonly names: ReadonlySet<string>;
}

/** The edits for as many elements as can go without changing the same blanks; `undefined`: none is left. */
function nextRound(reading: Reading, wanted: ReadonlySet<string>, how: 'comment' | 'delete'): Round | undefined {
  const edits: TextEdit[] = [];
  const going = new Map<number, string>();
  let free = 0;
  for (const list of inOrder(editableLists(reading))) {
    for (const [index, element] of list.elements.entries()) {
      const own = wanted.has(element.value) ? removeElement(reading.text, list, index, how) : [];
      const [first] = own;
      if (!first || first.start < free) continue;
      edits.push(...own);
      free = endOfEdits(reading.text, element, own);
      going.set(element.start, element.value);
    }
  }
  if (going.size === 0) return undefined;
  const kept = valuesWithout(reading, going);
  const accepts = (before: Values, after: Values): boolean =>
    after.length === before.length - going.size && isSameValue(after, kept);
  const names = new Set(going.values());
  return { edits, accepts, byHand: byHand([...names]), names };
}

/** The values without the elements at some offsets. */
function valuesWithout({ value }: Reading, going: ReadonlyMap<number, string>): Values {
  return value.flatMap((part) => {
    if (isComputed(part)) return [null];
    return part.list.elements.flatMap((element) => (going.has(element.start) ? [] : [element.value]));
  });
}

function byHand(names: readonly string[]): string {
  return names.map((name) => `take ${quote(name)} out`).join(', ');
}

function countOf(values: Values): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
