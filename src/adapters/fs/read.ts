import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import { errnoCode } from './errors.ts';

/** The limit for lock files and catalogues: ten thousand models take two million bytes. */
const MAX_BYTES = 64 * 1024 ** 2;

interface ReadOptions {
  /** Default: true. Without it, the file that was opened is the one that is checked. */
  readonly followsLinks?: boolean;
  readonly maxBytes?: number;
}

export const NOT_REGULAR = 'it is not a regular file';

/** Opening a pipe does not wait for a writer. */
const OPEN_WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * The bytes of a regular file; `undefined` where the path, or what it links to, does not exist. Anything else throws what
 * `bad` makes of the reason, which is a sentence or the code of a system error: reading a pipe or a device might never end.
 */
export function readSmallFile(
  path: string,
  bad: (reason: string, cause?: unknown) => Error,
  { followsLinks = true, maxBytes = MAX_BYTES }: ReadOptions = {},
): Buffer | undefined {
  const requireSmallFile = (found: Stats): void => {
    if (!found.isFile()) throw bad(NOT_REGULAR);
    if (found.size > maxBytes) throw bad(`it is larger than ${maxBytes} bytes`);
  };
  try {
    if (followsLinks) {
      // Before it is opened: opening some devices has effects.
      const found = statSync(path, { throwIfNoEntry: false });
      if (!found) return undefined;
      requireSmallFile(found);
    }
    const file = openSync(path, OPEN_WITHOUT_WAITING | (followsLinks ? 0 : constants.O_NOFOLLOW));
    try {
      // It may be another file than the one that was found.
      requireSmallFile(fstatSync(file));
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const code = errnoCode(cause);
    throw code === undefined ? cause : bad(code, cause);
  }
}

/** The text of a regular file; empty where it is missing, is anything else, or cannot be read. */
export function readTextOrNothing(path: string, options?: ReadOptions): string {
  try {
    return readSmallFile(path, (reason) => new Error(reason), options)?.toString() ?? '';
  } catch {
    return '';
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Decodes UTF-8, a byte order mark included; throws where the bytes are anything else. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
