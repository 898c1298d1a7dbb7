import { asPinned, type PinnedEntry } from '../catalogue/entries.ts';
import { toSri } from '../catalogue/sha256-forms.ts';
import { ORIGIN_FIELDS, originOf } from '../catalogue/origin.ts';
import { invalidLockFile } from '../messages/edits.ts';
import { LOCK_VERSION, readLockFile } from './lockfile.ts';

interface LockChange {
  /** The file names of the models that belong in it: entries of others are removed. */
  readonly models: ReadonlySet<string>;
  /** Pins for the models that it has no entry of. An existing entry keeps its pin. */
  readonly known: ReadonlyMap<string, PinnedEntry>;
  /** Pins that were verified just now: they replace those of existing entries. */
  readonly verified?: ReadonlyMap<string, PinnedEntry>;
}

/** A changed lock file. Names are file names, sorted. */
export interface LockUpdate {
  /** The text that was read, unchanged, where it has all of this already. */
  readonly text: string;
  readonly pins: readonly PinnedEntry[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly kept: readonly string[];
  /** Models that belong in it but have no known pin. */
  readonly lacking: readonly string[];
}

/** An entry, and the offset where it begins in the text. */
interface LockedEntry {
  readonly pin: PinnedEntry;
  readonly start: number;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The text of a lock file with entries added, removed and sorted by file name; without a text, a new one. Fields that this
 * program does not know keep their values; a number is read as the nearest one of 64 bits. Throws `bad-lock-file` where the
 * text is not a valid lock file, or where a value would be lost.
 */
export function updateLock(path: string, text: string | undefined, change: LockChange): LockUpdate {
  const { models, known, verified = new Map<string, PinnedEntry>() } = change;
  const { document, entries } = readDocument(path, text ?? '{"models": []}');
  const pinOf = (file: string): PinnedEntry | undefined => verified.get(file) ?? known.get(file);
  const existing = new Set(entries.map(({ pin }) => pin.file));
  const missing = [...models].filter((file) => !existing.has(file));
  const kept = entries
    .filter(({ pin }) => models.has(pin.file))
    .map(({ pin, fields }) => ({ pin: verified.get(pin.file) ?? pin, fields }));
  const added = missing.flatMap((file) => pinOf(file) ?? []).map((pin) => ({ pin, fields: {} }));
  const list = [...kept, ...added].toSorted((a, b) => compare(a.pin.file, b.pin.file));
  const after = {
    ...(!Object.hasOwn(document, 'version') && { version: LOCK_VERSION }),
    ...document,
    models: list.map(({ pin, fields }) => withPin(fields, pin)),
  };
  return {
    text: text !== undefined && JSON.stringify(document) === JSON.stringify(after) ? text : print(after, text),
    pins: list.map(({ pin }) => pin),
    added: added.map(({ pin }) => pin.file).toSorted(compare),
    removed: [...existing].filter((file) => !models.has(file)).toSorted(compare),
    kept: kept.map(({ pin }) => pin.file).toSorted(compare),
    lacking: missing.filter((file) => pinOf(file) === undefined).toSorted(compare),
  };
}

/** The entries of a lock file with their offsets. Throws `bad-lock-file` as `updateLock` does. */
export function lockedEntries(path: string, text: string): readonly LockedEntry[] {
  return readDocument(path, text).entries;
}

function readDocument(
  path: string,
  text: string,
): { readonly document: Fields; readonly entries: readonly (LockedEntry & { readonly fields: Fields })[] } {
  const { entries: pinned, document } = readLockFile(path, text);
  const offsets = entryOffsets(path, text);
  const models = document['models'] as readonly Fields[];
  const entries = pinned.map((entry, index) => {
    const [pin, fields, start] = [asPinned(entry), models[index], offsets[index]];
    if (!pin || !fields || start === undefined) throw invalidLockFile(path, `models[${index}] is not a valid entry`);
    return { pin, fields, start };
  });
  return { document, entries };
}

/** A string, with the colon after it if it is a name, a number, or a bracket. Words and commas are skipped. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|-?\d[\d.eE+-]*|[{}[\]]/g;
/** `JSON.stringify` recurses, so deeper nesting could exhaust the stack. */
const MAX_DEPTH = 100;
const ENTRY_DEPTH = 3;

// Throws `bad-lock-file` where an object has a name twice, of which only one value would be kept and readers of JSON do not
// agree on which, and where a number is too large to be written again.
function entryOffsets(path: string, text: string): readonly number[] {
  const offsets: number[] = [];
  /** The names of each object around the token; those of a list stay empty. */
  const names: Set<string>[] = [];
  let field = '';
  for (const { 0: token, 1: quoted = '', 2: colon, index } of text.matchAll(TOKEN)) {
    const known = names.at(-1);
    if (colon !== undefined) {
      const name = JSON.parse(quoted) as string;
      if (names.length === 1) field = name;
      const where = field === 'models' && names.length === ENTRY_DEPTH ? `models[${offsets.length - 1}]` : 'it';
      if (known?.has(name) === true) throw invalidLockFile(path, `${where} has "${name}" twice`);
      known?.add(name);
    } else if (token === '{' || token === '[') {
      names.push(new Set());
      if (names.length > MAX_DEPTH) throw invalidLockFile(path, `it is nested more than ${MAX_DEPTH} levels deep`);
      if (names.length === ENTRY_DEPTH && field === 'models') offsets.push(index);
    } else if (token === '}' || token === ']') names.pop();
    else if (quoted === '' && !Number.isFinite(Number(token)))
      throw invalidLockFile(path, `the number ${token} is too large`);
  }
  return offsets;
}

function withPin(fields: Fields, pin: PinnedEntry): Fields {
  const { file, size, sha256 } = pin;
  const after = { ...fields, file, ...originOf(pin), size, sha256: toSri(sha256) };
  // A model may come from elsewhere than before.
  const gone = ORIGIN_FIELDS.filter((name) => !Object.hasOwn(originOf(pin), name));
  return Object.fromEntries(Object.entries(after).filter(([name]) => !gone.some((each) => each === name)));
}

function print(document: Fields, before: string | undefined): string {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  return before !== undefined && /^[^\n]*\r\n/.test(before) ? text.replaceAll('\n', '\r\n') : text;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
