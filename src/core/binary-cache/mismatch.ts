import type { WhisperError } from '../errors.ts';
import { archiveMismatch as archiveError, invalidNarInfo } from '../messages/cache.ts';
import type { CatalogueEntry } from '../models/catalogue.ts';
import { hashForms } from './store-path.ts';
import { shownAddress } from './substituters.ts';

/** What a cache says about a file contradicts what is known of it. */
export function narInfoMismatch(cache: URL, { file, sha256 }: CatalogueEntry, problem: string): WhisperError {
  return invalidNarInfo({ cache: shownAddress(cache), file, sha256 }, problem);
}

/** Throws `bad-narinfo` where a hash of an archive (`sha256` in hex) is not the one that its narinfo gives in a field. */
export function requireHash(
  cache: URL,
  entry: CatalogueEntry,
  field: 'NarHash' | 'FileHash',
  given: string,
  sha256: string,
): void {
  if (!hashForms(sha256).includes(given))
    throw narInfoMismatch(cache, entry, `its ${field} is not that of the archive`);
}

/** What a cache gives for a file has other bytes than it must. */
export function archiveMismatch(cache: URL, { file, sha256 }: CatalogueEntry, problem: string): WhisperError {
  return archiveError({ cache: shownAddress(cache), file, sha256 }, problem);
}
