import type { WhisperError } from '../errors.ts';
import { invalidCatalogue } from '../messages/environment.ts';
import { invalidModelName, unknownModel } from '../messages/models.ts';
import builtIn from './catalogue-data.json' with { type: 'json' };
import { type CatalogueEntry, readEntries } from './entries.ts';
import { fileName, shortName } from './names.ts';
import { suggestNames } from './suggest.ts';

export type Catalogue = ReadonlyMap<string, CatalogueEntry>;

const FEATURED = ['tiny.en-q5_1', 'base.en-q5_1', 'small.en-q5_1', 'medium.en-q5_0'].map((name) => `ggml-${name}.bin`);
export const RECOMMENDED = 'ggml-base.en-q5_1.bin';

/** Entries that override the built-in catalogue. */
export interface Overrides {
  /** Those of `WHISPER_CATALOG`. */
  readonly custom?: readonly CatalogueEntry[];
  /** Those of `modelSources`. */
  readonly sources?: readonly CatalogueEntry[];
  readonly locked?: readonly CatalogueEntry[];
}

/** The built-in catalogue, overridden by a custom one, then by the sources of a registry, then by its lock file. */
export function loadCatalogue({ custom = [], sources = [], locked = [] }: Overrides = {}): Catalogue {
  const catalogue = new Map<string, CatalogueEntry>(builtIn.map((entry) => [entry.file, entry]));
  for (const entry of custom) catalogue.set(entry.file, entry);
  for (const entry of sources) {
    const published = catalogue.get(entry.file);
    // A source that only says from where takes the bytes that the catalogue knows.
    const isSame = entry.sha256 === undefined || entry.sha256 === published?.sha256;
    const { size = isSame ? published?.size : undefined, sha256 = published?.sha256 } = entry;
    catalogue.set(entry.file, { ...entry, size, sha256, ...(published && { published }) });
  }
  for (const entry of locked) {
    const published = publishedEntry(catalogue, entry.file);
    catalogue.set(entry.file, { ...entry, ...(published && { published }) });
  }
  return catalogue;
}

/** The catalogue's own entry of a model, whatever a lock file pins: a public download. */
export function publishedEntry(catalogue: Catalogue, name: string): CatalogueEntry | undefined {
  const entry = catalogue.get(name);
  return entry?.pinnedBy === undefined ? entry : entry.published;
}

export function menuOrder(catalogue: Catalogue): readonly CatalogueEntry[] {
  const featured = FEATURED.flatMap((file) => catalogue.get(file) ?? []);
  return [...featured, ...[...catalogue.values()].filter(({ file }) => !FEATURED.includes(file))];
}

/**
 * The file name that a person means by `tiny`, `ggml-tiny.bin`, `ggml-tiny` or `tiny.bin`; `known` are names that are right
 * although the catalogue does not have them.
 */
export function requireModel(given: string, catalogue: Catalogue, known: ReadonlySet<string> = new Set()): string {
  const files = [given, given.replace(/^ggml-/, '').replace(/\.bin$/, '')].map(fileName);
  const file = files.find((each) => each !== undefined && (catalogue.has(each) || known.has(each)));
  if (file !== undefined) return file;
  const suggestions = suggest(given, catalogue, known);
  throw files[0] === undefined ? invalidModelName(given, suggestions) : unknownModel(given, suggestions);
}

/** The short names of the models that a name probably means, among the catalogue and `known`; never the name itself. */
export function suggest(given: string, catalogue: Catalogue, known: Iterable<string> = []): readonly string[] {
  const names = new Set([...known, ...catalogue.keys()].map(shortName));
  // An entry of a list that does not name a model can be among `known`.
  names.delete(given);
  return suggestNames(given, names);
}

/** Reads a custom catalogue. Throws `bad-catalogue`. */
export function parseCatalogue(path: string, text: string): readonly CatalogueEntry[] {
  const bad = (reason: string): WhisperError => invalidCatalogue(path, reason);
  return readEntries({ text, isLoose: true, bad }).entries;
}
