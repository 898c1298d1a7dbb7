import {
  closeSync,
  constants,
  type Dirent,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { asDiskError, errnoCode } from './errors.ts';
import { faultPoint } from './fault-points.ts';
import { requireOwnFolders } from './own-folders.ts';

/** The small JSON files that the program keeps beside the models. */

/** Whatever the umask of the one who wrote it: what another user cannot read would not count. */
export const NOTE_MODE = 0o644;

/** Bytes of the largest file that can be one of them: the journal of a download with many gaps. */
const LARGEST = 16 * 1024 * 1024;

/** What is in a folder; nothing where it does not exist. */
export function listFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return [];
    throw asDiskError(error, folder);
  }
}

/** The text of one of the program's own notes; one that is missing or cannot be read says nothing. */
export function readNote(path: string): string {
  try {
    // Not through a link, and not from a pipe, which would be waited for.
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = fstatSync(file);
      return found.isFile() && found.size <= LARGEST ? readFileSync(file, 'utf8') : '';
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** Makes a folder and its parents. Synchronous, because Node's other `mkdir` reports ENOENT for a full disk. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true });
}

/** Replaces a note in one step, which survives a loss of power. Everybody who shares the folder may read it. */
export function writeNote(path: string, value: unknown): void {
  const temporary = `${path}.tmp`;
  requireOwnFolders(path);
  makeFolder(dirname(path));
  // Never written through what somebody may have put there.
  rmSync(temporary, { force: true });
  const file = openSync(temporary, 'wx', NOTE_MODE);
  try {
    try {
      fchmodSync(file, NOTE_MODE);
      writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    faultPoint('note: written beside');
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  faultPoint('note: replaced');
}

/** Errors of file systems that cannot bring a folder to the disk, or do not let this user. */
const NOT_SYNCED: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EACCES', 'EPERM']);

/** Brings the names in a folder to the disk, where that can be done. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (!NOT_SYNCED.has(errnoCode(error))) throw error;
  }
}
