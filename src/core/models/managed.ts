import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { ModelFile } from './plan.ts';

/** Re-downloadable for certain: the program's record is of these very bytes, or name and exact size are in the catalogue. */
export function isManaged(file: ModelFile, catalogue: Catalogue): boolean {
  return !file.isLink && (isRecorded(file) || catalogue.get(file.name)?.size === file.size);
}

/** Whether the record is of the file as it is now, not of one that was there before. */
export function isRecorded(file: ModelFile): boolean {
  return (
    !file.isLink && file.record !== undefined && file.record.size === file.size && file.record.mtime === file.mtime
  );
}

/** Whether a file may have the bytes of an entry, as far as its size tells, and the program's record of these very bytes. */
export function mayBe(file: ModelFile, { size, sha256, pinnedBy }: CatalogueEntry): boolean {
  if ((size ?? file.size) !== file.size) return false;
  return pinnedBy !== 'lock file' || !isRecorded(file) || file.record?.sha256 === sha256;
}

/** Why a file is not managed, in words. */
export function unmanagedReason(file: ModelFile, catalogue: Catalogue): string {
  if (file.isLink) return 'a symbolic link';
  const entry = catalogue.get(file.name);
  if (entry?.size === undefined) return 'not in the catalogue, and not fetched by whisper';
  return `its size is not the catalogue's ${entry.size} bytes`;
}
