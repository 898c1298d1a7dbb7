import { asPinned, type CatalogueEntry, entryOf, type PinnedEntry, readEntries } from '../catalogue/entries.ts';
import { isFixed, isSameFileAt, isSameOrigin } from '../catalogue/origin.ts';
import { shortName } from '../catalogue/names.ts';
import type { WhisperError } from '../errors.ts';
import { invalidLockFile } from '../messages/edits.ts';
import { isRecorded } from '../plan/managed.ts';
import type { ModelFile } from '../plan/plan.ts';

/** The name of the lock file, which is in the folder of the registry. */
export const LOCK_FILE = 'whisper-models.lock.json';
/** The version of the format. In another version, entries may have another meaning. */
export const LOCK_VERSION = 1;

interface LockContent {
  readonly entries: readonly CatalogueEntry[];
  /** All fields, known or not, unchecked. */
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * The models that a lock file pins, from its text. Each has all of file, repository, revision, size and sha256, and no
 * file is repeated. Anything else throws `bad-lock-file` (exit 3, because no bytes were checked yet): an invalid pin must
 * not be ignored, because then the catalogue would be used instead.
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
  return { entries: pinned, document };
}

/** The URLs of binary caches. Throws `bad-lock-file` where they are not a list of strings. */
export function readLockSubstituters(path: string, { document }: LockContent): readonly string[] {
  const substituters = document['substituters'] ?? [];
  if (Array.isArray(substituters) && substituters.every((each) => typeof each === 'string')) return substituters;
  throw invalidLockFile(path, 'substituters is not a list of URLs');
}

/**
 * What a model can be pinned to without the network: the catalogue's entry, else the record of the file on the disk. Where
 * the catalogue names a branch and the record has the same bytes, the record names the commit.
 */
export function knownPin(entry: CatalogueEntry | undefined, file: ModelFile | undefined): PinnedEntry | undefined {
  const pinned = asPinned(entry);
  if (pinned && isFixed(pinned)) return pinned;
  const record = file?.record && isRecorded(file) ? asPinned(entryOf(file.record)) : undefined;
  return record && (!entry || agrees(record, entry)) ? { ...record, file: file?.name ?? record.file } : pinned;
}

/** What the record of a file says of the bytes at the very origin of an entry; of a branch, what it was when it was fetched. */
export function pinByRecord(entry: CatalogueEntry, file: ModelFile | undefined): PinnedEntry | undefined {
  const pin = knownPin(entry, file);
  return pin && (isSameOrigin(pin, entry) || !isFixed(entry)) ? pin : undefined;
}

function agrees(record: PinnedEntry, entry: CatalogueEntry): boolean {
  const { size = record.size, sha256 = record.sha256 } = entry;
  return isSameFileAt(record, entry) && record.size === size && record.sha256 === sha256;
}
