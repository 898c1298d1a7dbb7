import { asPinned, type PinnedEntry, toSri } from '../catalogue/entries.ts';
import { invalidLockFile } from '../messages/edits.ts';
import {
  type JsonList,
  type JsonMember,
  type JsonNode,
  type JsonObject,
  jsonTreeOf,
  memberOf,
  parseJsonTree,
  printJsonTree,
} from './json-tree.ts';
import { LOCK_VERSION, readLockFile } from './lockfile.ts';

/** What a lock file is to say. */
export interface LockChange {
  /** The file names of the models that belong in it: entries of others go. */
  readonly models: ReadonlySet<string>;
  /** What is known of models, for those that it has no entry of. An entry that is there stays pinned to what it says. */
  readonly known: ReadonlyMap<string, PinnedEntry>;
  /** What was verified just now: their entries say exactly that. */
  readonly verified?: ReadonlyMap<string, PinnedEntry>;
}

/** A changed lock file. Names are file names, sorted. */
export interface LockUpdate {
  /** The very text that was read, where that says everything already. */
  readonly text: string;
  readonly pins: readonly PinnedEntry[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly kept: readonly string[];
  /** Models that belong in it and of which nothing is known. */
  readonly lacking: readonly string[];
}

/** An entry, and where it begins in the text. */
export interface LockedEntry {
  readonly pin: PinnedEntry;
  readonly start: number;
}

const PIN_FIELDS = ['file', 'repo', 'revision', 'size', 'sha256'];

/**
 * The text of a lock file with entries added, removed and sorted by file name; without a text, a new one. What this program
 * does not know stays as it is written: other fields, their order, digits that a JavaScript number cannot hold, names that
 * are there twice. Only the layout becomes the usual one, and only where something else changes. Throws `bad-lock-file`
 * where the text is none, or where it is not certain what it says.
 */
export function updateLock(path: string, text: string | undefined, change: LockChange): LockUpdate {
  const { models, known, verified = new Map<string, PinnedEntry>() } = change;
  const { root, entries } = readDocument(path, text ?? '{"models": []}');
  const there = new Map(entries.map((entry) => [entry.pin.file, entry]));
  const stay = entries.filter(({ pin }) => models.has(pin.file));
  const kept = stay.map(({ pin, node }) => withPin(node, verified.get(pin.file) ?? pin));
  const missing = [...models].filter((file) => !there.has(file));
  const pinOf = (file: string): PinnedEntry | undefined => verified.get(file) ?? known.get(file);
  const added = missing.flatMap((file) => pinOf(file) ?? []).map((pin) => withPin(jsonTreeOf({}), pin));
  const list = [...kept, ...added].toSorted((a, b) => compare(a.pin.file, b.pin.file));
  const after = withModels(root, { kind: 'list', start: 0, items: list.map(({ node }) => node) });
  return {
    text: text !== undefined && printJsonTree(root) === printJsonTree(after) ? text : print(after, text),
    pins: list.map(({ pin }) => pin),
    added: added.map(({ pin }) => pin.file).toSorted(compare),
    removed: [...there.keys()].filter((file) => !models.has(file)).toSorted(compare),
    kept: kept.map(({ pin }) => pin.file).toSorted(compare),
    lacking: missing.filter((file) => pinOf(file) === undefined).toSorted(compare),
  };
}

/** The entries of a lock file with their places. Throws `bad-lock-file` as `updateLock` does. */
export function lockedEntries(path: string, text: string): readonly LockedEntry[] {
  return readDocument(path, text).entries.map(({ pin, node }) => ({ pin, start: node.start }));
}

interface Pinned {
  readonly pin: PinnedEntry;
  readonly node: JsonNode;
}

function readDocument(path: string, text: string): { readonly root: JsonObject; readonly entries: readonly Pinned[] } {
  const { entries: pins } = readLockFile(path, text);
  const root = parse(path, text);
  const models = memberOf(root, 'models');
  if (root.kind !== 'object' || models?.kind !== 'list') throw invalidLockFile(path, 'it has no list "models"');
  requireOnce(path, 'it', root, ['version', 'models']);
  const entries = models.items.map((node, index): Pinned => {
    requireOnce(path, `models[${index}]`, node, PIN_FIELDS);
    const pin = asPinned(pins[index]);
    if (!pin) throw invalidLockFile(path, `models[${index}] is not a valid entry`);
    return { pin, node };
  });
  return { root, entries };
}

function parse(path: string, text: string): JsonNode {
  try {
    return parseJsonTree(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw invalidLockFile(path, cause.message, cause);
  }
}

/** Readers of JSON do not agree on which of two counts. */
function requireOnce(path: string, where: string, node: JsonNode, names: readonly string[]): void {
  const members = node.kind === 'object' ? node.members : [];
  const twice = names.find((name) => members.filter((member) => member.name === name).length > 1);
  if (twice !== undefined) throw invalidLockFile(path, `${where} has ${JSON.stringify(twice)} twice`);
}

/** An entry that says what a pin says. What it says already stays as it is written, and so does what is not asked about. */
function withPin(node: JsonNode, pin: PinnedEntry): Pinned {
  const { file, repo, revision, size, sha256 } = pin;
  const wanted = Object.entries({ file, repo, revision, size, sha256: toSri(sha256) });
  const members = node.kind === 'object' ? node.members : [];
  const changed = members.map((member): JsonMember => {
    const field = wanted.find(([name]) => name === member.name);
    return field && !says(member.value, field[1]) ? { ...member, value: jsonTreeOf(field[1]) } : member;
  });
  const missing = wanted.filter(([name]) => memberOf(node, name) === undefined);
  const added = missing.map(([name, value]) => memberFor(name, jsonTreeOf(value)));
  return { pin, node: { kind: 'object', start: node.start, members: [...changed, ...added] } };
}

function says(node: JsonNode, value: unknown): boolean {
  return node.kind === 'scalar' && JSON.parse(node.source) === value;
}

function withModels(root: JsonObject, models: JsonList): JsonObject {
  const members = root.members.map((member) => (member.name === 'models' ? { ...member, value: models } : member));
  const version = memberFor('version', jsonTreeOf(LOCK_VERSION));
  return { ...root, members: memberOf(root, 'version') ? members : [version, ...members] };
}

function memberFor(name: string, value: JsonNode): JsonMember {
  return { name, source: JSON.stringify(name), value };
}

/** With a final line feed, and with the line ends that the text had. */
function print(root: JsonObject, before: string | undefined): string {
  const text = `${printJsonTree(root)}\n`;
  return before !== undefined && /^[^\n]*\r\n/.test(before) ? text.replaceAll('\n', '\r\n') : text;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
