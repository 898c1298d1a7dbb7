import type { WhisperError } from '../errors.ts';
import { isCount } from '../quantity.ts';
import { originOfUrl } from './address.ts';
import { isModelFile, printable } from './names.ts';
import { readSha256 } from './sha256-forms.ts';
import { isOrigin, isRepo, isRepoPath, isWebAddress, type Origin, type OriginFields, originOf } from './origin.ts';

/** A known model: where it comes from and what its bytes are. Sizes in bytes, `sha256` in lower-case hex. */
export type CatalogueEntry = Origin & Known;

interface Known {
  readonly file: string;
  /** `undefined`: not pinned, so that the hub decides. */
  readonly size?: number | undefined;
  readonly sha256?: string | undefined;
  /** The source of the pin; `undefined`: the catalogue. */
  readonly pinnedBy?: Pinner;
  /** For an entry of a lock file or of `modelSources`: the catalogue's entry of the same model. */
  readonly published?: CatalogueEntry;
}

/** What pins the bytes of a model, if it is not the catalogue. */
export type Pinner = 'lock file' | 'modelSources' | 'hub';

/** A pinner in a sentence: `modelSources`, `the lock file`. */
export function pinnerText(pinner: Pinner | 'catalogue' = 'catalogue'): string {
  return pinner === 'modelSources' ? pinner : `the ${pinner}`;
}

/** An entry whose bytes are known before anything is fetched. */
export type PinnedEntry = CatalogueEntry & { readonly size: number; readonly sha256: string };

const HEX = /^[0-9a-f]{64}$/;

/** The entry if it is complete and valid for a lock file. */
export function asPinned(entry: CatalogueEntry | undefined): PinnedEntry | undefined {
  if (entry?.size === undefined || entry.sha256 === undefined) return undefined;
  const { file, size, sha256 } = entry;
  const isRight = isModelFile(file) && isOrigin(entry) && isCount(size) && HEX.test(sha256);
  return isRight ? { ...entry, size, sha256 } : undefined;
}

/** The entry that a record of a file stands for. */
export function entryOf(record: OriginFields & Known): CatalogueEntry {
  const { file, size, sha256 } = record;
  return { ...originOf(record), file, size, sha256 };
}

interface EntryList {
  readonly text: string;
  /** Whether revision, size and hash may be left out. */
  readonly isLoose: boolean;
  readonly bad: (reason: string) => WhisperError;
}

/**
 * Reads `{"models": [{"file", "repo", "revision", "path"?, "size", "sha256"}]}`, with `url` in place of the repository for a
 * model on another server, the hash in hex or as Nix writes it (`sha256-…` with base64). Unknown fields are ignored; anything else invalid throws what `bad` returns. `document`
 * is the whole JSON object.
 */
export function readEntries({ text, isLoose, bad }: EntryList): {
  readonly document: Readonly<Record<string, unknown>>;
  readonly entries: readonly CatalogueEntry[];
} {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw bad(`not JSON: ${cause instanceof Error ? printable(cause.message) : ''}`);
  }
  if (!isObject(document) || !Array.isArray(document['models'])) throw bad('it has no list "models"');
  const entries = document['models'].map((entry: unknown, index) => {
    const fields = isObject(entry) ? entry : {};
    const { file, size, sha256 } = fields;
    const wrong = (field: string, what: string): WhisperError => bad(`models[${index}].${field} is not ${what}`);
    const mayLack = (value: unknown): value is undefined => isLoose && value === undefined;
    if (typeof file !== 'string' || !isModelFile(file)) throw wrong('file', 'a name like ggml-x.bin');
    const origin = readOrigin(fields, isLoose, wrong);
    if (!mayLack(size) && !isCount(size)) throw wrong('size', 'a number of bytes');
    const hash = typeof sha256 === 'string' ? readSha256(sha256) : undefined;
    if (!mayLack(sha256) && hash === undefined) throw wrong('sha256', '64 hexadecimal digits or sha256-… with base64');
    return { ...origin, file, size, sha256: hash };
  });
  return { document, entries };
}

function readOrigin(
  { repo, revision, path, url }: Readonly<Record<string, unknown>>,
  isLoose: boolean,
  wrong: (field: string, what: string) => WhisperError,
): Origin {
  if (repo === undefined && url !== undefined) {
    if (typeof url !== 'string' || !isWebAddress(url)) throw wrong('url', 'an address without a password');
    return originOfUrl(new URL(url));
  }
  const given = revision ?? (isLoose ? 'main' : undefined);
  if (!isRepo(repo)) throw wrong('repo', 'a repository like owner/name');
  if (typeof given !== 'string' || given === '') throw wrong('revision', 'a commit, branch or tag');
  if (path !== undefined && !isRepoPath(path)) throw wrong('path', 'a path in a repository');
  return { repo, revision: given, ...(path !== undefined && { path }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
