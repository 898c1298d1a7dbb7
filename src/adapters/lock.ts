import { constants } from 'node:fs';
import { lstat, mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { busy, type Holder } from '../core/messages/busy.ts';
import { strangeLock } from '../core/messages/disk.ts';
import { asDiskError, errnoCode } from './disk-error.ts';
import { OPEN_OWN } from './file-bytes.ts';
import { faultPoint } from './fault-points.ts';
import { readNote } from './notes.ts';
import { requireOwnFolders } from './own-folders.ts';

export interface LockSettings {
  /** Milliseconds to wait for another holder. */
  readonly wait: number;
  readonly delay: (milliseconds: number) => Promise<void>;
}

const POLL = 50;

/** Not through a link, and without waiting for whoever has the other end of a pipe. */
const OPEN_LOCK = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

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

/** The same, but where somebody else holds the lock the work is left undone: false. */
export async function withFreeLock(path: string, work: () => void): Promise<boolean> {
  const lock = await tryOnce(path);
  if (!lock) return false;
  try {
    work();
    return true;
  } finally {
    await release(path, lock);
  }
}

/** A lock that says that somebody is here. Several may hold it at once; the kernel lets go of it with the process. */
export interface Hold {
  release(): Promise<void>;
}

/** Says that somebody is here, until it is released. The file stays: others may hold it. */
export async function holdShared(path: string): Promise<Hold> {
  const { waitForLock } = await import('fs-native-extensions');
  requireOwnFolders(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await openLock(path);
    await waitForLock(file.fd, 0, 0, { shared: true });
    return { release: () => file.close() };
  } catch (error) {
    throw asDiskError(error, path);
  }
}

/** Whether somebody says so. */
export async function isHeld(path: string): Promise<boolean> {
  const { tryLock } = await import('fs-native-extensions');
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
  const { tryLock } = await import('fs-native-extensions');
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
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw asDiskError(error, dirname(path));
  });
  for (let waited = 0; ; waited += POLL) {
    const lock = await tryOnce(path);
    if (lock) {
      await sign(lock);
      faultPoint('lock: taken');
      return lock;
    }
    if (waited >= wait) throw busy(path, holderOf(path));
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
  const { tryLock } = await import('fs-native-extensions');
  const file = await openLock(path);
  if (tryLock(file.fd) && (await isStillAt(path, file))) return file;
  await file.close();
  return undefined;
}

/** Opens the file of a lock, making it where there is none. It will be written to, so it has to be nothing else as well. */
async function openLock(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, OPEN_LOCK, 0o666);
    const found = await file.stat();
    if (found.isFile() && found.nlink <= 1) return file;
    await file.close();
  } catch (error) {
    throw asDiskError(error, path);
  }
  throw strangeLock(path);
}

/** A lock on a file that its last holder has removed since it was opened guards nothing. */
async function isStillAt(path: string, file: FileHandle): Promise<boolean> {
  const [held, there] = await Promise.all([file.stat(), lstat(path).catch(() => undefined)]);
  return held.ino === there?.ino && held.dev === there.dev;
}

function holderOf(path: string): Holder {
  const [, pid, host] = /"pid":(\d+),"host":"([^"]*)"/.exec(readNote(path)) ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host };
}
