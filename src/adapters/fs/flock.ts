import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { type Holder, modelsDirBusy } from '../../core/messages/busy.ts';
import { foreignLockFile } from '../../core/messages/disk.ts';
import { asDiskError, errnoCode, isNoSpace } from './errors.ts';
import { faultPoint } from './fault-points.ts';
import { isSameFile } from './identity.ts';
import { requireOwnFolders } from './own-folders.ts';
import { makeFolder, readNote } from './state-files.ts';
import { OPEN_OWN } from './write.ts';

export interface LockSettings {
  /** Milliseconds to wait for another holder. */
  readonly wait: number;
  readonly delay: (milliseconds: number) => Promise<void>;
}

const POLL = 50;

/**
 * Does some work while holding the kernel's lock on a file of its own: the kernel frees it however the holder ends.
 * Throws `busy` (exit 7) with the holder's name when the lock is not to be had in time.
 */
export async function withLock<T>(path: string, settings: LockSettings, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(path, settings);
  try {
    return await work();
  } finally {
    await release(path, lock);
  }
}

/** The same, but the file stays, so that the next one to lock it needs no space on a full disk. */
export async function withDirectoryLock<T>(path: string, settings: LockSettings, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(path, settings);
  try {
    return await work();
  } finally {
    // A free lock names no holder.
    await lock.truncate(0).catch(ignoreDisk);
    await lock.close();
  }
}

/**
 * The same as `withLock`, but while another process holds the lock the work is left undone: false. Where there is no space to create
 * the file of the lock, it does not exist, so no process holds it.
 */
export async function withFreeLock(path: string, work: () => void): Promise<boolean> {
  let lock: FileHandle | undefined;
  try {
    lock = await tryOnce(path);
  } catch (error) {
    if (!isNoSpace(error)) throw error;
    work();
    return true;
  }
  if (!lock) return false;
  try {
    work();
    return true;
  } finally {
    await release(path, lock);
  }
}

/** A lock that says that somebody is here. Several may hold it at once; the kernel lets go of it with the process. */
export interface SharedLock {
  release(): Promise<void>;
}

/** Says that somebody is here, until it is released. The file stays: others may hold it. */
export async function holdShared(path: string): Promise<SharedLock> {
  const { waitForLock } = await import('./native-files.ts');
  requireOwnFolders(path);
  try {
    makeFolder(dirname(path));
    const file = await openLock(path);
    await waitForLock(file.fd, 0, 0, { shared: true });
    return { release: () => file.close() };
  } catch (error) {
    throw asDiskError(error, path);
  }
}

/** Whether somebody says so. */
export async function isHeld(path: string): Promise<boolean> {
  const { tryLock } = await import('./native-files.ts');
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  } catch (error) {
    // A file that may not be looked at is somebody's.
    return errnoCode(error) !== 'ENOENT';
  }
  try {
    return !tryLock(file.fd);
  } finally {
    await file.close();
  }
}

/**
 * Whether a process holds the lock, told without waiting. Asked for as one of several, so that two who ask are not in each
 * other's way.
 */
export async function isTaken(path: string): Promise<boolean> {
  const { tryLock } = await import('./native-files.ts');
  let file: FileHandle;
  try {
    file = await open(path, OPEN_OWN);
  } catch (error) {
    // Of a lock that cannot be asked for, nobody knows that it is free.
    return errnoCode(error) !== 'ENOENT';
  }
  try {
    return !tryLock(file.fd, { shared: true });
  } finally {
    await file.close();
  }
}

async function acquire(path: string, { wait, delay }: LockSettings): Promise<FileHandle> {
  requireOwnFolders(path);
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw asDiskError(error, dirname(path));
  }
  for (let waited = 0; ; waited += POLL) {
    const lock = await tryOnce(path);
    if (lock) {
      await sign(lock);
      faultPoint('lock: taken');
      return lock;
    }
    if (waited >= wait) throw modelsDirBusy(path, holderOf(path));
    await delay(POLL);
  }
}

/** The holder's name is for messages only: a disk that is too full for it is no reason to stop. */
async function sign(lock: FileHandle): Promise<void> {
  // Other users of a shared folder have to be able to ask for it; a file of theirs they have opened up themselves.
  await lock.chmod(0o666).catch(() => undefined);
  await lock.truncate(0).catch(ignoreDisk);
  await lock.write(JSON.stringify({ pid: process.pid, host: hostname() }), 0).catch(ignoreDisk);
}

function ignoreDisk(error: unknown): void {
  if (errnoCode(error) === undefined) throw error;
}

// The file goes while the lock is held; whoever waits for it notices and takes the next one. Where it cannot be removed,
// because the disk has become read-only meanwhile, it stays and is free all the same.
async function release(path: string, lock: FileHandle): Promise<void> {
  await rm(path, { force: true }).catch(ignoreDisk);
  await lock.close();
}

async function tryOnce(path: string): Promise<FileHandle | undefined> {
  const { tryLock } = await import('./native-files.ts');
  const file = await openLock(path);
  if (tryLock(file.fd) && (await isStillAt(path, file))) return file;
  await file.close();
  return undefined;
}

/** A lock on a file that its last holder has removed since it was opened guards nothing. */
async function isStillAt(path: string, file: FileHandle): Promise<boolean> {
  const exact = { bigint: true } as const;
  const [held, there] = await Promise.all([file.stat(exact), lstat(path, exact).catch(() => undefined)]);
  return isSameFile(held, there);
}

function holderOf(path: string): Holder {
  const [, pid, host] = /"pid":(\d+),"host":"([^"]*)"/.exec(readNote(path)) ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host };
}

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
