import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readRootNote, rootKey, rootNoteJson, type Root, type RootNote } from '../core/models/root.ts';
import { asDiskError, errnoCode } from './disk-error.ts';
import { listFolder, readNote, writeNote } from './notes.ts';

/** What the notes about roots say. */
export interface RootNotes {
  /** By the names of their files. */
  readonly notes: readonly RootNote[];
  /** Notes that cannot be read: nobody can say whose they were. */
  readonly damaged: readonly string[];
}

/** The registries that use one models directory: a note for each. */
export class Roots {
  readonly #folder: string;

  constructor(modelsDir: string) {
    this.#folder = join(modelsDir, '.whisper', 'roots');
  }

  /** Whether exactly this is noted. */
  async has(note: RootNote): Promise<boolean> {
    const known = readRootNote(readNote(await this.notePath(note.root)));
    return known !== undefined && JSON.stringify(rootNoteJson(known)) === JSON.stringify(rootNoteJson(note));
  }

  /** Notes it, so that its models are kept when another registry prunes. */
  async write(note: RootNote): Promise<void> {
    if (await this.has(note)) return;
    const path = await this.notePath(note.root);
    try {
      writeNote(path, rootNoteJson(note));
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  async remove(root: Root): Promise<void> {
    const path = await this.notePath(root);
    try {
      unlinkSync(path);
    } catch (error) {
      if (errnoCode(error) !== 'ENOENT') throw asDiskError(error, path);
    }
  }

  /** What is noted now. */
  read(): RootNotes {
    const notes: RootNote[] = [];
    const damaged: string[] = [];
    const files = listFolder(this.#folder).map(({ name }) => name);
    for (const name of files.filter((each) => each.endsWith('.json')).toSorted()) {
      const path = join(this.#folder, name);
      const note = readRootNote(readNote(path));
      if (note) notes.push(note);
      else damaged.push(path);
    }
    return { notes, damaged };
  }

  /** Where the note about a root is. */
  async notePath(root: Root): Promise<string> {
    // Loaded here, because commands that only look have no need of it and it takes its time.
    const { createHash } = await import('node:crypto');
    const id = createHash('sha256').update(rootKey(root)).digest('hex').slice(0, 32);
    return join(this.#folder, `${id}.json`);
  }
}
