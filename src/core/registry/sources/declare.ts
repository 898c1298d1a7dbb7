import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { CatalogueEntry } from '../../catalogue/entries.ts';
import { isSameFileAt } from '../../catalogue/origin.ts';
import { nameTaken } from '../../messages/addresses.ts';

/**
 * Adds models that were given by an address to the known ones; those with the same bytes as a known one of that name are left
 * out. Throws `usage` (exit 2) where a name is taken by another model.
 */
export function declareModels(
  catalogue: Catalogue,
  given: readonly CatalogueEntry[],
): { readonly catalogue: Catalogue; readonly declared: readonly CatalogueEntry[] } {
  const declared = given.filter((entry) => {
    const known = catalogue.get(entry.file);
    if (known && !isSameModel(known, entry)) throw nameTaken(entry.file, placeOf(known));
    return !known;
  });
  return { catalogue: new Map([...catalogue, ...declared.map((entry) => [entry.file, entry] as const)]), declared };
}

function isSameModel(known: CatalogueEntry, given: CatalogueEntry): boolean {
  if (known.sha256 !== undefined && given.sha256 !== undefined) return known.sha256 === given.sha256;
  return isSameFileAt(known, given);
}

function placeOf({ pinnedBy }: CatalogueEntry): string {
  if (pinnedBy === 'lock file') return 'the lock file';
  return pinnedBy ?? 'the catalogue';
}
