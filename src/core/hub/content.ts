import { readCount } from '../quantity.ts';
import { type AnswerHead, readContentRange } from './answer.ts';
import type { Range } from './ranges.ts';

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
