import type { CatalogueEntry } from '../catalogue/entries.ts';
import { stalePin } from '../messages/bytes.ts';
import { impossibleSize } from '../messages/hub.ts';
import { isCount, readCount } from '../quantity.ts';
import type { Range } from './ranges.ts';

/** The head of an HTTP answer, header names in lower case. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What the hub itself says about a file; the content server behind its redirect knows none of this. */
export interface FileFacts {
  readonly commit: string | undefined;
  readonly size: number | undefined;
  readonly sha256: string | undefined;
}

/**
 * Reads `X-Repo-Commit`, `X-Linked-Size` and `X-Linked-ETag` of a hub's answer; what is missing or malformed is left out. Throws
 * `hub-broken` (exit 4) at a size that no file has.
 */
export function readFacts({ headers }: AnswerHead): FileFacts {
  const given = headers['x-linked-size'];
  const size = readCount(given);
  if (given !== undefined && size === undefined && /^[+-]?\d/.test(given) && !Number.isNaN(Number(given)))
    throw impossibleSize(given);
  const etag = headers['x-linked-etag']?.replace(/^W\//, '').replaceAll('"', '').toLowerCase();
  return {
    commit: headers['x-repo-commit'],
    size,
    sha256: etag !== undefined && /^[0-9a-f]{64}$/.test(etag) ? etag : undefined,
  };
}

/**
 * Reads what the hub's API says of a repository (`?blobs=true`): its files by their paths. `undefined` where the text is
 * something else. The hash of a file that is in git itself is not told.
 */
export function readFileFacts(text: string): ReadonlyMap<string, FileFacts> | undefined {
  let value: { sha?: unknown; siblings?: unknown } | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if (!Array.isArray(value?.siblings)) return undefined;
  const commit = typeof value.sha === 'string' && /^[0-9a-f]{40}$/.test(value.sha) ? value.sha : undefined;
  const files = (value.siblings as readonly (Sibling | null)[]).flatMap((sibling): [string, FileFacts][] => {
    if (typeof sibling?.rfilename !== 'string') return [];
    const { rfilename, size, lfs } = sibling;
    const sha256 = typeof lfs?.sha256 === 'string' && /^[0-9a-f]{64}$/.test(lfs.sha256) ? lfs.sha256 : undefined;
    return [[rfilename, { commit, size: isCount(size) ? size : undefined, sha256 }]];
  });
  return new Map(files);
}

interface Sibling {
  readonly rfilename?: unknown;
  readonly size?: unknown;
  readonly lfs?: { readonly sha256?: unknown } | null;
}

/** What is known already, and what of the rest another answer adds. */
export function mergeFacts(known: FileFacts, more: FileFacts): FileFacts {
  return { commit: known.commit ?? more.commit, size: known.size ?? more.size, sha256: known.sha256 ?? more.sha256 };
}

/** Throws `stale-pin` (exit 5) where the hub has other bytes under the name than the catalogue pins. */
export function requirePinned(entry: CatalogueEntry, facts: FileFacts): void {
  const differs =
    (entry.size !== undefined && facts.size !== undefined && entry.size !== facts.size) ||
    (entry.sha256 !== undefined && facts.sha256 !== undefined && entry.sha256 !== facts.sha256);
  if (!differs) return;
  throw stalePin(entry.file, entry.pinnedBy ?? 'catalogue', entry, facts);
}

/** The start and the total of a `Content-Range: bytes a-b/total`; `total` is undefined for `*`. `undefined`: it says no such thing. */
export function readContentRange(
  value: string | undefined,
): { start: number; end: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value ?? '');
  if (!match) return undefined;
  const [start, end, total] = [readCount(match[1]), readCount(match[2]), readCount(match[3])];
  if (start === undefined || end === undefined || (total === undefined && match[3] !== '*')) return undefined;
  return { start, end, total };
}

/**
 * Bytes of the whole file that an answer is about, as far as its head tells: of a part, only `Content-Range` says it.
 */
export function wholeSize({ status, headers }: AnswerHead): number | undefined {
  const range = readContentRange(headers['content-range']);
  if (range) return range.total;
  const length = status === 206 ? undefined : headers['content-length'];
  return readCount(length);
}

/** What a server said, fit to be shown: some repeat the request that they refuse. */
export function withoutToken(text: string, token: string | undefined): string {
  return token === undefined ? text : text.replaceAll(token, '(token)');
}

/** What the body of an answer is, in place of the range that was asked for. */
export type Content =
  /** The bytes that were asked for, as far as `end`. */
  | { readonly kind: 'part'; readonly end: number }
  /** The whole file, from its first byte on: the server does not know ranges. */
  | { readonly kind: 'whole' }
  /** A body that cannot be this file: its length is another one. */
  | { readonly kind: 'wrong-length'; readonly length: number }
  /** Another part, or a part of another file. */
  | { readonly kind: 'other' };

/** Tells by an answer's head what its body is; `size` is that of the whole file. */
export function readContent({ status, headers }: AnswerHead, asked: Range, size: number): Content {
  const range = readContentRange(headers['content-range']);
  if (range) {
    // Some mirrors answer a range with 200 and a Content-Range that is right all the same.
    const isAsked = range.start === asked.start && range.end < size && (range.total ?? size) === size;
    return isAsked ? { kind: 'part', end: range.end + 1 } : { kind: 'other' };
  }
  // A part, or one that cannot be counted.
  if (status === 206 || /^bytes \d/.test(headers['content-range'] ?? '')) return { kind: 'other' };
  const length = readCount(headers['content-length']);
  if (length !== undefined && length !== size) return { kind: 'wrong-length', length };
  return asked.start === 0 && asked.end === size ? { kind: 'part', end: size } : { kind: 'whole' };
}

/** The `Range` header for some bytes of a file; `undefined` where that is the whole file. */
export function rangeHeader({ start, end }: Range, size: number | undefined): string | undefined {
  if (end !== size) return `bytes=${start}-${end - 1}`;
  return start === 0 ? undefined : `bytes=${start}-`;
}

/**
 * When a signed address runs out, in milliseconds since the epoch: CloudFront's `Expires` or the `X-Amz-Date` and
 * `X-Amz-Expires` of S3; `undefined` where it does not say. It is checked when a request starts; a running one goes on.
 */
export function expiryOf({ searchParams }: URL): number | undefined {
  const expires = Number(searchParams.get('Expires') ?? Number.NaN);
  if (expires > 0) return expires * 1000;
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(searchParams.get('X-Amz-Date') ?? '');
  const seconds = Number(searchParams.get('X-Amz-Expires') ?? Number.NaN);
  if (!date || !(seconds > 0)) return undefined;
  const [, year, month, day, hour, minute, second] = date.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) + seconds * 1000;
}
