import { type Dirent, mkdirSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFile } from './atomic-write.ts';
import { asDiskError, errnoCode } from './errors.ts';
import { readTextOrNothing } from './read.ts';
import { requireWhisperFolders } from './whisper-folder.ts';

/** The small JSON files that the program keeps beside the models and in the user's state folder. */

/** Whatever the umask: other users of a shared folder have to be able to read them. */
export const STATE_FILE_MODE = 0o644;

/** The limit for state files: the largest is the journal of a download with many gaps. */
const MAX_BYTES = 16 * 1024 ** 2;

/** The entries of a folder; none where it does not exist. */
export function listFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return [];
    throw asDiskError(error, folder);
  }
}

/** The text of a state file; empty where it is missing, not a regular file, or cannot be read. */
export function readStateFile(path: string): string {
  return readTextOrNothing(path, { followsLinks: false, maxBytes: MAX_BYTES });
}

/** Makes a folder and its parents. Synchronous, because Node's other `mkdir` reports ENOENT for a full disk. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true });
}

/** Replaces a state file. Survives a power failure. */
export function writeStateFile(path: string, value: unknown): void {
  requireWhisperFolders(path);
  makeFolder(dirname(path));
  replaceFile(path, `${JSON.stringify(value, null, 2)}\n`, { mode: STATE_FILE_MODE });
}
