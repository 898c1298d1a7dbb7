import { isShortName, printable } from '../catalogue/names.ts';

/** What `check` finds in a list and its lock file. `name`: an entry as it is written. */

const LOCK = 'whisper lock';
const REPAIR = 'whisper verify --repair';

export function invalidFileName(name: string): string {
  const orShort = isShortName(name) ? ' or the short name of a known model' : '';
  return printable(`"${name}" is not a model file name${orShort}`);
}

export function retiredName(name: string): string {
  return printable(`${name} is ambiguous: upstream no longer uses this name for one of the large models`);
}

export function neverPublished(name: string): string {
  return printable(`${name} was never published: this model has other quantisations`);
}

export function notInCatalogue(name: string): string {
  return printable(`${name} is not in the catalogue`);
}

/** `value`: as it is written. */
export interface ListedEntry {
  readonly value: string;
  readonly line: number | null;
}

/** `first`: the entry that it repeats. */
export function duplicateEntry(name: string, first: ListedEntry): string {
  return printable(`${name} is already listed${whereIs(first, name)}`);
}

/** An entry that means another file name; `problem`: what is wrong with it. */
export function correctionAlreadyListed(problem: string, meant: string, first: ListedEntry): string {
  return printable(`${problem}; the correct name "${meant}" is already listed${whereIs(first, meant)}`);
}

export function withSuggestion(problem: string, meant: string): string {
  return printable(`${problem}; did you mean "${meant}"?`);
}

function whereIs({ line, value }: ListedEntry, known: string): string {
  const as = value === known ? '' : `, as "${value}"`;
  return line === null ? as : `${as}, on line ${line}`;
}

export function activeNotPinned(name: string): string {
  return `${name} is active but not pinned in the lock file; run ${LOCK} to pin it`;
}

export function pinnedNotActive(name: string): string {
  return `${name} is pinned in the lock file but not active; run ${LOCK} to remove the pin`;
}

export function differsFromPin(name: string): string {
  return `${name} in the models directory does not match the lock file; run ${REPAIR} to download it again`;
}

/** `known`: the values of the catalogue, by field. */
export function pinContradictsCatalogue(name: string, known: readonly (readonly [string, string | number])[]): string {
  const others = known.map(([field, value]) => `the ${field} ${value}`).join(' and ');
  return `the catalogue has ${others} for ${name} at the same commit; delete the entry, then run ${LOCK}`;
}

/** `key`: the attribute name of a source. */
export function unlistedSource(key: string): string {
  return printable(`modelSources declares ${key}, which is not in the list`);
}

export function sourceWithoutPin(key: string, lacks: 'hash' | 'size'): string {
  return printable(`The source of ${key} has no ${lacks}`);
}
