import { isShortName } from '../catalogue/names.ts';
import { quote } from '../nix/literals.ts';

/** The state of a registry at one moment. */
export interface FileSnapshot {
  readonly content: 'text' | 'empty' | 'absent' | 'folder' | 'no-file' | 'unreadable';
  /** Equal for two snapshots with the same bytes in the file and in the files that it imports. */
  readonly key: string;
  /** The bytes of the file, one character each; not decoded. */
  readonly bytes: string;
  /** Identifies the file, not its content. */
  readonly identity: string;
  /** Milliseconds since the epoch of the last write, and of the last change to anything, the name included. */
  readonly modified: number;
  readonly changed: number;
  /** Whether a process has it open for writing; `undefined`: unknown. */
  readonly hasWriter: boolean | undefined;
}

/** Milliseconds without a change after which bytes count as completely written. */
export const QUIET = 25;

/** Bytes that were read and are not accepted yet. */
export interface Pending {
  readonly key: string;
  /** When they were read first, on the clock of `now`. */
  readonly since: number;
}

interface Debounced {
  readonly pending: Pending;
  /** Milliseconds until the bytes count as completely written; 0: they do. */
  readonly wait: number;
}

/**
 * Whether the bytes of a snapshot are completely written, because many programs save in place. A file with another identity than
 * `accepted` was complete before it was renamed if no process has it open for writing, or, where that is unknown, if its last
 * write was long enough before the rename. Both times are of one clock, which need not be that of this machine.
 */
export function debounce(
  pending: Pending | undefined,
  snapshot: FileSnapshot,
  accepted: string,
  now: number,
): Debounced {
  const { key, identity, content, hasWriter, changed, modified } = snapshot;
  const current = pending?.key === key ? pending : { key, since: now };
  // How long the process keeps it open is unknown.
  if (hasWriter === true) return { pending: current, wait: QUIET };
  const isNew = identity !== accepted && content === 'text';
  if (isNew && (hasWriter === false || changed - modified > QUIET)) return { pending: current, wait: 0 };
  return { pending: current, wait: Math.max(0, QUIET - (now - current.since)) };
}

/**
 * Whether only the lines of dropped entries differ; any other difference may be a half-written text. `dropped`: as they are
 * written. A short name is part of many words, so it counts only in its quotes.
 */
export function isLineWise(before: string, after: string, dropped: readonly string[]): boolean {
  const shown = dropped.map((value) => (isShortName(value) ? quote(value) : value));
  const names = (line: string): boolean => shown.some((text) => line.includes(text));
  const [old, now] = [before.split('\n'), after.split('\n')];
  const isChangedInPlace = old.length === now.length && old.every((line, at) => line === now[at] || names(line));
  if (isChangedInPlace) return true;
  const [rest, left] = [old, now].map((lines) => lines.filter((line) => !names(line)));
  return rest?.join('\n') === left?.join('\n');
}

/** Everything in a Nix text that looks like a path with a slash, strings included. */
const PATHS = /[a-zA-Z0-9._+-]*(?:\/[a-zA-Z0-9._+-]+)+|\.\//g;

/**
 * The absolute paths of files and directories that a Nix file may read: the paths in its text, resolved from its folder, that are
 * in `reach`, the directory outside of which an evaluation reads nothing. Paths in strings count too (`./. + "/list.json"`), so that
 * too many are found rather than too few.
 */
export function importedPaths(
  text: string,
  folder: string,
  reach: string,
  resolve: (folder: string, path: string) => string,
): readonly string[] {
  const found = [...text.matchAll(PATHS)].flatMap(([path]) => (path.startsWith('/') ? [path, `.${path}`] : [path]));
  const paths = found.map((path) => resolve(folder, path));
  return [...new Set(paths)].filter((path) => path === reach || path.startsWith(`${reach}/`));
}
