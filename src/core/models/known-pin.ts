import type { CatalogueEntry } from './catalogue.ts';
import { asPinned, isCommit, type PinnedEntry } from './entries.ts';
import { isRecorded } from './managed.ts';
import type { ModelFile } from './plan.ts';

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
