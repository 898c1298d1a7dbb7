import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  statfsSync,
  statSync,
  unlinkSync,
  type Dirent,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { readJournal } from '../core/models/journal.ts';
import { isModelFile } from '../core/models/name.ts';
import type { Actual, ModelFile } from '../core/models/plan.ts';
import { readRecord, type ModelRecord } from '../core/models/record.ts';
import { asDiskError, errnoCode } from './disk-error.ts';
import { removePartial } from './journal-file.ts';
import { listFolder, readNote, writeNote } from './notes.ts';
import { Roots } from './roots.ts';

/** The mode of a published model: it is complete and never changes. */
export const MODEL_MODE = 0o444;

/** What `stat` counts blocks in, whatever the file system does. */
const BLOCK = 512;

/** Where the bytes of a file are from, and their hash. */
type RecordedEntry = Pick<ModelRecord, 'repo' | 'revision' | 'sha256'>;

/** The folder that model files lie in, with the program's own notes in `.whisper/`. */
export class ModelsDir {
  readonly path: string;
  readonly roots: Roots;

  constructor(path: string) {
    this.path = path;
    this.roots = new Roots(path);
  }

  get lockPath(): string {
    return join(this.path, '.whisper', 'lock');
  }

  modelPath(name: string): string {
    return join(this.path, checked(name));
  }

  partialPath(name: string): string {
    return join(this.path, '.whisper', 'partial', `${checked(name)}.part`);
  }

  /** The lock of one file while it is fetched. */
  fetchLockPath(name: string): string {
    return join(this.path, '.whisper', 'partial', `${checked(name)}.lock`);
  }

  exists(): boolean {
    return statSync(this.path, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  /** What is there. A folder that does not exist yet is an empty one; nothing is written. */
  scan(): Actual {
    try {
      const recorded = new Set(listFolder(join(this.path, '.whisper', 'records')).map((entry) => entry.name));
      const entries = listFolder(this.path).filter((entry) => isModelFile(entry.name));
      return {
        files: entries
          .map((entry) => this.#inspect(entry, recorded.has(`${entry.name}.json`)))
          .filter((file) => file !== undefined),
        partials: this.#partials(),
        free: freeBytes(this.path),
      };
    } catch (error) {
      throw asDiskError(error, this.path);
    }
  }

  /** Whether a model of that size is there; any size where none is given. */
  has(name: string, size: number | undefined): boolean {
    const found = statSync(this.modelPath(name), { throwIfNoEntry: false });
    return found?.isFile() === true && (size === undefined || found.size === size);
  }

  /** Whether anything at all has the name of a model: a file, a folder, a link that leads nowhere. */
  isOccupied(name: string): boolean {
    return lstatSync(this.modelPath(name), { throwIfNoEntry: false }) !== undefined;
  }

  /** Removes a model with the record of it; it is no error if they are gone already. */
  remove(name: string): void {
    for (const path of [this.modelPath(name), this.#recordPath(name)]) {
      try {
        // Most files of a large folder have no record, and an error costs more than a look.
        if (existsSync(path)) unlinkSync(path);
      } catch (error) {
        if (errnoCode(error) !== 'ENOENT') throw asDiskError(error, path);
      }
    }
  }

  removePartial(name: string): void {
    removePartial(this.partialPath(name));
  }

  /** Gives a complete, verified partial file its name and writes the record of it. */
  publish(name: string, record: Omit<ModelRecord, 'mtime' | 'fetchedAt' | 'verifiedAt'>): string {
    const path = this.modelPath(name);
    const partial = this.partialPath(name);
    try {
      const { mtime } = statSync(partial);
      renameSync(partial, path);
      const now = new Date().toISOString();
      writeNote(this.#recordPath(name), {
        ...record,
        fetchedAt: now,
        verifiedAt: now,
        mtime: mtime.toISOString(),
      });
      syncFolder(this.path);
      this.removePartial(name);
      return path;
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  /** Writes down that a file was found to be the right one: a record of it if there is none, else the time in its record. */
  recordVerified({ name, size, mtime, record }: ModelFile, entry: RecordedEntry): void {
    const verifiedAt = new Date().toISOString();
    const { repo, revision, sha256 } = entry;
    const path = this.#recordPath(name);
    const known = record?.sha256 === sha256 ? record : { file: name, repo, revision, url: '', fetchedAt: mtime };
    try {
      writeNote(path, { ...known, size, sha256, verifiedAt, mtime });
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  #recordPath(name: string): string {
    return join(this.path, '.whisper', 'records', `${checked(name)}.json`);
  }

  #inspect(entry: Dirent, isRecorded: boolean): ModelFile | undefined {
    const { name } = entry;
    const target = statSync(this.modelPath(name), { throwIfNoEntry: false });
    if (!target?.isFile()) return undefined;
    const record = isRecorded ? readRecord(readNote(this.#recordPath(name))) : undefined;
    return { name, size: target.size, mtime: target.mtime.toISOString(), isLink: entry.isSymbolicLink(), record };
  }

  #partials(): Actual['partials'] {
    const names = listFolder(join(this.path, '.whisper', 'partial'))
      .filter(({ name }) => name.endsWith('.part'))
      .map(({ name }) => name.slice(0, -'.part'.length))
      .filter(isModelFile);
    return names.flatMap((name) => {
      const path = this.partialPath(name);
      const file = statSync(path, { throwIfNoEntry: false });
      if (!file?.isFile()) return [];
      // It has its final size from the start; what it takes up are the blocks that were written.
      const size = Math.min(file.size, file.blocks * BLOCK);
      return [{ name, size, received: Math.min(size, readJournal(readNote(`${path}.json`))?.received ?? 0) }];
    });
  }
}

function checked(name: string): string {
  if (!isModelFile(name)) throw new Error(`not a model's file name: ${JSON.stringify(name)}`);
  return name;
}

/** Bytes that the user may still write on the file system of a folder, or of the first parent that exists. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT' && dirname(folder) !== folder) return freeBytes(dirname(folder));
    throw error;
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
