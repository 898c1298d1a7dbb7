import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { Identity } from './identify.ts';
import { isRecordedFile } from './managed.ts';
import type { ModelFile } from './plan.ts';

/** What one file was found to be: the contract's row of `verify --json`. Hashes are sha256 in hex. */
export interface Verified {
  readonly name: string;
  readonly status: 'ok' | 'corrupt' | 'missing' | 'unknown';
  readonly expected: string | null;
  readonly actual: string | null;
}

/**
 * The entry that a file is held against: the lock file's, else the record of these very bytes, else the catalogue's, else the
 * record of what whisper once put there. `undefined` or without a hash: nothing pins it.
 */
export function expectedOf(
  name: string,
  file: ModelFile | undefined,
  catalogue: Catalogue,
): CatalogueEntry | undefined {
  const entry = catalogue.get(name);
  const record = file?.record;
  if (entry?.pinnedBy === 'lock file') return entry;
  if (file && record && isRecordedFile(file)) return record;
  return entry?.sha256 === undefined ? (record ?? entry) : entry;
}

/**
 * What becomes of a file with wrong bytes when the right ones come. One that the program put there, or that is not a whole
 * model, goes. Of another one nobody knows where to download it again: with the size of the right one it is set aside, with
 * another size it is probably the user's own model under a known name, and is left alone.
 */
export function fateOf(file: ModelFile, identity: Identity, expected: CatalogueEntry): 'goes' | 'set aside' | 'stays' {
  if (file.isLink) return 'stays';
  const isModel = ['model', 'vad', 'ggml'].includes(identity.kind) && identity.truncatedAt === null;
  if (isRecordedFile(file) || !isModel) return 'goes';
  return file.size === expected.size ? 'set aside' : 'stays';
}
