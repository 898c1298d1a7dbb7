import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { type Holder, modelsDirBusy } from '../../core/messages/busy.ts';
import { foreignLockFile } from '../../core/messages/disk.ts';
import { asDiskError, errnoCode, isNoSpace, withDiskErrors } from '../fs/errors.ts';
import { faultPoint } from '../fs/fault-points.ts';
import { isSameFile } from '../fs/identity.ts';
import { nativeFiles } from '../fs/native-files.ts';
import { makeFolder, readStateFile } from '../fs/state-files.ts';
import { requireWhisperFolders } from '../fs/whisper-folder.ts';
import { OPEN_NO_LINK, OPEN_NO_LINK_TO_WRITE } from '../fs/write.ts';
import { findProcessLock, hasKernelLock, isShared, shareProcessLock, tryProcessLock } from './process-lock.ts';

export interface LockSettings {
  /** Milliseconds to wait while another process holds the lock. */
  readonly wait: number;
  readonly delay: (milliseconds: number) => Promise<void>;
}

const POLL = 50;

/** A lock that this process has. */
interface HeldLock {
  readonly file: FileHandle;
  readonly free: () => Promise<void>;
}

/** Works under a lock, freed however the process ends. Throws `busy` (exit 7) with the holder after `wait`. */
export async function withLock<T>(path: string, settings: LockSettings, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(path, settings);
  try {
    return await work();
  } finally {
    await release(path, lock);
  }
}

/** The same, but the file stays, so that the next process to lock it needs no space on a full disk. */
export async function withDirectoryLock<T>(path: string, settings: LockSettings, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(path, settings);
  try {
    return await work();
  } finally {
    // A free lock must not name a holder.
    await lock.file.truncate(0).catch(ignoreDisk);
    await lock.free();
  }
}

/** Like `withLock`, but false at once where another process holds it. Where the file finds no space, no process holds it. */
export async function withFreeLock(path: string, work: () => void): Promise<boolean> {
  let lock: HeldLock | undefined;
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

/** A lock that several processes may hold at once; the kernel frees it when the process ends. */
export interface SharedLock {
  release(): Promise<void>;
}

/** Takes a shared lock until it is released. The file stays: other processes may hold the lock too. */
export async function holdShared(path: string): Promise<SharedLock> {
  requireWhisperFolders(path);
  let file: FileHandle | undefined;
  try {
    makeFolder(dirname(path));
    const opened = (file = await openLock(path));
    const native = nativeFiles();
    await native?.waitForLock(opened.fd, 0, 0, { shared: true });
    const free = native ? undefined : shareProcessLock(path);
    return {
      release: async () => {
        free?.();
        await opened.close();
      },
    };
  } catch (error) {
    await file?.close();
    throw asDiskError(error, path);
  }
}

/**
 * Whether a process holds a lock, without waiting. `kind`: the kind that the holder takes. The test for an exclusive lock takes
 * a shared one, so that two tests at once do not see each other.
 */
export async function isLocked(path: string, kind: 'shared' | 'exclusive'): Promise<boolean> {
  let file: FileHandle;
  try {
    // The kernel grants an exclusive lock only on a file that is open for writing.
    file = await open(path, kind === 'shared' ? OPEN_NO_LINK_TO_WRITE : OPEN_NO_LINK);
  } catch (error) {
    // A lock that cannot be examined may be held.
    return errnoCode(error) !== 'ENOENT';
  }
  try {
    return !(await tryKernelLock(file, kind === 'exclusive')) || isNamed(path, kind);
  } finally {
    await file.close();
  }
}

function isNamed(path: string, kind: 'shared' | 'exclusive'): boolean {
  return kind === 'shared' ? isShared(path) : findProcessLock(path) !== undefined;
}

/**
 * Takes the kernel lock of an open file until it is closed; false where another process has one that rules it out. Where this
 * process cannot take it, only looks whether another process has one.
 */
export async function tryKernelLock(file: FileHandle, shared = false): Promise<boolean> {
  const native = nativeFiles();
  return native ? native.tryLock(file.fd, { shared }) : !hasKernelLock(await file.stat({ bigint: true }));
}

async function acquire(path: string, { wait, delay }: LockSettings): Promise<HeldLock> {
  requireWhisperFolders(path);
  withDiskErrors(dirname(path), () => makeFolder(dirname(path)));
  for (let waited = 0; ; waited += POLL) {
    const lock = await tryOnce(path);
    if (lock) {
      await sign(lock.file);
      faultPoint('lock: taken');
      return lock;
    }
    if (waited >= wait) throw modelsDirBusy(path, holderOf(path), findProcessLock(path));
    await delay(POLL);
  }
}

/** The holder's name is only for messages, so a disk that is too full for it is ignored. */
async function sign(lock: FileHandle): Promise<void> {
  // Other users of a shared folder have to be able to lock it. The owner of the file has set its mode already.
  await lock.chmod(0o666).catch(() => undefined);
  await lock.truncate(0).catch(ignoreDisk);
  await lock.write(JSON.stringify({ pid: process.pid, host: hostname() }), 0).catch(ignoreDisk);
}

function ignoreDisk(error: unknown): void {
  if (errnoCode(error) === undefined) throw error;
}

// The file is removed while the lock is held; a process that waits for it notices and locks the next file. Where the file
// cannot be removed, because the disk has become read-only since, it stays, unlocked.
async function release(path: string, lock: HeldLock): Promise<void> {
  await rm(path, { force: true }).catch(ignoreDisk);
  await lock.free();
}

async function tryOnce(path: string): Promise<HeldLock | undefined> {
  const file = await openLock(path);
  let freeName: (() => void) | undefined;
  const free = async (): Promise<void> => {
    freeName?.();
    await file.close();
  };
  try {
    // This kind of lock first, then the look for the other kind, which another process may have: see process-lock.ts.
    const isNative = nativeFiles() !== undefined;
    if (!isNative) freeName = withDiskErrors(path, () => tryProcessLock(path));
    const isFirst = isNative || freeName !== undefined;
    const isTaken = isFirst && (await tryKernelLock(file)) && !(isNative && findProcessLock(path));
    if (isTaken && (await isStillAt(path, file))) return { file, free };
  } catch (error) {
    await free();
    throw error;
  }
  await free();
  return undefined;
}

/** A lock guards nothing if its last holder has removed the file since it was opened. */
async function isStillAt(path: string, file: FileHandle): Promise<boolean> {
  const exact = { bigint: true } as const;
  const [held, current] = await Promise.all([file.stat(exact), lstat(path, exact).catch(() => undefined)]);
  return isSameFile(held, current);
}

function holderOf(path: string): Holder {
  const [, pid, host] = /"pid":(\d+),"host":"([^"]*)"/.exec(readStateFile(path)) ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host };
}

/** Opens or creates the file of a lock. It will be written to, so it must not have another name, or be anything else. */
async function openLock(path: string): Promise<FileHandle> {
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
    return await open(path, OPEN_NO_LINK_TO_WRITE);
  } catch (error) {
    if (errnoCode(error) !== 'ENOENT') throw error;
    return open(path, OPEN_NO_LINK_TO_WRITE | constants.O_CREAT, 0o666);
  }
}
