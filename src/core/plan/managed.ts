import { type CatalogueEntry, entryOf } from '../catalogue/entries.ts';
import { type Catalogue, publishedEntry } from '../catalogue/catalogue.ts';
import type { Identity } from '../formats/identify.ts';
import { isModel } from '../formats/model-kind.ts';
import { type HashedFile, isSameFile } from '../state/record.ts';
import type { Actual, ModelFile } from './plan.ts';

/**
 * Whether a file can be downloaded again for certain. `managed`: its bytes are known, and the program fetched them or the
 * catalogue has them. `unverified`: it was not hashed, and has the name and the size of a model of the catalogue.
 * `unmanaged`: anything else.
 */
export type ManagedState = 'managed' | 'unverified' | 'unmanaged';

export function managedState(file: ModelFile, catalogue: Catalogue): ManagedState {
  if (file.isLink) return 'unmanaged';
  const published = publishedEntry(catalogue, file.name);
  const known = knownHash(file);
  if (known !== undefined) return isRecorded(file) || known === published?.sha256 ? 'managed' : 'unmanaged';
  return published?.sha256 !== undefined && published.size === file.size ? 'unverified' : 'unmanaged';
}

export function isManaged(file: ModelFile, catalogue: Catalogue): boolean {
  return managedState(file, catalogue) === 'managed';
}

/** Whether the record is of the file as it is now, not of one that was there before or has other bytes by now. */
export function isRecorded(file: ModelFile): boolean {
  return file.record !== undefined && knownHash(file) === file.record.sha256;
}

/** Whether the record is of this very file, whatever has become of its bytes. */
function isRecordedFile({ isLink, record, ...file }: ModelFile): boolean {
  return !isLink && record !== undefined && isSameFile(file, record);
}

/** The sha256 of the bytes of a file in hex, where they were hashed since the file was last changed. */
export function knownHash(file: ModelFile): string | undefined {
  if (file.isLink) return undefined;
  // It was hashed after the record was written: a record of the right bytes is written in place of it.
  if (file.hashed && isSameFile(file, file.hashed)) return file.hashed.sha256;
  return file.record && isSameFile(file, file.record) ? file.record.sha256 : undefined;
}

/** The files on the disk with their hashes, for files that have not changed since they were hashed. */
export function withHashes(actual: Actual, hashes: ReadonlyMap<string, HashedFile>): Actual {
  if (hashes.size === 0) return actual;
  const files = actual.files.map((file) => {
    const hashed = hashes.get(file.name);
    return hashed && isSameFile(file, hashed) ? { ...file, hashed } : file;
  });
  return { ...actual, files };
}

/** Whether a file may have the bytes of an entry, by its size and by a record of its current bytes. */
export function matchesEntry(file: ModelFile, entry: CatalogueEntry): boolean {
  if ((entry.size ?? file.size) !== file.size) return false;
  return !isDeclared(entry) || !isRecorded(file) || file.record?.sha256 === entry.sha256;
}

/** Whether the project itself says what the bytes are: a record of other bytes is then one of an earlier pin. */
function isDeclared({ sha256, pinnedBy }: CatalogueEntry): boolean {
  return pinnedBy === 'lock file' || (pinnedBy === 'modelSources' && sha256 !== undefined);
}

export function unmanagedReason(file: ModelFile, catalogue: Catalogue): string {
  if (file.isLink) return 'a symbolic link';
  const published = publishedEntry(catalogue, file.name);
  if (published?.size === undefined) return 'not in the catalogue and not downloaded by whisper';
  if (published.size !== file.size) return `its size differs from the catalogue (${published.size} bytes)`;
  if (published.sha256 === undefined) return 'the catalogue has no sha256 for it, and whisper did not download it';
  return 'its sha256 does not match the catalogue';
}

/** The result for one file: a row of `verify --json`. Hashes are sha256 in hex. */
export interface Verified {
  readonly name: string;
  readonly status: 'ok' | 'corrupt' | 'missing' | 'unknown';
  readonly expected: string | null;
  readonly actual: string | null;
}

/**
 * The entry that a file is verified against: the lock file's or the one of `modelSources`, else the record of its current bytes, else the catalogue's,
 * else the record of a file that whisper wrote before. `undefined` or without a hash: nothing pins it.
 */
export function expectedOf(
  name: string,
  file: ModelFile | undefined,
  catalogue: Catalogue,
): CatalogueEntry | undefined {
  const entry = catalogue.get(name);
  const record = file?.record;
  if (entry && isDeclared(entry)) return entry;
  if (file && record && isRecordedFile(file)) return entryOf(record);
  return entry?.sha256 === undefined && record ? entryOf(record) : entry;
}

/**
 * What happens to a file with wrong bytes when the right ones arrive. One that the program wrote, or that is not a complete
 * model, is removed. Any other may be impossible to download again: with the size of the right one it is set aside; with
 * another size it is probably the user's own model under a known name, and stays.
 */
export function fateOf(file: ModelFile, identity: Identity, expected: CatalogueEntry): 'goes' | 'set aside' | 'stays' {
  if (file.isLink) return 'stays';
  const isWhole = (isModel(identity) || identity.kind === 'ggml') && identity.truncatedAt === null;
  if (isRecordedFile(file) || !isWhole) return 'goes';
  return file.size === expected.size ? 'set aside' : 'stays';
}
