import { WhisperError } from '../errors.ts';
import type { CatalogueEntry } from '../models/catalogue.ts';
import { printable, shortName } from '../models/name.ts';
import { hashForms } from './store-path.ts';
import { shownAddress } from './substituters.ts';

const HINT =
  'Nothing was published. Tell who runs the cache; to go without it, take it out of WHISPER_SUBSTITUTERS or of "substituters" in the lock file.';

/** What a cache says about a file contradicts what is known of it. */
export function badNarInfo(cache: URL, { file, sha256 }: CatalogueEntry, problem: string): WhisperError {
  return new WhisperError(
    'bad-narinfo',
    `${shownAddress(cache)} does not tell the truth about ${shortName(file)}: ${printable(problem)}`,
    HINT,
    { details: { file, cache: shownAddress(cache), problem, sha256: sha256 ?? null } },
  );
}

/** Throws `bad-narinfo` where a hash of an archive (`sha256` in hex) is not the one that its narinfo gives in a field. */
export function requireHash(
  cache: URL,
  entry: CatalogueEntry,
  field: 'NarHash' | 'FileHash',
  given: string,
  sha256: string,
): void {
  if (!hashForms(sha256).includes(given)) throw badNarInfo(cache, entry, `its ${field} is not that of the archive`);
}

/** What a cache gives for a file has other bytes than it must. */
export function badArchive(cache: URL, { file, sha256 }: CatalogueEntry, problem: string): WhisperError {
  return new WhisperError(
    'wrong-bytes',
    `${shownAddress(cache)} has other bytes for ${shortName(file)} than are pinned: ${printable(problem)}`,
    HINT,
    { details: { file, cache: shownAddress(cache), problem, sha256: sha256 ?? null } },
  );
}
