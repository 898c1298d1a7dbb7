import { lstatSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isModelFile } from '../../core/catalogue/names.ts';
import { asDiskError, errnoCode } from '../fs/errors.ts';
import { faultPoint } from '../fs/fault-points.ts';
import type { SharedLock } from '../lock/flock.ts';
import { moveToFreeName } from '../fs/move.ts';
import { listFolder, makeFolder } from '../fs/state-files.ts';
import { removeFile } from '../fs/write.ts';

/** Files that were pruned and can still be restored: moving one is a rename, however large it is. */
export class TrashFolder {
  readonly path: string;
  readonly #models: string;

  constructor(modelsDir: string) {
    this.#models = modelsDir;
    this.path = join(modelsDir, '.whisper', 'undo');
  }

  /** Whether there is anything that may be a model's; checked by every command, so it must be cheap. */
  hasFiles(): boolean {
    return listFolder(this.path).some(({ name }) => isModelFile(name));
  }

  /** Moves a model out of the models directory; a missing one is not an error. */
  put(name: string): void {
    try {
      makeFolder(this.path);
      // A file from an earlier prune is older.
      this.free(name);
      renameSync(join(this.#models, checked(name)), join(this.path, name));
      faultPoint('undo: put');
    } catch (error) {
      if (errnoCode(error) !== 'ENOENT') throw asDiskError(error, join(this.path, name));
    }
  }

  /** Restores one; false where it is gone, or another file has its name by now. */
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
    if (removeFile(join(this.path, checked(name)))) faultPoint('undo: freed');
  }

  /** When a file was put there, in milliseconds since the epoch; `undefined`: it is not there. */
  putAt(name: string): number | undefined {
    // A move changes no other time of a file.
    return lstatSync(join(this.path, checked(name)), { throwIfNoEntry: false })?.ctimeMs;
  }

  /** Marks the folder as used by a session, which will restore or free the files, until it is released. Several may hold it. */
  async hold(): Promise<SharedLock> {
    return (await import('../lock/flock.ts')).holdShared(holdPath(this.path));
  }
}

/** Whether a session is running that will restore or free the files in an undo folder. */
export async function isUndoHeld(folder: string): Promise<boolean> {
  // Loaded only if needed: every command that reads the folder calls this.
  return (await import('../lock/flock.ts')).isLocked(holdPath(folder), 'shared');
}

function holdPath(folder: string): string {
  return join(folder, 'lock');
}

function checked(name: string): string {
  if (!isModelFile(name)) throw new Error(`not to be undone: ${JSON.stringify(name)}`);
  return name;
}
