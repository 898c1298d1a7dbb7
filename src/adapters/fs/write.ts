import { constants, lstatSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { linkOfAnotherUser } from '../../core/messages/disk.ts';
import { createFile } from './atomic-write.ts';
import { asDiskError, errnoCode, withDiskErrors } from './errors.ts';
import { isFolder } from './read.ts';

/** Writes blocks one after the other from byte `at` on, however few the system takes at a time; returns their bytes. */
export async function writeAll(file: FileHandle, blocks: readonly Buffer[], at: number): Promise<number> {
  let position = at;
  let left = blocks;
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left, position);
    position += bytesWritten;
    left = left.flatMap((block) => {
      const written = Math.min(bytesWritten, block.length);
      bytesWritten -= written;
      return written === block.length ? [] : [block.subarray(written)];
    });
  }
  return position - at;
}

/** For reading a file that must not be a link: without waiting for a pipe. */
export const OPEN_NO_LINK = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The same for reading and writing. */
export const OPEN_NO_LINK_TO_WRITE = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens or creates a file for reading and writing. A link, or a file with other names, is replaced and keeps its bytes. */
export async function openForUpdate(path: string): Promise<FileHandle> {
  // An interrupted adoption may have left a hard link to another program's file, which must not change.
  const found = await lstat(path).catch(() => undefined);
  const isOwn = found?.isFile() === true && found.nlink === 1;
  if (found && !isOwn) await rm(path);
  if (isOwn) await makeWritable(path);
  return open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
}

/** A complete but unpublished file is read-only. Changes the mode by its handle, because the name may lead elsewhere by now. */
async function makeWritable(path: string): Promise<void> {
  const file = await open(path, OPEN_NO_LINK).catch(() => undefined);
  // If this fails, opening it for writing reports the reason.
  await file?.chmod(0o644).catch(() => undefined);
  await file?.close();
}

/** Bytes between two early syncs: they leave little to wait for at the end. */
const SYNC_STEP = 32 * 1024 * 1024;

/** Syncs a file to the disk while it is still being written. */
export class EarlySync {
  readonly #file: FileHandle;
  #unsynced = 0;
  #isSyncing = false;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  wrote(bytes: number): void {
    this.#unsynced += bytes;
    if (this.#isSyncing || this.#unsynced < SYNC_STEP) return;
    this.#unsynced = 0;
    this.#isSyncing = true;
    const done = (): void => void (this.#isSyncing = false);
    // An error recurs when the whole file is synced.
    this.#file.datasync().then(done, done);
  }
}

/** Removes a file or a link; false where it is missing. Throws errors of exit code 6. */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (errnoCode(error) !== 'ENOENT') throw asDiskError(error, path);
    return false;
  }
}

/** Whether anything has a name: a file, a folder, a dangling link. */
export function isTaken(path: string): boolean {
  return withDiskErrors(path, () => lstatSync(path, { throwIfNoEntry: false }) !== undefined, '--file');
}

/** Creates a file with its parents, completely or not at all; false where anything has its name. Throws with exit code 6. */
export async function makeFile(path: string, text: string): Promise<boolean> {
  requireNoStrangersLink(dirname(path));
  const made: string[] = [];
  try {
    makeFolders(dirname(path), made);
    return await createFile(path, text);
  } catch (error) {
    removeFolders(made);
    throw asDiskError(error, path, '--file');
  }
}

/** Another user who may write to a parent folder could make a link there that leads to any of this user's folders. */
function requireNoStrangersLink(folder: string): void {
  if (dirname(folder) !== folder) requireNoStrangersLink(dirname(folder));
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() !== true || found.uid === 0 || found.uid === process.getuid?.()) return;
  throw linkOfAnotherUser(folder);
}

/** Adds each new folder to `made`. One by one, because `mkdir` of several reports ENOENT for every error. */
function makeFolders(folder: string, made: string[]): void {
  if (isFolder(folder)) return;
  makeFolders(dirname(folder), made);
  try {
    mkdirSync(folder);
    made.push(folder);
  } catch (error) {
    // Another process may have made it.
    if (errnoCode(error) !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}

function removeFolders(made: readonly string[]): void {
  try {
    for (const folder of made.toReversed()) rmdirSync(folder);
  } catch {
    // The error that led here is the one to report.
  }
}
