import { asPinned, type CatalogueEntry, isCommit, type PinnedEntry, readEntries } from '../catalogue/entries.ts';
import { shortName } from '../catalogue/names.ts';
import type { WhisperError } from '../errors.ts';
import { invalidLockFile } from '../messages/edits.ts';
import { isRecorded } from '../plan/managed.ts';
import type { ModelFile } from '../plan/plan.ts';

/** The name of the lock file; it stands beside the registry. */
export const LOCK_FILE = 'whisper-models.lock.json';

/** The form that this program knows; another number means that entries may mean something else. */
export const LOCK_VERSION = 1;

/** What a lock file says. */
export interface LockContent {
  readonly entries: readonly CatalogueEntry[];
  /** As it is written; `readLockSubstituters` tells whether it is of its form. */
  readonly substituters: unknown;
  /** All fields, known or not. */
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * The models that a lock file pins, from its text. Each has all of file, repository, revision, size and sha256, and none is
 * there twice. Anything else throws `bad-lock-file` (exit 3: it belongs to the registry, and no byte was looked at yet): a
 * pin that cannot be read must not be passed over, because then the catalogue would decide in its place.
 */
export function readLockFile(path: string, text: string): LockContent {
  const bad = (reason: string): WhisperError => invalidLockFile(path, reason);
  const seen = new Set<string>();
  const { document, entries } = readEntries({ text, isLoose: false, bad });
  const version = document['version'] ?? LOCK_VERSION;
  if (version !== LOCK_VERSION)
    throw bad(`its version is ${typeof version === 'number' ? version : 'unknown'}, not ${LOCK_VERSION}`);
  const pinned = entries.map((entry): CatalogueEntry => {
    if (seen.has(entry.file)) throw bad(`it contains ${shortName(entry.file)} twice`);
    seen.add(entry.file);
    return { ...entry, pinnedBy: 'lock file' };
  });
  return { entries: pinned, substituters: document['substituters'], document };
}

/** The addresses of binary caches that a lock file names. Throws `bad-lock-file` where they are no list of texts. */
export function readLockSubstituters(path: string, { substituters = [] }: LockContent): readonly string[] {
  if (Array.isArray(substituters) && substituters.every((each) => typeof each === 'string')) return substituters;
  throw invalidLockFile(path, 'substituters is not a list of URLs');
}

/**
 * What a model can be pinned to without asking anybody: what the catalogue says, else what is recorded of the file on the
 * disk. Where the catalogue names a branch and the record is of the same bytes, the record says which commit that was.
 */
export function knownPin(entry: CatalogueEntry | undefined, file: ModelFile | undefined): PinnedEntry | undefined {
  const pinned = asPinned(entry);
  if (pinned && isCommit(pinned.revision)) return pinned;
  const record = file && isRecorded(file) ? asPinned(file.record) : undefined;
  return record && (!entry || isOf(record, entry)) ? { ...record, file: file?.name ?? record.file } : pinned;
}

/** Whether a record is of what the catalogue means, as far as the catalogue says it. */
function isOf(record: PinnedEntry, { repo, size, sha256 }: CatalogueEntry): boolean {
  return (
    record.repo === repo &&
    (size === undefined || record.size === size) &&
    (sha256 === undefined || record.sha256 === sha256)
  );
}
