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
 * state of the user: so it holds between users, and between machines that share the folder. It exists only
 * during an edit, as the new text does; the next edit removes leftovers of a crash.
 */
const LOCK = '.whisper-edit.lock';

/** Milliseconds to wait for another edit, which takes a few. */
const WAIT = 10_000;

/** Does some work while no other process edits a text of the folder, after cleaning up leftovers of a crash. */
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
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return fstatSync(file).isFile() && hasWriter(file) === true;
  } finally {
    closeSync(file);
  }
}
