import { join } from 'node:path';
import type { ModelFile } from '../../core/plan/plan.ts';
import type { HashedFile, ModelRecord } from '../../core/state/record.ts';
import { withDiskErrors } from '../fs/errors.ts';
import { writeStateFile } from '../fs/state-files.ts';
import { removeFile } from '../fs/write.ts';

type RecordedEntry = Pick<ModelRecord, 'repo' | 'revision' | 'sha256'>;

/** The records of the files of a models directory. The caller checks paths and names. */
export class Records {
  readonly #folder: string;

  constructor(modelsDir: string) {
    this.#folder = join(modelsDir, '.whisper', 'records');
  }

  write(name: string, note: ModelRecord | (Partial<ModelRecord> & { readonly hashed: HashedFile })): void {
    const path = this.#path(name);
    withDiskErrors(path, () => writeStateFile(path, note));
  }

  /** Records that a file was verified: in a new record, or with a new time in the existing one. */
  writeVerified({ name, size, mtime, inode, record }: ModelFile, entry: RecordedEntry): void {
    const verifiedAt = new Date().toISOString();
    const { repo, revision, sha256 } = entry;
    const known = record?.sha256 === sha256 ? record : { file: name, repo, revision, url: '', fetchedAt: mtime };
    this.write(name, { ...known, size, sha256, verifiedAt, mtime, inode });
  }

  /**
   * Records that the bytes of a file are neither those of its record nor of the catalogue, so that it is not hashed
   * again until it changes. Its record stays, because it names the source of the right bytes.
   */
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
