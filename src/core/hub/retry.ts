import type { AnswerHead } from './answer.ts';

/** Tries in a row without a new byte before a transfer is given up. */
export const MAX_FAILURES = 6;

/** The same while nothing has come yet and there is no connection: who is offline wants to know it soon. */
export const MAX_CONNECT_FAILURES = 3;

/** Milliseconds to wait before try number `failures + 1`; `random` is in [0, 1). */
export function backoff(failures: number, random: number): number {
  return Math.min(30_000, 500 * 2 ** (failures - 1)) * (0.5 + random / 2);
}

/** Whether the same request may succeed later. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

// The hub's windows last five minutes.
const LONGEST_HOLD = 310_000;

/**
 * Milliseconds that the server asks to wait: `RateLimit: "…";r=0;t=55` (the hub's own way, usually without `Retry-After`),
 * else `Retry-After` in seconds or as a date; `now` in milliseconds since the epoch.
 */
export function requestedWait({ headers }: AnswerHead, now: number): number | undefined {
  const limit = headers['ratelimit'] ?? '';
  const seconds = /\br=0\b/.test(limit) ? /\bt=(\d+)/.exec(limit)?.[1] : undefined;
  if (seconds !== undefined) return Math.min(LONGEST_HOLD, (Number(seconds) + 1) * 1000);
  const after = headers['retry-after'];
  if (after === undefined) return undefined;
  // A date has the name of a month; what else there may be, like a negative number, would be read as some year.
  const wait = /^\d+$/.test(after) ? Number(after) * 1000 : /[a-z]/i.test(after) ? Date.parse(after) - now : Number.NaN;
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_HOLD, Math.max(0, wait));
}
