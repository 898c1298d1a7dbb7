import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { CatalogueEntry } from '../../catalogue/entries.ts';
import { toSri } from '../../catalogue/sha256-forms.ts';
import { type WhisperError, placeText } from '../../errors.ts';
import { lockedEntries } from '../../lockfile/update.ts';
import { sourceContradicts } from '../../messages/sources.ts';
import { placeOf, Positions } from '../diagnostic.ts';
import type { Registry } from '../registry.ts';
import type { ModelSource } from './source.ts';

/** What else pins the models of a registry. */
export interface OtherPins {
  /** The catalogue without sources and lock file. */
  readonly catalogue: Catalogue;
  /** The file of `WHISPER_CATALOG`, and the models in it. */
  readonly custom: { readonly path: string; readonly files: ReadonlySet<string> } | undefined;
  readonly lock: { readonly path: string; readonly text: string } | undefined;
}

/** An error (`registry-bad-source`, exit 3) for each source that says something else of a model's bytes than another pin. */
export function findConflicts(
  registry: Pick<Registry, 'file' | 'text' | 'sources'>,
  sources: readonly ModelSource[],
  { catalogue, custom, lock }: OtherPins,
): readonly WhisperError[] {
  const locked = new Map((lock ? lockedEntries(lock.path, lock.text) : []).map((each) => [each.pin.file, each]));
  const inLock = lock && new Positions(lock.text);
  return sources.flatMap((source) => {
    const { file } = source;
    const place = (field: 'size' | 'sha256'): ReturnType<typeof placeOf> | undefined =>
      placeOfField(registry, source, field);
    const pinned = locked.get(file);
    const ofLock = pinned && differs(source, pinned.pin);
    if (ofLock && lock && inLock) {
      const where = `the lock file (${placeText({ file: lock.path, ...inLock.at(pinned.start) })})`;
      return [sourceContradicts(source.key, ofLock, where, 'lock file', place(ofLock.field))];
    }
    const known = catalogue.get(file);
    const ofCatalogue = known && differs(source, known);
    if (!ofCatalogue) return [];
    const isCustom = custom?.files.has(file) === true;
    const where = isCustom ? `WHISPER_CATALOG (${custom.path})` : 'the built-in catalogue';
    return [sourceContradicts(source.key, ofCatalogue, where, 'catalogue', place(ofCatalogue.field))];
  });
}

/** The first field that two pins have different values of, as they are written. */
function differs(
  source: ModelSource,
  other: CatalogueEntry,
): { readonly field: 'size' | 'sha256'; readonly here: string; readonly there: string } | undefined {
  if (source.sha256 !== undefined && other.sha256 !== undefined && source.sha256 !== other.sha256)
    return { field: 'sha256', here: toSri(source.sha256), there: toSri(other.sha256) };
  if (source.size !== undefined && other.size !== undefined && source.size !== other.size)
    return { field: 'size', here: String(source.size), there: String(other.size) };
  return undefined;
}

function placeOfField(
  { file, text, sources }: Pick<Registry, 'file' | 'text' | 'sources'>,
  { key }: ModelSource,
  field: 'size' | 'sha256',
): ReturnType<typeof placeOf> | undefined {
  if (!sources || !('sources' in sources)) return undefined;
  const entry = sources.written.find((each) => each.key === key);
  const value = field === 'size' ? entry?.places.size : (entry?.places.hash ?? entry?.places.sha256);
  return placeOf(file, text, value ?? entry?.name ?? sources.place);
}
