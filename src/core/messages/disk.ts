import { WhisperError } from '../errors.ts';
import { formatBytes } from '../quantity.ts';

/** Full disks, and files and folders that cannot be used. Sizes in bytes. */

/** The path of a file system error; `option`: the option that names another place, where it is known. */
export interface DiskFailure {
  readonly path: string;
  /** The code of the error. */
  readonly reason: string;
  readonly option: '--models-dir' | '--file' | 'none';
  readonly cause: unknown;
}

export function diskError(at: DiskFailure): WhisperError {
  const { path, reason, option } = at;
  const orElse =
    option === 'none' ? '' : `, or name another ${option === '--file' ? 'file' : 'directory'} with ${option}`;
  switch (reason) {
    case 'ENOSPC':
    case 'EDQUOT':
      return about(at, 'no-space', `No space left on the disk of ${path}`, `Free some space, then ${AGAIN} to resume`);
    case 'EACCES':
    case 'EPERM':
      return about(
        at,
        'no-permission',
        `No permission to read or write ${path}`,
        `Check the owner and permissions${orElse}`,
      );
    case 'EROFS':
      return about(at, 'no-permission', `${path} is on a read-only file system`, `Make it writable${orElse}`);
    case 'ENOENT':
      return about(
        at,
        'disk-failure',
        `${path} disappeared: another process removed it or its directory`,
        'Run the same command again',
      );
    case 'ELOOP':
      return about(
        at,
        'disk-failure',
        `${path} is, or is behind, a symbolic link that is not followed: nothing was written`,
        `Remove the link, then ${AGAIN}`,
      );
    case 'EISDIR':
    case 'ERR_FS_EISDIR':
      return about(at, 'disk-failure', `${path} is a directory, not a file`, `Move it away, then ${AGAIN}`);
    case 'ENOTDIR':
    case 'EEXIST':
      return about(at, 'disk-failure', `${path} is not a directory`, `Move it away${orElse}`);
    default:
      return about(at, 'disk-failure', `${path} cannot be used: ${reason}`, `Check the disk${orElse}`);
  }
}

export function workingDirectoryGone(cause: unknown): WhisperError {
  const hint = 'Change to an existing directory, then run the command again';
  return new WhisperError('disk-failure', 'The working directory no longer exists', hint, { cause });
}

export function outputNotWritable(reason: string, cause: unknown): WhisperError {
  const isFull = reason === 'ENOSPC' || reason === 'EDQUOT';
  return new WhisperError(
    isFull ? 'no-space' : 'disk-failure',
    `Standard output cannot be written: ${isFull ? 'no space left on its disk' : reason}`,
    `${isFull ? 'Free some space' : 'Check where standard output goes'}, then ${AGAIN}`,
    { cause, details: { reason } },
  );
}

const AGAIN = 'run the same command again';

function about(
  { path, reason, cause }: DiskFailure,
  code: 'no-space' | 'no-permission' | 'disk-failure',
  message: string,
  hint: string,
): WhisperError {
  return new WhisperError(code, message, hint, { cause, details: { path, reason } });
}

export function foreignLockFile(path: string): WhisperError {
  const message = `${path} is not a lock file created by whisper, so it was not changed`;
  return new WhisperError('disk-failure', message, `Move it away, then ${AGAIN}`, { details: { path } });
}

export function foreignFolder(path: string, isLink: boolean): WhisperError {
  return new WhisperError(
    'disk-failure',
    `${path} ${isLink ? 'is a symbolic link' : 'is not a directory'}, but whisper keeps its own files there: nothing was changed`,
    `Move it away, then ${AGAIN}`,
    { details: { path } },
  );
}

export function linkOfAnotherUser(path: string): WhisperError {
  return new WhisperError(
    'disk-failure',
    `${path} is a symbolic link owned by another user, so it was not followed: nothing was written`,
    'Name another file with --file',
    { details: { path } },
  );
}

export function partialReplaced(path: string): WhisperError {
  return new WhisperError(
    'disk-failure',
    `${path} was replaced during the download and is not a regular file any more: nothing was installed`,
    `Find out which program writes to that directory, then ${AGAIN}`,
    { details: { path } },
  );
}

const MAKE_ROOM = 'Free some space, or name another directory with --models-dir';
const MOST_NAMES = 6;

/** `others`: short names of models that are kept; `freed`: bytes that pruning frees. */
export function notEnoughSpace(
  folder: string,
  { needed, free, freed }: { readonly needed: number; readonly free: number; readonly freed: number },
  others: readonly string[],
): WhisperError {
  const more = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : '';
  const hint =
    others.length === 0
      ? MAKE_ROOM
      : `Remove some of the other models from the list (${others.slice(0, MOST_NAMES).join(', ')}${more}), or name another directory with --models-dir`;
  const pruned = freed > 0 ? ' after pruning' : '';
  const message = `Not enough space in ${folder}: needs ${formatBytes(needed)}, ${formatBytes(free + freed)} free${pruned}; nothing was downloaded`;
  return new WhisperError('no-space', message, hint, { details: { needed, free, freed } });
}

export function notEnoughSpaceForFile(folder: string, needed: number, free: number): WhisperError {
  const message = `Not enough space in ${folder}: needs ${formatBytes(needed)}, ${formatBytes(free)} free; nothing was downloaded`;
  return new WhisperError('no-space', message, MAKE_ROOM, { details: { needed, free } });
}

export function notEnoughSpaceForRepair(folder: string, needed: number, free: number): WhisperError {
  return new WhisperError(
    'no-space',
    `Not enough space in ${folder} to repair: needs ${formatBytes(needed)} next to the corrupt files, ${formatBytes(free)} free`,
    'Free some space, or remove the corrupt files and run whisper sync',
    { details: { needed, free } },
  );
}

export function lowSpace(free: number): WhisperError {
  return new WhisperError(
    'no-space',
    `Only ${formatBytes(free)} free`,
    'Run whisper prune to remove models that are not listed',
  );
}

export function folderNotWritable(folder: string, cause: unknown): WhisperError {
  const hint = 'Check its owner and permissions, or name another directory with --models-dir';
  return new WhisperError('no-permission', `${folder} is not writable`, hint, { cause });
}

export function unreadableRootNotes(paths: readonly string[]): WhisperError {
  const hint = 'Run whisper sync in the projects of these registries, or their models may be pruned';
  return new WhisperError('disk-failure', `${paths.join(', ')} cannot be read`, hint);
}

/** `reason`: why the package that asks the kernel cannot be loaded. */
export function noKernelLocks(reason: string): WhisperError {
  return new WhisperError(
    'disk-failure',
    `Kernel locks cannot be used here, so files that name their process are used: ${reason}`,
    'After a crash in a container, the models directory may seem to be in use; the error then names the file to remove',
  );
}
