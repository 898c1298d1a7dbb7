import { type BigIntStats, lstatSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readObject } from '../../core/json.ts';
import { interruptedEditOfAnotherUser } from '../../core/messages/busy.ts';
import { finishedText, isEqual, isOnePage, type Overwrite, planOverwrite } from '../../core/registry/edit/overwrite.ts';
import { replaceFile, syncFolder } from '../fs/atomic-write.ts';
import { faultPoint } from '../fs/fault-points.ts';
import { identifyFile, isSameFile } from '../fs/identity.ts';
import { readStateFile } from '../fs/state-files.ts';
import { OPEN_NO_LINK_TO_WRITE, writeAll } from '../fs/write.ts';
import { SAVED_TEXTS } from './find-registry.ts';

/**
 * Overwrites a text in its own file, for files that a new one cannot replace: with several names (hard links), or with an
 * owner or attributes that this user cannot give to a new file. Old and new text are saved beside it first, so that the next
 * run finishes an interrupted overwrite; `core/registry/edit/overwrite.ts` says why no step can be misread.
 */

export interface Overwritten {
  readonly target: string;
  /** The file that was read. */
  readonly old: BigIntStats;
  readonly before: string;
  readonly after: string;
}

/** The longest text in characters: two of them, as JSON, must fit into a state file. */
export const MAX_LENGTH = 1024 * 1024;

/** Whether a text can be overwritten without saving it first, which a full disk has no room for: no step can be cut off. */
export function needsNoCopy(before: string, after: string): boolean {
  return isOnePage(planOverwrite(Buffer.from(before), Buffer.from(after)));
}

/** Overwrites a text, or restores it on failure; false: it was saved or replaced. `hasCopy`: both texts are saved first. */
export async function overwriteText({ target, old, before, after }: Overwritten, hasCopy: boolean): Promise<boolean> {
  const { tryKernelLock } = await import('../lock/flock.ts');
  const [from, to] = [Buffer.from(before), Buffer.from(after)];
  const plan = planOverwrite(from, to);
  const file = await open(target, OPEN_NO_LINK_TO_WRITE);
  try {
    // Its other names may be in other folders, which have their own locks.
    if (!(await tryKernelLock(file))) return false;
    if (hasCopy) saveTexts(target, before, after);
    faultPoint('text: saved beside');
    if (!(await isStill(file, old, from))) {
      forgetTexts(dirname(target));
      return false;
    }
    const failure = await carryOut(file, plan, from);
    const isDone = isEqual(await readBytes(file), to) && isSameFile(old, identifyFile(target));
    forgetTexts(dirname(target));
    if (failure !== undefined) throw failure;
    return isDone;
  } finally {
    await file.close();
  }
}

/** Returns the error of a failed step after restoring the old text; throws if that fails too. */
async function carryOut(file: FileHandle, plan: Overwrite, from: Buffer): Promise<unknown> {
  const { reserve, start, bytes, length } = plan;
  try {
    await writeAll(file, [Buffer.from(reserve)], from.length);
    faultPoint('text: reserved');
    await writeAll(file, [Buffer.from(bytes)], start);
    faultPoint('text: overwritten');
    await file.truncate(length);
    await file.sync();
    return undefined;
  } catch (error) {
    // These bytes have their place on the disk already.
    await writeAll(file, [from.subarray(start)], start);
    await file.truncate(from.length);
    return error;
  }
}

async function isStill(file: FileHandle, old: BigIntStats, text: Buffer): Promise<boolean> {
  const now = await file.stat({ bigint: true });
  return isSameFile(now, old) && isEqual(await readBytes(file), text);
}

async function readBytes(file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(size);
  for (let filled = 0; filled < size;) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** Readable by no other user: the text may be secret. */
function saveTexts(target: string, before: string, after: string): void {
  const saved = JSON.stringify({ file: basename(target), before, after });
  replaceFile(join(dirname(target), SAVED_TEXTS), saved, { mode: 0o600 });
  syncFolder(dirname(target));
}

function forgetTexts(folder: string): void {
  rmSync(join(folder, SAVED_TEXTS), { force: true });
  syncFolder(folder);
}

/**
 * Finishes an interrupted overwrite. To be called under the lock of the folder's texts. A file that was saved since is left
 * alone. Throws `registry-busy` (exit 7) where another user has to do it.
 */
export async function finishOverwrite(folder: string): Promise<void> {
  const path = join(folder, SAVED_TEXTS);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (found.uid !== process.getuid?.()) throw interruptedEditOfAnotherUser(path);
  const { file: name, before, after } = readObject(readStateFile(path)) ?? {};
  // A file from a checkout has another mode, and is ignored.
  const isOwn = found.isFile() && (found.mode & 0o777) === 0o600;
  if (isOwn && typeof name === 'string' && basename(name) === name)
    await finish(join(folder, name), Buffer.from(String(before)), Buffer.from(String(after)));
  if (isOwn) forgetTexts(folder);
}

async function finish(target: string, before: Buffer, after: Buffer): Promise<void> {
  if (!lstatSync(target, { throwIfNoEntry: false })?.isFile()) return;
  const file = await open(target, OPEN_NO_LINK_TO_WRITE);
  try {
    const text = finishedText(await readBytes(file), before, after);
    if (!text) return;
    await writeAll(file, [Buffer.from(text)], 0);
    await file.truncate(text.length);
    await file.sync();
  } finally {
    await file.close();
  }
}
