import { closeSync, constants, fstatSync, openSync, realpathSync, rmSync } from 'node:fs';
import { access, type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isInStore } from '../../core/binary-cache/store-path.ts';
import { openInAnotherProgram, anotherEditRunning } from '../../core/messages/busy.ts';
import { attributesWouldBeLost, fileReadOnly, type ProtectedFile, writeFailed } from '../../core/messages/edits.ts';
import { copyAttributes } from '../fs/attributes.ts';
import { asDiskError, errnoCode, isFullDisk } from '../fs/errors.ts';
import { faultPoint } from '../fs/fault-points.ts';
import { identifyFile, isSameFile } from '../fs/identity.ts';
import { moveOver } from '../fs/move.ts';
import { OPEN_NO_LINK } from '../fs/write.ts';
import { hasWriter } from '../fs/open-writers.ts';
import { writeBeside, TEMPORARY_NAME } from '../fs/atomic-write.ts';
import { MAX_LENGTH, needsNoCopy, overwriteText, type Overwritten, finishOverwrite } from './overwrite-text.ts';
import { WhisperError } from '../../core/errors.ts';
import { listFolder } from '../fs/state-files.ts';

/**
 * Writes the user's text files: completely or not at all, with all attributes kept, and only if they still have the text that
 * was read.
 *
 * A new file is renamed into place where it can be given all of the old one's attributes: readers see the old text or the
 * new one, and a crash leaves one of them. That is checked, attribute by attribute, before the rename. The attributes are
 * copied through open files by the native module that the program has anyway: `cp --attributes-only` does the same on
 * Linux only, needs a process, and creates the file with the mode of its umask. A file with several names, or one whose
 * owner or attributes cannot be given to a new file, is overwritten (`overwrite-text.ts`). On macOS every file is, because
 * an ACL cannot be seen there as an attribute.
 */

export interface Rewriting {
  /** For the message where it is read-only. */
  readonly kind: ProtectedFile;
  readonly read: (path: string) => string | undefined;
}

/** How often a change is made again if the user saves the file at the same time. */
export const TRIES = 3;

/** The file to write to, links followed; throws where it is read-only. */
export async function writableTarget(file: string, how: Rewriting): Promise<string> {
  const target = await realpath(file);
  const { mode } = await stat(target);
  const isWritable = (mode & 0o222) !== 0 && (await mayWrite(target)) && (await mayWrite(dirname(target)));
  if (isWritable && !isInStore(target)) return target;
  throw fileReadOnly(target, isInStore(target), how.kind);
}

/** Throws where a new file could not be created. */
export async function requireRoomFor(file: string, how: Rewriting): Promise<void> {
  const folder = await realpath(dirname(file));
  if (isInStore(folder) || !(await mayWrite(folder))) throw fileReadOnly(folder, isInStore(folder), how.kind);
}

/**
 * Replaces a text; false where the file is not what was read. To be called under the lock of the folder's texts. Throws
 * `registry-busy` (exit 7) where another program keeps the file open for writing, and `no-space` (exit 6) on a full disk.
 */
