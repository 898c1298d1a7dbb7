import type { IncomingHttpHeaders } from 'node:http';
import { storeError, weakEtag, type Answer, type Headers, type Seen } from './answer.ts';
import type { Source } from './content.ts';
import type { FaultEffect } from './faults.ts';

export interface Served {
  readonly source: Source;
  /** Without quotes. */
  readonly etag: string;
  readonly headers?: Headers;
}

/** Answers a request for bytes: conditions, a single range, and the habit of dropping ranges for gzip. */
export function contentAnswer({ headers }: Seen, served: Served, effect: FaultEffect): Answer {
  const { source } = served;
  const etag = `"${served.etag}"`;
  const base = { 'content-type': 'application/octet-stream', ...served.headers };
  const plain = { ...base, 'accept-ranges': 'bytes', etag };
  const whole = { source, start: 0, end: source.size };

  if (headers['if-match'] !== undefined && !lists(headers['if-match'], etag)) {
    return storeError(412, 'PreconditionFailed', 'At least one of the pre-conditions did not hold');
  }
  if (headers['if-none-match'] !== undefined && lists(headers['if-none-match'], etag)) {
    return { status: 304, headers: { etag }, body: { source, start: 0, end: 0 } };
  }
  if (acceptsGzip(headers)) {
    const weak = { ...base, etag: weakEtag(etag), vary: 'Accept-Encoding' };
    return { status: 200, headers: weak, body: whole, gzip: true };
  }

  const range = effect.ignoreRange ? undefined : rangeOf(headers, etag, source.size);
  if (range === undefined) return { status: 200, headers: plain, body: whole };
  if (range === 'unsatisfiable') {
    return storeError(416, 'InvalidRange', 'The requested range is not satisfiable', {
      'content-range': `bytes */${source.size}`,
    });
  }
  const contentRange = `bytes ${range.start}-${range.end - 1}/${source.size}`;
  return {
    status: effect.okWithContentRange ? 200 : 206,
    headers: { ...plain, 'content-range': effect.contentRange ?? contentRange },
    body: { source, ...range },
  };
}

/** `undefined` stands for the whole: no range, more than one, one that makes no sense, or a condition that fails. */
function rangeOf(
  headers: IncomingHttpHeaders,
  etag: string,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const ifRange = headers['if-range'];
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

function lists(condition: string, etag: string): boolean {
  return condition.split(',').some((one) => one.trim() === etag || one.trim() === '*');
}

function acceptsGzip(headers: IncomingHttpHeaders): boolean {
  const accepted = headers['accept-encoding'] ?? '';
  return /(^|[\s,])gzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accepted);
}
