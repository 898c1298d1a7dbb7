import { WhisperError } from '../errors.ts';
import builtIn from './catalogue-data.json' with { type: 'json' };
import { fileName, isModelFile, printable, shortName } from './name.ts';
import { nearest } from './nearest.ts';

/** A known model: where it comes from and what its bytes are. Sizes in bytes, `sha256` in lower-case hex. */
export interface CatalogueEntry {
  readonly file: string;
  readonly repo: string;
  readonly revision: string;
  /** `undefined` only in a custom catalogue: then what the hub says counts. */
  readonly size: number | undefined;
  readonly sha256: string | undefined;
  /** Who says so; `undefined`: the catalogue. */
  readonly pinnedBy?: 'lock file' | 'hub';
}

export type Catalogue = ReadonlyMap<string, CatalogueEntry>;

/** The four that a menu offers first, in this order; the second is the recommended one. */
export const FEATURED = ['tiny.en-q5_1', 'base.en-q5_1', 'small.en-q5_1', 'medium.en-q5_0'].map(
  (name) => `ggml-${name}.bin`,
);
export const RECOMMENDED = 'ggml-base.en-q5_1.bin';

/**
 * The built-in catalogue with the entries of a custom one (`WHISPER_CATALOG`, its JSON text) added to and over it.
 * A custom catalogue that is not of the documented form throws `bad-catalogue`.
 */
export function loadCatalogue(custom?: { readonly path: string; readonly text: string }): Catalogue {
  const catalogue = new Map<string, CatalogueEntry>(builtIn.map((entry) => [entry.file, entry]));
  for (const entry of custom ? parseCatalogue(custom.path, custom.text) : []) {
    catalogue.set(entry.file, entry);
  }
  return catalogue;
}

/** The models in the order of a menu: the featured ones, then the rest as the catalogue has them. */
export function menuOrder(catalogue: Catalogue): readonly CatalogueEntry[] {
  const featured = FEATURED.flatMap((file) => catalogue.get(file) ?? []);
  return [...featured, ...[...catalogue.values()].filter(({ file }) => !FEATURED.includes(file))];
}

/** The file name that a person means; `known` are names that are right although the catalogue does not have them. */
export function requireModel(given: string, catalogue: Catalogue, known: ReadonlySet<string> = new Set()): string {
  const file = fileName(given);
  if (file === undefined) {
    const message = `${printable(given)} is no model name`;
    throw new WhisperError('bad-model-name', message, 'A model is named like base.en-q5_1 or ggml-base.en-q5_1.bin.');
  }
  if (!catalogue.has(file) && !known.has(file)) throw unknownModel(given, catalogue);
  return file;
}

export function unknownModel(given: string, catalogue: Catalogue): WhisperError {
  const suggestions = suggest(given, catalogue);
  const hint =
    suggestions.length > 0 ? `Did you mean ${suggestions.join(', ')}?` : 'whisper list --all shows the catalogue.';
  return new WhisperError('unknown-model', `There is no model ${printable(given)} in the catalogue.`, hint, {
    details: { model: given, suggestions },
  });
}

/** The short names of the known models nearest to a name. */
export function suggest(given: string, catalogue: Catalogue): readonly string[] {
  return nearest(shortName(given), [...catalogue.keys()].map(shortName));
}

function parseCatalogue(path: string, text: string): readonly CatalogueEntry[] {
  const bad = (reason: string): WhisperError =>
    new WhisperError(
      'bad-catalogue',
      `WHISPER_CATALOG ${path}: ${reason}`,
      'Its form: {"models": [{"file": "ggml-x.bin", "repo": "owner/name", "size": 123, "sha256": "…"}]}',
    );
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw bad(`not JSON: ${cause instanceof Error ? printable(cause.message) : ''}`);
  }
  const models = isObject(document) ? document['models'] : undefined;
  if (!Array.isArray(models)) throw bad('there is no list "models" in it');
  return models.map((entry: unknown, index) => {
    const fields = isObject(entry) ? entry : {};
    const { file, repo, revision = 'main', size, sha256 } = fields;
    const wrong = (field: string, what: string): WhisperError => bad(`models[${index}].${field} is not ${what}`);
    if (typeof file !== 'string' || !isModelFile(file)) throw wrong('file', 'a name like ggml-x.bin');
    if (typeof repo !== 'string' || !/^[\w.-]+(\/[\w.-]+)?$/.test(repo))
      throw wrong('repo', 'a repository like owner/name');
    if (typeof revision !== 'string' || revision === '') throw wrong('revision', 'a commit, branch or tag');
    if (size !== undefined && (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)) {
      throw wrong('size', 'a number of bytes');
    }
    if (sha256 !== undefined && (typeof sha256 !== 'string' || !/^[0-9a-fA-F]{64}$/.test(sha256))) {
      throw wrong('sha256', '64 hexadecimal digits');
    }
    return { file, repo, revision, size, sha256: sha256?.toLowerCase() };
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
