import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRoot, rootKey, type Root } from '../core/models/root.ts';
import { asDiskError } from './disk-error.ts';
import { listFolder, readNote, writeNote } from './notes.ts';

/** What the notes about roots say. */
export interface RootNotes {
  readonly roots: readonly Root[];
  /** Notes that cannot be read: nobody can say whose they were. */
  readonly damaged: readonly string[];
}

/** The registries that use one models directory: a note for each. */
export class Roots {
  readonly #folder: string;

  constructor(modelsDir: string) {
    this.#folder = join(modelsDir, '.whisper', 'roots');
  }

  /** Whether it is noted that a registry uses this folder. */
  async has(root: Root): Promise<boolean> {
    const known = readRoot(readNote(await this.notePath(root)));
    return known !== undefined && rootKey(known) === rootKey(root);
  }

  /** Notes it, so that its models are kept when another one prunes. */
  async add(root: Root): Promise<void> {
    if (await this.has(root)) return;
    const path = await this.notePath(root);
    try {
      writeNote(path, root);
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  async remove(root: Root): Promise<void> {
    const path = await this.notePath(root);
    try {
      rmSync(path, { force: true });
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  /** What is noted now. */
  read(): RootNotes {
    const roots: Root[] = [];
    const damaged: string[] = [];
    for (const { name } of listFolder(this.#folder)) {
      if (!name.endsWith('.json')) continue;
      const path = join(this.#folder, name);
      const root = readRoot(readNote(path));
      if (root) roots.push(root);
      else damaged.push(path);
    }
    return { roots, damaged };
  }

  /** Where the note about a root is. */
  async notePath(root: Root): Promise<string> {
    // Loaded here, because commands that only look have no need of it and it takes its time.
    const { createHash } = await import('node:crypto');
    const id = createHash('sha256').update(rootKey(root)).digest('hex').slice(0, 32);
    return join(this.#folder, `${id}.json`);
  }
}
