import type { Catalogue } from '../../catalogue/catalogue.ts';
import { type CatalogueEntry, pinnerText } from '../../catalogue/entries.ts';
import { isSameFileAt } from '../../catalogue/origin.ts';
import { pinByRecord } from '../../lockfile/lockfile.ts';
import { nameTaken } from '../../messages/addresses.ts';
import type { ModelFile } from '../../plan/plan.ts';

/**
 * Adds models that were given by an address to the known ones; those with the same bytes as a known one of that name are left
 * out. One that no server pins is pinned by the record of a file in the models directory that came from there. Throws `usage`
 * (exit 2) where a name is taken by another model.
 */
export function declareModels(
  catalogue: Catalogue,
  given: readonly CatalogueEntry[],
  files: readonly ModelFile[] = [],
): { readonly catalogue: Catalogue; readonly declared: readonly CatalogueEntry[] } {
  const declared = given.flatMap((entry): readonly CatalogueEntry[] => {
    const known = catalogue.get(entry.file);
    if (known && !isSameModel(known, entry)) throw nameTaken(entry.file, pinnerText(known.pinnedBy));
    const { size, sha256 } =
      pinByRecord(
        entry,
        files.find(({ name }) => name === entry.file),
      ) ?? entry;
    return known ? [] : [{ ...entry, size, sha256 }];
  });
  return { catalogue: new Map([...catalogue, ...declared.map((entry) => [entry.file, entry] as const)]), declared };
}

function isSameModel(known: CatalogueEntry, given: CatalogueEntry): boolean {
  if (known.sha256 !== undefined && given.sha256 !== undefined) return known.sha256 === given.sha256;
  return isSameFileAt(known, given);
}
