import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { WhisperError } from '../../core/errors.ts';
import { diskError, type DiskFailure, workingDirectoryGone } from '../../core/messages/disk.ts';

/** Turns a file system error into one of exit code 6; returns any other value. `option` names another place for `path`. */
export function asDiskError(error: unknown, path: string, option: DiskFailure['option'] = '--models-dir'): unknown {
  const reason = errnoCode(error);
  if (reason === undefined) return error;
  return diskError({ path: pathAtFault(reason, error, path), reason, option, cause: error });
}

/** Does some work, whose file system errors become those of `asDiskError`. */
export function withDiskErrors<T>(path: string, work: () => T, option?: DiskFailure['option']): T {
  try {
    return work();
  } catch (error) {
    throw asDiskError(error, path, option);
  }
}

function pathAtFault(reason: string, error: unknown, path: string): string {
  // The error may be about a temporary file rather than about `path`.
  if (reason === 'ERR_FS_EISDIR') return pathOf(error) ?? path;
  return reason === 'ENOTDIR' ? notDirectory(path) : path;
}

function notDirectory(path: string): string {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    try {
      return statSync(at).isDirectory() ? path : at;
    } catch {
      // It is behind the file that is looked for, or gone.
    }
  }
  return path;
}

/** The same for a file system error that contains its path, without an option for another place. */
export function asErrorOfItsPath(error: unknown): unknown {
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd') return workingDirectoryGone(error);
  const path = pathOf(error);
  const reason = errnoCode(error);
  if (path === undefined || reason === undefined) return error;
  return diskError({ path: pathAtFault(reason, error, path), reason, option: 'none', cause: error });
}

/** Errors of file systems without hard links, and of kernels that do not let this user link a file. */
export const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK']);

/** Whether an error of the file system is that of a full disk, or of a quota that is used up. */
export function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Whether a reported error is that of a full disk, or of a quota that is used up. */
export function isNoSpace(error: unknown): boolean {
  return error instanceof WhisperError && error.code === 'no-space';
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
