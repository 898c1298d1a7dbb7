import { randomBytes } from 'node:crypto';
import { linkSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoCode } from '../fs/errors.ts';
import { identifyFile, isSameFile } from '../fs/identity.ts';
import { NO_LINKS } from '../fs/move.ts';
import { syncFolder } from '../fs/state-files.ts';

/**
 * Makes a file that is not there yet; false where anything has that name by now, also a link that leads nowhere. Errors of
 * the file system are thrown as they are.
 */
export async function createText(path: string, text: string): Promise<boolean> {
  try {
    return await besides(path, NEW_MODE, async (file, temporary) => {
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

const NEW_MODE = 0o666;

/** Where a name cannot be given to a finished file, the unfinished one is taken away again. */
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
 * Makes a new file in the folder of `target` and has it placed; what is left of it is removed. While it is open, it is not
 * taken for one that a crash left.
 */
export async function besides<T>(
  target: string,
  mode: number,
  place: (file: FileHandle, path: string) => Promise<T>,
): Promise<T> {
  const path = join(dirname(target), `.whisper-${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(path, 'wx', mode);
  const made = await file.stat({ bigint: true });
  try {
    return await place(file, path);
  } finally {
    await file.close();
    // Where names were exchanged and could not be exchanged back, this is the text that somebody has saved.
    if (isSameFile(made, identifyFile(path))) await rm(path, { force: true });
    // A model that is published next must not outlive its line when the power goes.
    syncFolder(dirname(target));
  }
}
