import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { foreignLockFile } from '../core/messages/disk.ts';
import { asDiskError, errnoCode } from './disk-error.ts';

/** Not through a link, and without waiting for whoever has the other end of a pipe. */
const OPEN_LOCK = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens the file of a lock, making it where there is none. It will be written to, so it has to be nothing else as well. */
export async function openLock(path: string): Promise<FileHandle> {
  try {
    const file = await openOrCreate(path);
    const found = await file.stat();
    if (found.isFile() && found.nlink <= 1) return file;
    await file.close();
  } catch (error) {
    throw asDiskError(error, path);
  }
  throw foreignLockFile(path);
}

/** Without O_CREAT where the file exists: in a sticky folder the kernel refuses that for the file of another user. */
async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, OPEN_LOCK);
  } catch (error) {
    if (errnoCode(error) !== 'ENOENT') throw error;
    return open(path, OPEN_LOCK | constants.O_CREAT, 0o666);
  }
}
