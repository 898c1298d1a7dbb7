import { printable } from '../catalogue/names.ts';

/** What `check` finds in a list and its lock file. `name` is what the list says. */

const LOCK = 'whisper lock';
const REPAIR = 'whisper verify --repair';

export function invalidFileName(name: string): string {
  return printable(`"${name}" is no model file name`);
}

export function retiredName(name: string): string {
  return printable(`${name} is a name that upstream has given up: it stood for one large model after another`);
}

export function neverPublished(name: string): string {
  return printable(`${name} never existed: upstream quantises this model another way`);
}

export function notInCatalogue(name: string): string {
  return printable(`${name} is not in the catalogue`);
}

/** An entry of a list, with its line where it has one. */
export interface ListedEntry {
  readonly name: string;
  readonly line: number | null;
}

/** `first`: the entry that says the same. */
export function duplicateEntry(name: string, first: ListedEntry): string {
  return printable(`${name} is listed already${whereIs(first, name)}`);
}

/** A name that is wrong, and right would be one that is there; `problem`: what is wrong. */
export function correctionAlreadyListed(problem: string, meant: string, first: ListedEntry): string {
  return printable(`${problem}; it means "${meant}", which is listed already${whereIs(first, meant)}`);
}

export function withSuggestion(problem: string, meant: string): string {
  return printable(`${problem}; did you mean "${meant}"?`);
}

/** Where an entry is, and under which name if it is another one. */
function whereIs({ line, name }: ListedEntry, known: string): string {
  const as = name === known ? '' : `, as "${name}"`;
  return line === null ? as : `${as}, on line ${line}`;
}

export function activeNotPinned(name: string): string {
  return `${name} is active, and the lock file does not pin it; ${LOCK} does`;
}

export function pinnedNotActive(name: string): string {
  return `${name} is pinned and not active; ${LOCK} takes it out`;
}

export function differsFromPin(name: string): string {
  return `${name} has other bytes in the models directory than the lock file pins; ${REPAIR} fetches those`;
}

/** `known`: what the catalogue has instead, by field. */
export function pinContradictsCatalogue(name: string, known: readonly (readonly [string, string | number])[]): string {
  const others = known.map(([field, value]) => `another ${field} (${value})`).join(' and ');
  return `the catalogue has ${others} for ${name} at this very commit; take the entry out, then run ${LOCK}`;
}
