import { closeSync, constants, lstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { errnoCode } from './errors.ts';

/** The largest file that is read whole: a lock file or a catalogue of ten thousand models has two million bytes. */
const MAX_BYTES = 64 * 1024 ** 2;

export const NOT_REGULAR = 'it is not a regular file';

/**
 * The bytes of a regular file; `undefined` where the path, or what it links to, does not exist. Anything else throws what
 * `bad` makes of the reason, which is a sentence or the code of a system error: reading a pipe or a device might never end.
 */
export function readSmallFile(
  path: string,
  bad: (reason: string, cause?: unknown) => Error,
  { followsLinks = true }: { readonly followsLinks?: boolean } = {},
): Buffer | undefined {
  try {
    const found = (followsLinks ? statSync : lstatSync)(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isFile()) throw bad(NOT_REGULAR);
    if (found.size > MAX_BYTES) throw bad(`it is larger than ${MAX_BYTES} bytes`);
    // Without waiting, in case it has become a pipe since.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | (followsLinks ? 0 : constants.O_NOFOLLOW);
    const file = openSync(path, flags);
    try {
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
export function readTextOrNothing(path: string, options?: Parameters<typeof readSmallFile>[2]): string {
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
