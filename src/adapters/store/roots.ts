import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { flakeFolder, readRootNote, type Root, rootKey, type RootNote, rootNoteJson } from '../../core/state/root.ts';
import { withDiskErrors } from '../fs/errors.ts';
import { listFolder, readStateFile, writeStateFile } from '../fs/state-files.ts';
import { removeFile } from '../fs/write.ts';

interface RootNotes {
  /** By the names of their files. */
  readonly notes: readonly RootNote[];
  /** State files that cannot be read: their registries are unknown. */
  readonly damaged: readonly string[];
}

export class Roots {
  readonly #folder: string;

  constructor(modelsDir: string) {
    this.#folder = join(modelsDir, '.whisper', 'roots');
  }

  async has(note: RootNote): Promise<boolean> {
    const known = readRootNote(readStateFile(await this.notePath(note.root)));
    return known !== undefined && JSON.stringify(rootNoteJson(known)) === JSON.stringify(rootNoteJson(note));
  }

  /** Writes the state file, so that another registry's prune keeps these models. */
  async write(note: RootNote): Promise<void> {
    if (await this.has(note)) return;
    const path = await this.notePath(note.root);
    withDiskErrors(path, () => writeStateFile(path, rootNoteJson(note)));
  }

  async remove(root: Root): Promise<void> {
    removeFile(await this.notePath(root));
  }

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

  async notePath(root: Root): Promise<string> {
    // Loaded here, because it is slow and read-only commands do not need it.
    const { createHash } = await import('node:crypto');
    const id = createHash('sha256').update(rootKey(root)).digest('hex').slice(0, 32);
    return join(this.#folder, `${id}.json`);
  }
}

/** Whether a root's file, or the folder of its flake, is missing. One that cannot be inspected is not missing: reading it reports the error. */
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

/** The roots of a file, through links or not, else of files in that folder; the path is followed as far as it exists. */
export function rootsAt(roots: readonly Root[], given: string, cwd: string): readonly Root[] {
  const path = resolve(cwd, given);
  // In the form of the state files: the folder with its links followed, the file without.
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
