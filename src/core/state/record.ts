import type { Origin } from '../catalogue/origin.ts';
import { readObject } from '../json.ts';
import { isCount } from '../quantity.ts';

/** Distinguishes a file from another one of the same name without reading it. `mtime` is ISO 8601. */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  readonly mtime: string;
  /** In decimal: it may be larger than an exact number. */
  readonly inode: string;
}

/** The sha256 that the bytes of one file were found to have, in hex. */
export interface HashedFile extends FileStamp {
  readonly sha256: string;
}

/** The record of a file that the program downloaded or verified. Size in bytes, times ISO 8601. */
export interface ModelRecord {
  readonly file: string;
  /** `repo`, `revision` and `path` as in an `Origin`; without them it came from `url`. */
  readonly repo?: string;
  readonly revision?: string;
  readonly path?: string;
  readonly url: string;
  readonly size: number;
  readonly sha256: string;
  readonly fetchedAt: string;
  readonly verifiedAt: string;
  /** Of the file when the record was made: a file with another one is not the recorded one. */
  readonly mtime: string;
  /** The same. `undefined`: written by a version without inodes, so that it matches no file. */
  readonly inode?: string;
}

/** The content of a state file in `records/`. */
export interface FileNote {
  /** `undefined`: the program neither fetched nor verified such a file, or that part is damaged in any way. */
  readonly record: ModelRecord | undefined;
  /** Bytes that were hashed and are not those of the record or the catalogue. */
  readonly hashed: HashedFile | undefined;
}

/** Reads a state file in `records/`. A damaged part counts as absent. */
export function readFileNote(text: string): FileNote {
  const { hashed, ...record } = readObject(text) ?? {};
  return { record: isRecord(record) ? record : undefined, hashed: isHashedFile(hashed) ? hashed : undefined };
}

/** Whether a file is still the one with that stamp. */
export function isSameFile(a: FileStamp, b: Partial<FileStamp>): boolean {
  return a.size === b.size && a.inode === b.inode && a.mtime === b.mtime;
}

/** The fields of a record about where a file came from; `url`: the address that answered, empty where it is not known. */
export function recordedOrigin(origin: Origin, url: string): Pick<ModelRecord, 'repo' | 'revision' | 'path' | 'url'> {
  const { repo, revision, path } = origin;
  if (repo === undefined) return { url: origin.url };
  return { repo, revision, ...(path !== undefined && { path }), url };
}

const TEXTS = ['file', 'url', 'fetchedAt', 'verifiedAt'];

function isRecord(fields: object): fields is ModelRecord {
  const { inode, repo, revision, path } = fields as Record<string, unknown>;
  const isFromWeb = [repo, revision, path].every((each) => each === undefined);
  const isFromHub = hasTexts(fields, ['repo', 'revision']) && (path === undefined || typeof path === 'string');
  return (
    hasTexts(fields, TEXTS) &&
    (isFromWeb || isFromHub) &&
    isHash(fields) &&
    (inode === undefined || typeof inode === 'string')
  );
}

function isHashedFile(value: unknown): value is HashedFile {
  return typeof value === 'object' && value !== null && isHash(value) && hasTexts(value, ['inode']);
}

function isHash(fields: object): boolean {
  const { size, sha256 } = fields as Record<string, unknown>;
  return isCount(size) && hasTexts(fields, ['sha256', 'mtime']) && /^[0-9a-f]{64}$/.test(String(sha256));
}

function hasTexts(fields: object, names: readonly string[]): boolean {
  return names.every((name) => typeof (fields as Record<string, unknown>)[name] === 'string');
}
