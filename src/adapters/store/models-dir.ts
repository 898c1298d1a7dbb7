import { type BigIntStats, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isModelFile } from '../../core/catalogue/names.ts';
import { partialReplaced } from '../../core/messages/disk.ts';
import type { Actual, ModelFile } from '../../core/plan/plan.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import { type OriginFields, originOf } from '../../core/catalogue/origin.ts';
import {
  type FileStamp,
  type HashedFile,
  isSameFile,
  type ModelRecord,
  recordedOrigin,
} from '../../core/state/record.ts';
import { asDiskError, withDiskErrors } from '../fs/errors.ts';
import { faultPoint } from '../fs/fault-points.ts';
import { identifyFile } from '../fs/identity.ts';
import { isPlaceholder, moveOver, moveToFreeName } from '../fs/move.ts';
import { isFolder } from '../fs/read.ts';
import { requireWhisperFolders, requireWritableFolders } from '../fs/whisper-folder.ts';
import { syncFolder } from '../fs/atomic-write.ts';
import { removeFile } from '../fs/write.ts';
import { removePartial } from './journal-file.ts';
import { Roots } from './roots.ts';
import { fileStamp, freeBytes, scanModels, statThroughLinks } from './scan.ts';
import { TrashFolder } from './trash-folder.ts';
import { listFolder, writeStateFile } from '../fs/state-files.ts';

/** The mode of a published model: it is complete and never changes. */
export const MODEL_MODE = 0o444;

/** The folder of the model files, with the program's state files in `.whisper/`. */
export class ModelsDir {
  readonly path: string;
  readonly records: Records;
  readonly roots: Roots;
  readonly undo: TrashFolder;

  constructor(path: string) {
    this.path = path;
    this.records = new Records(path);
    this.roots = new Roots(path);
    this.undo = new TrashFolder(path);
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
    return withDiskErrors(this.path, () => isFolder(this.path));
  }

  /** Whether the program has used this folder before. */
  hasNotes(): boolean {
    return lstatSync(join(this.path, '.whisper'), { throwIfNoEntry: false }) !== undefined;
  }

  /** Reads the folder. One that does not exist counts as empty; nothing is written. */
  async scan(): Promise<Actual> {
    try {
      return await scanModels(this.path);
    } catch (error) {
      throw asDiskError(error, this.path);
    }
  }

  /** Bytes that may still be written there. */
  freeSpace(): number {
    return withDiskErrors(this.path, () => freeBytes(this.path));
  }

  /** Whether a model of that size is there; any size where none is given. */
  has(name: string, size: number | undefined): boolean {
    const found = statThroughLinks(this.modelPath(name));
    return found?.isFile() === true && (size === undefined || found.size === size);
  }

  /**
   * Tells whether a model is there, or in the trash, from which a watch session restores it. The folders are read once, when
   * it is first asked, and names are compared exactly, also where the file system ignores case.
   */
  keeps(): (name: string) => boolean {
    let names: ReadonlySet<string> | undefined;
    return (name) => (names ??= this.#keptNames()).has(name);
  }

  #keptNames(): ReadonlySet<string> {
    const namesIn = (folder: string): readonly string[] =>
      listFolder(folder)
        .map(({ name }) => name)
        .filter(isModelFile);
    return new Set([...namesIn(this.path).filter((name) => this.has(name, undefined)), ...namesIn(this.undo.path)]);
  }

  /** Whether anything has the name of a model: a file, a folder, a dangling link. */
  isOccupied(name: string): boolean {
    const path = this.modelPath(name);
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined && !isPlaceholder(path);
  }

  /** Which file has the name of a model; `undefined`: none. */
  identify(name: string): BigIntStats | undefined {
    return identifyFile(this.modelPath(name));
  }

  /** Renames a file to a free name beside it, and returns the new path. */
  setAside(name: string): string {
    const path = this.modelPath(name);
    return withDiskErrors(path, () => {
      for (let number = 1; ; number += 1) {
        const aside = number === 1 ? `${path}.old` : `${path}.old${number}`;
        if (moveToFreeName(path, aside)) return aside;
      }
    });
  }

