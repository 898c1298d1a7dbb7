import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoCode, NO_LINKS } from './errors.ts';
import { faultPoint } from './fault-points.ts';
import { identifyFile, isSameFile } from './identity.ts';

/** Files are written beside their name and renamed: readers, and a crash, see the old file or the new one. */

interface Replacement {
  /** Set exactly, whatever the umask. */
  readonly mode: number;
  /** Default: the path with `.tmp`. It is removed first, so it must be a name that only this program uses. */
  readonly temporary?: string;
  /** Whether the bytes are on the disk before the old file is replaced. Default: true. */
  readonly isSynced?: boolean;
  readonly kind?: 'note' | 'journal';
}

/** Replaces a file, or a link itself, or creates it. Throws the errors of the file system. */
export function replaceFile(path: string, text: string, how: Replacement): void {
  const { mode, temporary = `${path}.tmp`, isSynced = true, kind = 'note' } = how;
  // Never written through what another user may have put there.
  rmSync(temporary, { force: true });
  const file = openSync(temporary, 'wx', mode);
  try {
    try {
      fchmodSync(file, mode);
      writeFileSync(file, text);
      if (isSynced) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    faultPoint(`${kind}: written beside`);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  faultPoint(`${kind}: replaced`);
}

/** Replaces a file of the user: a link stays a link, the mode stays; a new file gets `mode`. */
export function replaceUserFile(path: string, text: string, mode: number): void {
  const known = statSync(path, { throwIfNoEntry: false });
  const target = known ? realpathSync(path) : path;
  // Not a name of `writeBeside`, whose leftovers any edit of a registry in the folder removes.
  const temporary = `${target}.${crypto.randomUUID()}.tmp`;
  replaceFile(target, text, { mode: known ? known.mode & 0o7777 : mode, temporary });
}

const NEW_MODE = 0o666;

/** Creates a file; false where anything has the name, also a dangling link. Throws the errors of the file system. */
export async function createFile(path: string, text: string): Promise<boolean> {
  try {
    return await writeBeside(path, NEW_MODE, async (file, temporary) => {
      await file.writeFile(text);
      await file.sync();
      linkSync(temporary, path);
      return true;
    });
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(errnoCode(error))) throw error;
    return createInPlace(path, text);
  }
}

/** For file systems without hard links. An unfinished file is removed. */
async function createInPlace(path: string, text: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', NEW_MODE);
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    throw error;
  }
  const made = await file.stat({ bigint: true });
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    if (isSameFile(made, identifyFile(path))) await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

/**
 * Creates a temporary file in the folder of `target` for `place`, which writes it and gives it its name; if it still has
 * the temporary name then, it is removed. While it is open, other processes do not take it for a leftover of a crash.
 */
export async function writeBeside<T>(
  target: string,
  mode: number,
  place: (file: FileHandle, path: string) => Promise<T>,
): Promise<T> {
  const path = temporaryBeside(target);
  const file = await open(path, 'wx', mode);
  const made = await file.stat({ bigint: true });
  try {
    return await place(file, path);
  } finally {
    await file.close();
    // After a failed exchange of names, the temporary name may belong to a text that the user has just saved.
    if (isSameFile(made, identifyFile(path))) await rm(path, { force: true });
    // A model that is published next must not survive a power failure that its line does not.
    syncFolder(dirname(target));
  }
}

function temporaryBeside(target: string): string {
  return join(dirname(target), `.whisper-${crypto.randomUUID()}.tmp`);
}

/** The names that `writeBeside` gives, and the one of saved texts that are being written. */
export const TEMPORARY_NAME = /^\.whisper-[^/]*\.tmp$/;

/** Errors of file systems that cannot sync a folder, or do not let this user. */
const NOT_SYNCED: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EACCES', 'EPERM']);

/** Syncs the names in a folder to the disk, where that is possible. */
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
