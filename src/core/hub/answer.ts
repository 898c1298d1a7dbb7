import type { CatalogueEntry } from '../catalogue/entries.ts';
import { stalePin } from '../messages/transfer/bytes.ts';
import { impossibleSize } from '../messages/transfer/hub.ts';
import { isCount, readCount } from '../quantity.ts';
import type { Range } from './ranges.ts';

/** The head of an HTTP answer, header names in lower case. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What the hub itself says about a file. The content server that it redirects to knows none of this. */
export interface FileFacts {
  readonly commit: string | undefined;
  readonly size: number | undefined;
  readonly sha256: string | undefined;
  /** For a file of another server, which knows no sha256: what it sends with this version of the file only. */
  readonly version?: string | undefined;
}

/** The ETag or the time of a file; `undefined`: the server sends neither. */
export function readVersion({ headers }: AnswerHead): string | undefined {
  return headers['etag'] ?? headers['last-modified'];
}

/** Reads the hub's headers about a file; malformed: `undefined`. Throws `hub-broken` (exit 4) for an impossible size. */
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

/** The files of a repository by path, from the hub's API (`?blobs=true`). Only large files have a sha256. */
export function readFileFacts(text: string): ReadonlyMap<string, FileFacts> | undefined {
  let value: { sha?: unknown; siblings?: unknown } | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if (!Array.isArray(value?.siblings)) return undefined;
  const commit = typeof value.sha === 'string' && /^[0-9a-f]{40}$/.test(value.sha) ? value.sha : undefined;
  type Sibling = { rfilename?: unknown; size?: unknown; lfs?: { sha256?: unknown } | null } | null;
  const files = (value.siblings as readonly Sibling[]).flatMap((sibling): [string, FileFacts][] => {
    if (typeof sibling?.rfilename !== 'string') return [];
    const { rfilename, size, lfs } = sibling;
    const sha256 = typeof lfs?.sha256 === 'string' && /^[0-9a-f]{64}$/.test(lfs.sha256) ? lfs.sha256 : undefined;
    return [[rfilename, { commit, size: isCount(size) ? size : undefined, sha256 }]];
  });
  return new Map(files);
}

export function mergeFacts(known: FileFacts, more: FileFacts): FileFacts {
  return { commit: known.commit ?? more.commit, size: known.size ?? more.size, sha256: known.sha256 ?? more.sha256 };
}

/** Throws `stale-pin` (exit 5) where the hub has another size or sha256 than is pinned. */
export function requirePinned(entry: CatalogueEntry, facts: FileFacts): void {
  const differs = (pinned: unknown, found: unknown): boolean =>
    pinned !== undefined && found !== undefined && pinned !== found;
  if (differs(entry.size, facts.size) || differs(entry.sha256, facts.sha256))
    throw stalePin(entry.file, entry.pinnedBy ?? 'catalogue', entry, facts);
}

/** Reads `Content-Range: bytes a-b/total`; `total` is `undefined` for `*`. Returns `undefined` for any other value. */
export function readContentRange(
  value: string | undefined,
): { start: number; end: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value ?? '');
  if (!match) return undefined;
  const [start, end, total] = [readCount(match[1]), readCount(match[2]), readCount(match[3])];
  if (start === undefined || end === undefined || (total === undefined && match[3] !== '*')) return undefined;
  return { start, end, total };
}

/** Bytes of the whole file that an answer is about; `undefined` where the head does not say. */
export function wholeSize({ status, headers }: AnswerHead): number | undefined {
  const range = readContentRange(headers['content-range']);
  if (range) return range.total;
  // The length of a part is not that of the file.
  return status === 206 ? undefined : readCount(headers['content-length']);
}

/** Removes the token from a text of the server before it is shown: some servers repeat the request that they refuse. */
export function withoutToken(text: string, token: string | undefined): string {
  return token === undefined ? text : text.replaceAll(token, '(token)');
}

export type Content =
  /** The requested bytes, up to `end`. */
  | { readonly kind: 'part'; readonly end: number }
  /** The whole file, because the server ignores ranges. */
  | { readonly kind: 'whole' }
  /** Another file, because its length differs. */
  | { readonly kind: 'wrong-length'; readonly length: number }
  /** Another range, or a range of another file. */
  | { readonly kind: 'other' };

/** Reads from the head of an answer what its body is; `size`: bytes of the whole file. */
export function readContent({ status, headers }: AnswerHead, requested: Range, size: number): Content {
  const range = readContentRange(headers['content-range']);
  if (range) {
    // The status is not compared: some mirrors answer 200 with a correct Content-Range.
    const isRequested = range.start === requested.start && range.end < size && (range.total ?? size) === size;
    return isRequested ? { kind: 'part', end: range.end + 1 } : { kind: 'other' };
  }
  // A range without, or with an unreadable Content-Range.
  if (status === 206 || /^bytes \d/.test(headers['content-range'] ?? '')) return { kind: 'other' };
  const length = readCount(headers['content-length']);
  if (length !== undefined && length !== size) return { kind: 'wrong-length', length };
  return requested.start === 0 && requested.end === size ? { kind: 'part', end: size } : { kind: 'whole' };
}

/** The `Range` header for some bytes of a file of `size` bytes; `undefined` for the whole file. */
export function rangeHeader({ start, end }: Range, size: number | undefined): string | undefined {
  if (end !== size) return `bytes=${start}-${end - 1}`;
  return start === 0 ? undefined : `bytes=${start}-`;
}

/**
 * When a signed URL expires, in milliseconds since the epoch: CloudFront's `Expires` or the `X-Amz-Date` and `X-Amz-Expires` of
 * S3; `undefined`: never. Servers check it when a request starts, and do not end a running one.
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