  /** Whether another file has the name of this one by now. */
  isReplaced(file: FileStamp & { readonly name: string }): boolean {
    const found = lstatSync(this.modelPath(file.name), { bigint: true, throwIfNoEntry: false });
    return found !== undefined && !(found.isFile() && isSameFile(fileStamp(found), file));
  }

  /** Removes a model, and the record of it if there is one; missing ones are not an error. */
  remove(name: string, hasRecord: boolean): void {
    removeFile(this.modelPath(name));
    faultPoint('prune: file removed');
    if (hasRecord) this.forget(name);
  }

  forget(name: string): void {
    this.records.remove(checked(name));
  }

  removePartial(name: string): void {
    removePartial(this.partialPath(name));
  }

  /** Throws `no-permission` (exit 6) where no model can be published here. */
  requireWritable(): void {
    requireWritableFolders(this.path);
  }

  /** Throws `disk-failure` (exit 6) where the bytes to publish have been removed, or replaced by a link. */
  requirePartial(name: string): BigIntStats {
    const path = this.partialPath(name);
    requireWhisperFolders(path);
    try {
      const found = lstatSync(path, { bigint: true });
      if (found.isFile()) return found;
    } catch (error) {
      throw asDiskError(error, path);
    }
    throw partialReplaced(path);
  }

  /**
   * Gives a complete, verified partial file its name and writes the record of it. `replaced`: the file that had the name
   * when the download began and is to be replaced. Any other file keeps the name: then the result is false, and the partial file
   * stays for the next run. `url`: where the bytes came from.
   */
  async publish(entry: PinnedEntry, url: string, replaced: BigIntStats | undefined): Promise<boolean> {
    const { file: name, size, sha256 } = entry;
    const path = this.modelPath(name);
    const partial = this.partialPath(name);
    const { mtime, inode } = fileStamp(this.requirePartial(name));
    try {
      const isMoved = replaced ? await moveOver(partial, path, replaced) : moveToFreeName(partial, path);
      if (!isMoved) return false;
      faultPoint('publish: renamed');
      const now = new Date().toISOString();
      const record = { file: name, ...recordedOrigin(entry, url), size, sha256, fetchedAt: now, verifiedAt: now };
      this.records.write(name, { ...record, mtime, inode });
      faultPoint('publish: recorded');
      syncFolder(this.path);
      this.removePartial(name);
      faultPoint('publish: done');
      return true;
    } catch (error) {
      throw asDiskError(error, path);
    }
  }
}

function checked(name: string): string {
  if (!isModelFile(name)) throw new Error(`not a model's file name: ${JSON.stringify(name)}`);
  return name;
}

/** The records of the files of a models directory. The caller checks paths and names. */
class Records {
  readonly #folder: string;

  constructor(modelsDir: string) {
    this.#folder = join(modelsDir, '.whisper', 'records');
  }

  write(name: string, note: ModelRecord | (Partial<ModelRecord> & { readonly hashed: HashedFile })): void {
    const path = this.#path(name);
    withDiskErrors(path, () => writeStateFile(path, note));
  }

  /** Records that a file was verified: in a new record, or with a new time in the existing one. */
  writeVerified(
    { name, size, mtime, inode, record }: ModelFile,
    entry: OriginFields & Pick<ModelRecord, 'sha256'>,
  ): void {
    const verifiedAt = new Date().toISOString();
    const { sha256 } = entry;
    const isKnown = record?.sha256 === sha256;
    const known = isKnown ? record : { file: name, ...recordedOrigin(originOf(entry), ''), fetchedAt: mtime };
    this.write(name, { ...known, size, sha256, verifiedAt, mtime, inode });
  }

  /** Records a hash that neither record nor catalogue has, to take it only once. The record stays: it names the source. */
  writeOther({ name, size, mtime, inode, record }: ModelFile, sha256: string): void {
    this.write(name, { ...record, hashed: { size, mtime, inode, sha256 } });
  }

  /** A missing one is not an error. */
  remove(name: string): void {
    removeFile(this.#path(name));
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}
