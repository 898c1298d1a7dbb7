import { lstatSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isModelFile } from '../../core/catalogue/names.ts';
import { asDiskError, errnoCode } from '../fs/errors.ts';
import { faultPoint } from '../fs/fault-points.ts';
import type { SharedLock } from '../fs/flock.ts';
import { moveToFreeName } from '../fs/move.ts';
import { listFolder, makeFolder } from '../fs/state-files.ts';
import { removeFile } from '../fs/write.ts';

/** Files that were pruned and can still be given back: to move one there or back is a rename, however large it is. */
export class TrashFolder {
  /** Where they lie. */
  readonly path: string;
  readonly #models: string;

  constructor(modelsDir: string) {
    this.#models = modelsDir;
    this.path = join(modelsDir, '.whisper', 'undo');
  }

  /** Whether there is anything that may be a model's; looked at by every command, so as cheaply as can be. */
  hasFiles(): boolean {
    return listFolder(this.path).some(({ name }) => isModelFile(name));
  }

  /** Moves a model out of the models directory; it is no error if it is gone already. */
  put(name: string): void {
    try {
      makeFolder(this.path);
      // What an earlier prune put there is the older one of the two.
      this.free(name);
      renameSync(join(this.#models, checked(name)), join(this.path, name));
      faultPoint('undo: put');
    } catch (error) {
      if (errnoCode(error) !== 'ENOENT') throw asDiskError(error, join(this.path, name));
    }
  }

  /** Gives one back; false where it is gone, or something else has its name by now. */
  back(name: string): boolean {
    const path = join(this.#models, checked(name));
    try {
      if (!moveToFreeName(join(this.path, name), path)) return false;
      faultPoint('undo: given back');
      return true;
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') return false;
      throw asDiskError(error, path);
    }
  }

  /** Removes one for good. */
  free(name: string): void {
    removeFile(join(this.path, checked(name)));
    faultPoint('undo: freed');
  }

  /** When a file was put there, in milliseconds since the epoch; `undefined`: it is not there. */
  putAt(name: string): number | undefined {
    // A move changes no other time of a file.
    return lstatSync(join(this.path, checked(name)), { throwIfNoEntry: false })?.ctimeMs;
  }

  /** Says, until it is let go, that somebody is here who gives files back or frees them. Several may say so at once. */
  async hold(): Promise<SharedLock> {
    const { holdShared } = await import('../fs/flock.ts');
    return holdShared(holdPath(this.path));
  }
}

/** Whether a session is there that answers for the files in an undo folder. */
export async function isUndoHeld(folder: string): Promise<boolean> {
  // Loaded only where there is something to ask about: every command that looks comes by here.
  const { isLocked } = await import('../fs/flock.ts');
  return isLocked(holdPath(folder), 'shared');
}

function holdPath(folder: string): string {
  return join(folder, 'lock');
}

function checked(name: string): string {
  if (!isModelFile(name)) throw new Error(`not to be undone: ${JSON.stringify(name)}`);
  return name;
}
