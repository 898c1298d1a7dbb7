import type { WhisperError } from '../errors.ts';
import { isCount } from '../quantity.ts';
import { isModelFile, printable } from './names.ts';

/** A known model: where it comes from and what its bytes are. Sizes in bytes, `sha256` in lower-case hex. */
export interface CatalogueEntry {
  readonly file: string;
  readonly repo: string;
  readonly revision: string;
  /** `undefined` only in a custom catalogue: then the hub decides. */
  readonly size: number | undefined;
  readonly sha256: string | undefined;
  /** The source of the pin; `undefined`: the catalogue. */
  readonly pinnedBy?: 'lock file' | 'hub';
  /** For an entry of a lock file: the catalogue's entry of the same model. */
  readonly published?: CatalogueEntry;
}

/** An entry whose bytes are known before anything is fetched. */
export type PinnedEntry = CatalogueEntry & { readonly size: number; readonly sha256: string };

const REPO = /^[\w.-]+(\/[\w.-]+)?$/;
const HEX = /^[0-9a-f]{64}$/;

/** The entry if it is complete and valid for a lock file. */
export function asPinned(entry: CatalogueEntry | undefined): PinnedEntry | undefined {
  if (entry?.size === undefined || entry.sha256 === undefined) return undefined;
  const { file, repo, revision, size, sha256 } = entry;
  const isRight = isModelFile(file) && REPO.test(repo) && revision !== '' && isCount(size) && HEX.test(sha256);
  return isRight ? { ...entry, size, sha256 } : undefined;
}

/** Whether a revision is a commit, and so always the same one; branches and tags move. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

interface EntryList {
  readonly text: string;
  /** Whether revision, size and hash may be left out. */
  readonly isLoose: boolean;
  readonly bad: (reason: string) => WhisperError;
}

/**
 * Reads `{"models": [{"file", "repo", "revision", "size", "sha256"}]}`, the hash in hex or as Nix writes it
 * (`sha256-…` with base64). Unknown fields are ignored; anything else invalid throws what `bad` returns. `document`
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
    const { file, repo, revision = isLoose ? 'main' : undefined, size, sha256 } = fields;
    const wrong = (field: string, what: string): WhisperError => bad(`models[${index}].${field} is not ${what}`);
    const mayLack = (value: unknown): value is undefined => isLoose && value === undefined;
    if (typeof file !== 'string' || !isModelFile(file)) throw wrong('file', 'a name like ggml-x.bin');
    if (typeof repo !== 'string' || !REPO.test(repo)) throw wrong('repo', 'a repository like owner/name');
    if (typeof revision !== 'string' || revision === '') throw wrong('revision', 'a commit, branch or tag');
    if (!mayLack(size) && !isCount(size)) throw wrong('size', 'a number of bytes');
    const hash = readSha256(sha256);
    if (!mayLack(sha256) && hash === undefined) throw wrong('sha256', '64 hexadecimal digits or sha256-… with base64');
    return { file, repo, revision, size, sha256: hash };
  });
  return { document, entries };
}

function readSha256(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^[0-9a-fA-F]{64}$/.test(value)) return value.toLowerCase();
  const base64 = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(value)?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}

/** A sha256 in hex as Nix writes it. */
export function toSri(sha256: string): string {
  return `sha256-${Buffer.from(sha256, 'hex').toString('base64')}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