export async function replaceText(target: string, before: string, after: string, how: Rewriting): Promise<boolean> {
  try {
    const file = await open(target, OPEN_NO_LINK);
    try {
      await waitForWriters(target, file);
      const old = await file.stat({ bigint: true });
      return await replace(file, { target, old, before, after }, how);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = errnoCode(cause);
    if (isFullDisk(cause)) throw asDiskError(cause, target, 'none');
    throw code === undefined ? cause : writeFailed(target, code, how.kind, cause);
  }
}

/** How often, and for how many milliseconds, to wait for a program that has the file open for writing. */
const ATTEMPTS = 20;
const PAUSE = 50;

/** A text that is being saved in place is incomplete, and anything written to a file after it was replaced is lost. */
async function waitForWriters(target: string, file: FileHandle): Promise<void> {
  for (let attempt = 1; hasWriter(file.fd) === true; attempt += 1) {
    if (attempt === ATTEMPTS) throw openInAnotherProgram(target);
    await sleep(PAUSE);
  }
}

async function replace(file: FileHandle, text: Overwritten, how: Rewriting): Promise<boolean> {
  const { target, old, before, after } = text;
  const mayBeNew = old.nlink === 1n && process.platform !== 'darwin';
  try {
    const isReplaced = mayBeNew ? await replaceBeside(file, text, how) : undefined;
    if (isReplaced !== undefined) return isReplaced;
    if (Math.max(before.length, after.length) > MAX_LENGTH) throw attributesWouldBeLost(target, how.kind);
    return await overwriteText(text, true);
  } catch (error) {
    // A full disk has no room for another file, but often for a few more bytes in this one.
    if (!isFullDisk(error) || !needsNoCopy(before, after)) throw error;
    return overwriteText(text, false);
  }
}

/** `undefined`: a new file cannot be given the attributes of the old one. */
async function replaceBeside(
  file: FileHandle,
  { target, old, before, after }: Overwritten,
  how: Rewriting,
): Promise<boolean | undefined> {
  // Readable only by this user until it has the attributes of the old file.
  return writeBeside(target, 0o600, async (temporary, path) => {
    if (!(await copyAttributes(file, temporary))) return undefined;
    await temporary.writeFile(after);
    await temporary.sync();
    // A watch session reads a file at once if no process has it open for writing.
    await temporary.close();
    const seen = identifyFile(target);
    const isUnchanged =
      seen !== undefined && isSameFile(seen, old) && hasWriter(file.fd) !== true && how.read(target) === before;
    faultPoint('text: written beside');
    // The names are exchanged, and exchanged back if the user has just saved the file, or is about to.
    const isUnused = (): boolean => hasWriter(file.fd) !== true;
    if (!isUnchanged || !(await moveOver(path, target, seen, isUnused))) return false;
    faultPoint('text: replaced');
    return true;
  });
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Processes that edit the texts of one folder do so one after the other. The lock is a file beside the text, not one in the
 * state of the user: so it holds between users, and between machines that share the folder. It exists only
 * during an edit, as the new text does; the next edit removes leftovers of a crash.
 */
const LOCK = '.whisper-edit.lock';

/** Milliseconds to wait for another edit, which takes a few. */
const WAIT = 10_000;

/** Does some work while no other process edits a text of the folder, after cleaning up leftovers of a crash. */
export async function withTextLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const { withLock } = await import('../lock/flock.ts');
  const path = join(folder, LOCK);
  const settings = { wait: WAIT, delay: async (milliseconds: number) => sleep(milliseconds) };
  try {
    return await withLock(path, settings, async () => {
      await finishOverwrite(folder);
      removeAll(folder);
      return work();
    });
  } catch (error) {
    if (error instanceof WhisperError && error.code === 'busy' && error.details['lock'] === path)
      throw anotherEditRunning(folder, error);
    throw error;
  }
}

/** Waits for a running edit of a text, or finishes an interrupted one. */
export async function finishEdit(file: string): Promise<void> {
  await withTextLock(dirname(realpathSync(file)), async () => {});
}

/** Removes leftovers of interrupted edits beside a file, where possible. */
export async function removeLeftovers(file: string): Promise<void> {
  try {
    const folder = dirname(realpathSync(file));
    if (listFolder(folder).some(({ name }) => name === LOCK || TEMPORARY_NAME.test(name)))
      await withTextLock(folder, async () => {});
  } catch (error) {
    if (!(error instanceof WhisperError) && errnoCode(error) === undefined) throw error;
  }
}

function removeAll(folder: string): void {
  for (const entry of listFolder(folder)) {
    if (!entry.isFile() || !TEMPORARY_NAME.test(entry.name)) continue;
    const path = join(folder, entry.name);
    try {
      if (!isBeingWritten(path)) rmSync(path, { force: true });
    } catch (error) {
      // It belongs to another user, whose next edit removes it.
      if (errnoCode(error) === undefined) throw error;
    }
  }
}

/** An earlier version of the program takes no lock. */
function isBeingWritten(path: string): boolean {
  const file = openSync(path, OPEN_NO_LINK);
  try {
    return fstatSync(file).isFile() && hasWriter(file) === true;
  } finally {
    closeSync(file);
  }
}
