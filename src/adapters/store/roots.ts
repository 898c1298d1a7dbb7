import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { flakeFolder, readRootNote, type Root, rootKey, type RootNote, rootNoteJson } from '../../core/state/root.ts';
import { asDiskError } from '../fs/errors.ts';
import { listFolder, readStateFile, writeStateFile } from '../fs/state-files.ts';
import { removeFile } from '../fs/write.ts';

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
    const known = readRootNote(readStateFile(await this.notePath(note.root)));
    return known !== undefined && JSON.stringify(rootNoteJson(known)) === JSON.stringify(rootNoteJson(note));
  }

  /** Notes it, so that its models are kept when another registry prunes. */
  async write(note: RootNote): Promise<void> {
    if (await this.has(note)) return;
    const path = await this.notePath(note.root);
    try {
      writeStateFile(path, rootNoteJson(note));
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  async remove(root: Root): Promise<void> {
    removeFile(await this.notePath(root));
  }

  /** What is noted now. */
  read(): RootNotes {
    const notes: RootNote[] = [];
    const damaged: string[] = [];
    const files = listFolder(this.#folder).map(({ name }) => name);
    for (const name of files.filter((each) => each.endsWith('.json')).toSorted()) {
      const path = join(this.#folder, name);
      const note = readRootNote(readStateFile(path));
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

/**
 * Whether the file of a root is missing, or the folder of this machine that its flake reference means. What exists and cannot
 * be looked at is not missing: to read it says why.
 */
export function isRootMissing({ file, attr, cwd }: Root): boolean {
  const folder = attr?.includes('#') === true ? flakeFolder(attr) : undefined;
  return isMissing(file) || (folder !== undefined && isMissing(resolve(cwd ?? dirname(file), folder)));
}

function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/**
 * The roots that a path means: of that file, through links or not, else of files in that folder. The path need not exist any
 * more; then as much of it is followed as exists.
 */
export function rootsAt(roots: readonly Root[], given: string, cwd: string): readonly Root[] {
  const path = resolve(cwd, given);
  // As roots are noted: the folder with its links followed, the file without.
  const names = new Set([path, join(followed(dirname(path)), basename(path)), followed(path)]);
  const ofFile = roots.filter(({ file }) => names.has(file) || names.has(followed(file)));
  if (ofFile.length > 0) return ofFile;
  return roots.filter(({ file }) => [...names].some((folder) => file.startsWith(`${folder}/`)));
}

/** A path with links followed, as far as it exists. */
function followed(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path === dirname(path) ? path : join(followed(dirname(path)), basename(path));
  }
}
