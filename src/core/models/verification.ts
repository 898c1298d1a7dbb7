import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { Identity } from './identify.ts';
import { isManaged, isRecorded } from './managed.ts';
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
  if (file && record && isRecorded(file)) return record;
  return entry?.sha256 === undefined ? (record ?? entry) : entry;
}

/**
 * Whether a file with wrong bytes may be replaced: prune would remove it too, or it is no whole model. What is left is
 * probably somebody's own model under a known name, which nobody could bring back. A record of what was there before says
 * nothing about it.
 */
export function mayBeReplaced(file: ModelFile, identity: Identity, catalogue: Catalogue): boolean {
  if (file.isLink) return false;
  if (isManaged(file, catalogue) || identity.truncatedAt !== null) return true;
  return !['model', 'vad', 'ggml'].includes(identity.kind);
}
