import type { CatalogueEntry } from '../catalogue/entries.ts';
import { printable } from '../catalogue/names.ts';
import { nearest } from '../catalogue/suggest.ts';
import type { ErrorCode, WhisperError } from '../errors.ts';
import { firstLine } from '../formats/header.ts';
import {
  gatedRepository,
  hubRefused,
  hubUnavailable,
  notOnHub,
  notOnHubWithSuggestions,
  rateLimited,
  type Refusal,
  tokenRejected,
  tokenRequired,
} from '../messages/hub.ts';
import { type AnswerHead, withoutToken } from './answer.ts';

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

/** How often a transfer may fail: any byte that it gets further makes it begin to count again. */
export class RetryBudget {
  #furthest: number;

  constructor(received: number) {
    this.#furthest = received;
  }

  /** How many failures in a row it is with one more, where there were `before`; `received`: bytes that are there by now. */
  count(before: number, received: number): number {
    const hasAdvanced = received > this.#furthest;
    this.#furthest = Math.max(this.#furthest, received);
    return hasAdvanced ? 1 : before + 1;
  }

  /** Whether that many failures, the last of them of this kind, are too many. */
  isOver(failures: number, code: ErrorCode): boolean {
    const neverConnected = this.#furthest === 0 && code === 'hub-unreachable';
    return failures >= (neverConnected ? MAX_CONNECT_FAILURES : MAX_FAILURES);
  }
}

/** Who asked: the origin of the hub, the token that must not be shown, and the time in milliseconds since the epoch. */
export interface Asking {
  readonly hub: string;
  readonly token: string | undefined;
  readonly now: number;
}

/** The error for an answer of 400 and above. The hub tells the cases apart by `X-Error-Code`, not by the status. */
export function refusal(
  { file, repo, revision }: CatalogueEntry,
  head: AnswerHead,
  body: string,
  { hub, token, now }: Asking,
): WhisperError {
  const { status, headers } = head;
  const code = headers['x-error-code'];
  const said = printable(firstLine(withoutToken(headers['x-error-message'] ?? body, token)));
  const refused: Refusal = { file, repo, revision, status, hub, said };
  if (code === 'GatedRepo') return gatedRepository(refused);
  if (code === 'RevisionNotFound') return notOnHub(refused, 'revision');
  if (status === 404 && code === 'RepoNotFound') return notOnHub(refused, 'repository');
  if (status === 404 || code === 'EntryNotFound') return notOnHub(refused, 'file');
  if (status === 401) return token === undefined ? tokenRequired(refused) : tokenRejected(refused);
  if (status === 429) {
    const wait = requestedWait(head, now);
    return rateLimited(refused, wait === undefined ? undefined : new Date(now + wait).toISOString());
  }
  return status >= 500 || status === 408 ? hubUnavailable(refused) : hubRefused(refused);
}

/** The same error where the hub told which files it has: the next step names those with the nearest names. */
export function withNearest(error: WhisperError, file: string, files: Iterable<string>): WhisperError {
  const near = nearest(file, files);
  return near.length === 0 ? error : notOnHubWithSuggestions(error, near);
}
