import type { LoggedRequest } from '../fake-hub/origin.ts';
import type { Step } from './script.ts';

/** A fault that acted, and on what. */
export interface Taken {
  readonly step: Step;
  readonly entry: LoggedRequest;
}

/** Bytes of the model that the hub sent; pages and refusals are not of it. */
export function contentSent(requests: readonly LoggedRequest[], taken: readonly Taken[]): number {
  const pages = new Set(taken.filter(({ step }) => step.fault.html !== undefined).map(({ entry }) => entry));
  return requests
    .filter((entry) => (entry.status === 200 || entry.status === 206) && !pages.has(entry))
    .reduce((sum, { bytesSent }) => sum + bytesSent, 0);
}

/** Whether a fault makes everything come again that is there, as the only answer to it that is right. */
export function costsEverything({ step: { fault }, entry }: Taken): boolean {
  const { flip, ignoreRange, contentRange, status, dropHeaders = [] } = fault;
  const start = rangeStart(entry);
  if (flip !== undefined) return flip >= start && flip < start + entry.bytesSent;
  const answersRange = entry.headers.range !== undefined;
  return (
    answersRange &&
    (ignoreRange === true || contentRange !== undefined || status === 416 || dropHeaders.includes('content-range'))
  );
}

/** The most bytes that a fault may make the hub send again. */
export function allowance(taken: Taken, size: number): number {
  if (costsEverything(taken)) return size;
  const { reset, shortLength, gzip } = taken.step.fault;
  // A reset throws away what the client had not read yet; what is refused by its head is not kept.
  return reset !== undefined || shortLength !== undefined || gzip === true ? taken.entry.bytesSent : 0;
}

function rangeStart({ headers }: LoggedRequest): number {
  return Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
}

/** Bytes that the journal of a partial file lists; 0 where there is no journal. */
export function journaledBytes(journal: string | undefined): number {
  if (journal === undefined) return 0;
  const { finished = [] } = JSON.parse(journal) as { finished?: readonly (readonly [number, number])[] };
  return finished.reduce((sum, [start, end]) => sum + end - start, 0);
}
