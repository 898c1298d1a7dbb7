import { closeSync, constants, fstatSync, openSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WhisperError } from '../../core/errors.ts';
import { anotherEditRunning } from '../../core/messages/busy.ts';
import { TEMPORARY_NAME } from '../fs/atomic-write.ts';
import { errnoCode } from '../fs/errors.ts';
import { hasWriter } from '../fs/open-writers.ts';
import { listFolder } from '../fs/state-files.ts';
import { finishOverwrite } from './overwrite-text.ts';

/**
 * Processes that edit the texts of one folder do so one after the other. The lock is a file beside the text, not one in the
 * state of the user: so it holds between users, and between machines that share the folder. It is there only while somebody
 * writes, as the new text is; what a crash leaves, the next edit removes.
 */
const LOCK = '.whisper-edit.lock';

/** Milliseconds to wait for another edit, which takes a few. */
const WAIT = 10_000;

/** Does some work while no other process edits a text of the folder, after what a crash left there is cleaned up. */
export async function withTextLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const { withLock } = await import('../fs/flock.ts');
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

/** Waits for the edit of a text that is going on, or finishes one that a crash cut off. */
export async function finishEdit(file: string): Promise<void> {
  await withTextLock(dirname(realpathSync(file)), async () => {});
}

/** Removes what edits that a crash cut off have left beside a file. Where that cannot be done, it stays. */
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
      // Another user's, who removes it with an edit of their own.
      if (errnoCode(error) === undefined) throw error;
    }
  }
}

/** An earlier version of the program takes no lock. */
function isBeingWritten(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return fstatSync(file).isFile() && hasWriter(file) === true;
  } finally {
    closeSync(file);
  }
}
