import {
  type BigIntStats,
  chmodSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { hasEnded, type LockHolder, parseHolder, type System } from '../../core/state/holder.ts';
import { errnoCode, NO_LINKS } from '../fs/errors.ts';
import { inodeOf } from '../fs/identity.ts';
import { readTextOrNothing } from '../fs/read.ts';
import { readStateFile, STATE_FILE_MODE } from '../fs/state-files.ts';

/**
 * Locks by files that name their process, for systems without the kernel locks of `native-files.ts`.
 *
 * An exclusive lock is the first of `LOCK.held-0`, `LOCK.held-1`, … that no ended process has. The file of an ended process is
 * never removed: two processes that both see that it has ended compete for the next file, which only one of them can create.
 *
 * Processes with and without kernel locks may share a folder. Each takes its own kind of lock first, and then looks for the
 * other kind, so at least one of two sees the other.
 */

/** Takes the exclusive lock, and returns the function that releases it; `undefined` while another process has it. */
export function tryProcessLock(lock: string): (() => void) | undefined {
  for (let number = 0; ; number += 1) {
    const file = `${lock}.held-${number}`;
    if (createFile(file)) return () => rmSync(file, { force: true });
    if (!isEnded(file)) return undefined;
  }
}

/** The file of the process that has the exclusive lock; `undefined`: none has it. */
export function findProcessLock(lock: string): string | undefined {
  for (let number = 0; ; number += 1) {
    const file = `${lock}.held-${number}`;
    if (!lstatSync(file, { throwIfNoEntry: false })) return undefined;
    // One that cannot be read may be of a running process.
    if (!isEnded(file)) return file;
  }
}

/** Takes a lock that several processes may have at once, and returns the function that releases it. */
export function shareProcessLock(lock: string): () => void {
  for (let number = 0; ; number += 1) {
    const file = `${lock}.shared-${process.pid}-${number}`;
    if (createFile(file)) return () => rmSync(file, { force: true });
  }
}

/** Whether a running process has a shared lock. */
export function isShared(lock: string): boolean {
  const folder = dirname(lock);
  const names = readdirSync(folder).filter((name) => name.startsWith(`${basename(lock)}.shared-`));
  return names.some((name) => !isEnded(join(folder, name)));
}

/** Whether a process has a kernel lock on a file, as Linux lists them; some file systems have another device number there. */
export function hasKernelLock(found: BigIntStats): boolean {
  const kernelLocks = readTextOrNothing('/proc/locks').split('\n');
  return kernelLocks.some((line) => line.includes(' OFDLCK ') && line.includes(`:${inodeOf(found)} `));
}

/** Creates a file that names this process, in one step; false where the file exists. */
function createFile(file: string): boolean {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, JSON.stringify(thisProcess()));
    return addName(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function addName(temporary: string, file: string): boolean {
  try {
    // Whatever the umask: other users of a shared folder have to be able to read it.
    chmodSync(temporary, STATE_FILE_MODE);
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(errnoCode(error))) throw error;
    return createWithoutLink(file);
  }
}

/** A crash between the two steps leaves an empty file, which counts as a running process. */
function createWithoutLink(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(thisProcess()), { flag: 'wx' });
    chmodSync(file, STATE_FILE_MODE);
    return true;
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function isEnded(file: string): boolean {
  const holder = parseHolder(readStateFile(file));
  return holder !== undefined && hasEnded(holder, system());
}

function thisProcess(): LockHolder {
  const { boot, machine, namespace } = system();
  return { pid: process.pid, host: hostname(), start: startOf(process.pid) ?? '', boot, machine, namespace };
}

let known: System | undefined;

function system(): System {
  known ??= {
    boot: readTextOrNothing('/proc/sys/kernel/random/boot_id').trim(),
    machine: readTextOrNothing('/etc/machine-id').trim(),
    namespace: readNamespace(),
    startOf,
  };
  return known;
}

/** Without /proc, a number of a process means something on this host only. */
function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return hostname();
  }
}

function startOf(pid: number): string | undefined {
  try {
    // The name of the program, in parentheses, may contain anything; the start is the 20th field behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return isRunning(pid) ? '' : undefined;
  }
}

/** For systems without /proc, or where it hides the processes of other users. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoCode(error) === 'EPERM';
  }
}
