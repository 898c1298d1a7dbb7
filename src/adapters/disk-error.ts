import { WhisperError } from '../core/errors.ts';
import { printable } from '../core/models/name.ts';

/**
 * Turns a file system error into one of exit code 6 with the path; anything else comes back as it is. `option` is the one
 * that names another place.
 */
export function asDiskError(error: unknown, path: string, option = '--models-dir'): unknown {
  const code = errnoCode(error);
  if (code === undefined) return error;
  // What is to be removed may be a file that is made on the way to the one that is meant.
  const at = code === 'ERR_FS_EISDIR' ? (pathOf(error) ?? path) : path;
  const shown = printable(at);
  const cause = { cause: error, details: { path: at, reason: code } };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new WhisperError(
        'no-space',
        `No space left on the disk of ${shown}`,
        'Free some space and run the same command again: it goes on where it stopped.',
        cause,
      );
    case 'EACCES':
    case 'EPERM':
      return new WhisperError(
        'no-permission',
        `No permission to write ${shown}`,
        `Check the owner and the rights of that folder, or name another with ${option}.`,
        cause,
      );
    case 'EROFS':
      return new WhisperError(
        'no-permission',
        `${shown} is on a read-only file system`,
        `Name a folder that can be written with ${option}.`,
        cause,
      );
    case 'ENOENT':
      return new WhisperError(
        'disk-failure',
        `${shown} is gone: somebody removed it, or its folder, in the meantime`,
        'Run the same command again.',
        cause,
      );
    case 'ELOOP':
      return new WhisperError(
        'disk-failure',
        `${shown} is a link, or lies behind one, that is not followed: nothing was written`,
        'Remove the link, and run the same command again.',
        cause,
      );
    case 'EISDIR':
    case 'ERR_FS_EISDIR':
      return new WhisperError(
        'disk-failure',
        `${shown} is in the way: it is a folder, and was left alone`,
        'Move it away, and run the same command again.',
        cause,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new WhisperError(
        'disk-failure',
        `${shown} is in the way: it is not a folder`,
        `Name another folder with ${option}.`,
        cause,
      );
    default:
      return new WhisperError(
        'disk-failure',
        `${shown} cannot be used: ${code}`,
        `Check the disk, or name another folder with ${option}.`,
        cause,
      );
  }
}

/** The same for an error of the file system that names its path itself. */
export function asErrorOfItsPath(error: unknown): unknown {
  const path = pathOf(error);
  return path === undefined ? error : asDiskError(error, path);
}

function pathOf(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}

/** The code of a system error (`ENOENT`, …); `undefined` for any other value. */
export function errnoCode(error: unknown): string | undefined {
  const isSystemError =
    error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
  return isSystemError ? (error.code as string) : undefined;
}
