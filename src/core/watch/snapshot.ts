/** What was seen of a registry at one moment. */
export interface FileSnapshot {
  readonly content: 'text' | 'empty' | 'absent' | 'folder' | 'no-file' | 'unreadable';
  /** Equal for two looks where all bytes that count are: those of the file, and of the files that it imports. */
  readonly key: string;
  /** The file's own bytes as they are, one character each; not decoded. */
  readonly bytes: string;
  /** Which file it is, whatever its content. */
  readonly identity: string;
  /** Milliseconds since the epoch at which it was written last, and at which anything of it changed, its name too. */
  readonly modified: number;
  readonly changed: number;
  /** Whether somebody has it open for writing; `undefined` where that cannot be told. */
  readonly hasWriter: boolean | undefined;
}

/** Milliseconds for which bytes have to stay the same before they count as a whole text. */
export const QUIET = 25;

/** Bytes that have been seen and are not accepted yet. */
export interface Pending {
  readonly key: string;
  /** When they were seen first, on the same clock as `now`. */
  readonly since: number;
}

/** What is waited for. `wait`: milliseconds, 0 where the bytes count as a whole text now. */
export interface Settled {
  readonly pending: Pending;
  readonly wait: number;
}

/**
 * Whether the bytes of a look are a whole text, or half of one that is still being written: half of all ways to save write
 * in place. A file that is another one than `accepted` (an identity) was complete before it got its name if nobody has it
 * open, or, where that cannot be told, if it was written long enough before it was renamed. Both times are of one clock,
 * which need not be that of this machine.
 */
export function settle(pending: Pending | undefined, look: FileSnapshot, accepted: string, now: number): Settled {
  const current = pending?.key === look.key ? pending : { key: look.key, since: now };
  // Somebody is at work in it; nobody can say for how long.
  if (look.hasWriter === true) return { pending: current, wait: QUIET };
  const isNew = look.identity !== accepted && look.content === 'text';
  const isProven = isNew && (look.hasWriter === false || look.changed - look.modified > QUIET);
  if (isProven) return { pending: current, wait: 0 };
  return { pending: current, wait: Math.max(0, QUIET - (now - current.since)) };
}

/**
 * Whether a text became another one by nothing more than what dropping these entries takes: their lines commented out,
 * changed or deleted, and no other line. Anything beyond that may be half of something else.
 */
export function isLineWise(before: string, after: string, dropped: readonly string[]): boolean {
  const names = (line: string): boolean => dropped.some((name) => line.includes(name));
  const [old, now] = [before.split('\n'), after.split('\n')];
  const isChangedInPlace = old.length === now.length && old.every((line, at) => line === now[at] || names(line));
  if (isChangedInPlace) return true;
  const [rest, left] = [old, now].map((lines) => lines.filter((line) => !names(line)));
  return rest?.join('\n') === left?.join('\n');
}

/** Everything in a Nix text that looks like a path with a slash. Too many are found rather than too few. */
const PATHS = /[a-zA-Z0-9._+-]*(?:\/[a-zA-Z0-9._+-]+)+|\.\//g;

/**
 * Files and folders that a Nix file may read, as absolute paths: what it names, taken from its folder and from `reach`, if
 * it lies in `reach`, the folder beyond which an evaluation reads nothing. Strings count too (`./. + "/list.json"`).
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
