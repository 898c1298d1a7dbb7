import { closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import type { WhisperError } from '../core/errors.ts';
import { errnoCode } from './disk-error.ts';

/** Bytes of a file at the most: a lock file or a catalogue of ten thousand models takes two million. */
const MOST = 64 * 1024 ** 2;

/**
 * The bytes of a regular file; `undefined`: there is none. Anything else is refused by what `bad` makes of the reason:
 * reading a pipe or a device could take for ever.
 */
export function readWhole(path: string, bad: (reason: string, cause?: unknown) => WhisperError): Buffer | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isFile()) throw bad('it is no regular file');
    if (found.size > MOST) throw bad(`it is larger than ${MOST} bytes`);
    return readAtOnce(path);
  } catch (cause) {
    const code = errnoCode(cause);
    throw code === undefined ? cause : bad(code, cause);
  }
}

/** Without waiting, should it have become a pipe meanwhile. */
function readAtOnce(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
