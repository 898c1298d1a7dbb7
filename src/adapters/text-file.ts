import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, type Stats } from 'node:fs';
import { access, constants, open, realpath, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { notWritten, readOnly, type Unwritable } from '../core/messages/edits.ts';
import { isInStore } from '../core/nix/store.ts';
import { errnoCode } from './disk-error.ts';
import { faultPoint } from './fault-points.ts';
import { syncFolder } from './notes.ts';

/** Text files of people: written whole or not at all, with mode and owner kept, and only over what was read. */

/** What is to be known of a kind of file to replace it, or to refuse that. */
export interface Rewriting {
  /** What it is, where the program must not write, or cannot. */
  readonly kind: Unwritable;
  /** Its text as it is now. */
  readonly read: (path: string) => string | undefined;
}

/** How often a change is made anew if somebody saves the file meanwhile. */
export const TRIES = 3;

/** The file that a write goes to, links followed; refuses where it is not to be written. */
export async function writableTarget(file: string, how: Rewriting): Promise<string> {
  const target = await realpath(file);
  const { mode } = await stat(target);
  const isWritable = (mode & 0o222) !== 0 && (await mayWrite(target)) && (await mayWrite(dirname(target)));
  if (isWritable && !isInStore(target)) return target;
  throw readOnly(target, isInStore(target), how.kind);
}

/** Refuses where a file that is not there yet cannot be made. */
export async function requireRoomFor(file: string, how: Rewriting): Promise<void> {
  const folder = await realpath(dirname(file));
  if (isInStore(folder) || !(await mayWrite(folder))) throw readOnly(folder, isInStore(folder), how.kind);
}

/** Writes a new file beside the old one and renames it into place; false where the old one is not what was read. */
export async function replaceText(target: string, before: string, after: string, how: Rewriting): Promise<boolean> {
  const old = await stat(target);
  try {
    return await besides(target, after, old, (temporary) => {
      const isUnchanged = how.read(target) === before;
      // At once: nobody may save between the look and the rename, as far as that is in our hands.
      faultPoint('text: written beside');
      if (isUnchanged) renameSync(temporary, target);
      faultPoint('text: replaced');
      return isUnchanged;
    });
  } catch (cause) {
    const code = errnoCode(cause);
    throw code === undefined ? cause : notWritten(target, code, how.kind, cause);
  }
}

/**
 * Makes a file that is not there yet; false where anything has that name by now, also a link that leads nowhere. Errors of
 * the file system are thrown as they are.
 */
export async function createText(path: string, text: string): Promise<boolean> {
  try {
    return await besides(path, text, undefined, (temporary) => {
      linkSync(temporary, path);
      return true;
    });
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(errnoCode(error))) throw error;
    return createInPlace(path, text);
  }
}

/** What file systems without hard links say. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK']);

/** Where a name cannot be given to a finished file, the unfinished one is taken away again. */
async function createInPlace(path: string, text: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

/** Writes a text into a file of its own in the same folder and gives it a place; what is left of it goes. */
async function besides(
  target: string,
  text: string,
  old: Stats | undefined,
  place: (temporary: string) => boolean,
): Promise<boolean> {
  const temporary = join(dirname(target), `.whisper-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', old?.mode);
    try {
      await file.writeFile(text);
      if (old) await takeOver(file, old);
      await file.sync();
    } finally {
      await file.close();
    }
    const isPlaced = place(temporary);
    // A model that is published next must not outlive its line when the power goes.
    if (isPlaced) syncFolder(dirname(target));
    return isPlaced;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function takeOver(file: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  const made = await file.stat();
  if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
  await file.chmod(mode & 0o7777);
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
