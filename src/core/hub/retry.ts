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
} from '../messages/transfer/hub.ts';
import {
  notOnServer,
  serverLimitsRate,
  serverNeedsLogin,
  serverRefused,
  serverUnavailable,
  type WebRefusal,
} from '../messages/transfer/web.ts';
import { type AnswerHead, withoutToken } from './answer.ts';

/** Failures in a row without a new byte that end a transfer. */
const MAX_FAILURES = 6;
/** The same while no byte has arrived and the server cannot be reached, so that a user who is offline waits less. */
const MAX_CONNECT_FAILURES = 3;

/** Milliseconds to wait before the next try after so many failures; `random` is in [0, 1). */
export function backoff(failures: number, random: number): number {
  return Math.min(30_000, 500 * 2 ** (failures - 1)) * (0.5 + random / 2);
}

/** Whether a request that was answered with this status may succeed later. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

// The hub counts requests over five minutes.
const MAX_WAIT = 310_000;

/**
 * Milliseconds that the server asks to wait: `RateLimit: "…";r=0;t=55` (the hub's own way, usually without `Retry-After`),
 * else `Retry-After` in seconds or as a date; `now` in milliseconds since the epoch.
 */
export function requestedWait({ headers }: AnswerHead, now: number): number | undefined {
  const limit = headers['ratelimit'] ?? '';
  const seconds = /\br=0\b/.test(limit) ? /\bt=(\d+)/.exec(limit)?.[1] : undefined;
  if (seconds !== undefined) return Math.min(MAX_WAIT, (Number(seconds) + 1) * 1000);
  const after = headers['retry-after'];
  if (after === undefined) return undefined;
  // A date has the name of a month; `Date.parse` reads other values, like a negative number, as some year.
  const wait = /^\d+$/.test(after) ? Number(after) * 1000 : /[a-z]/i.test(after) ? Date.parse(after) - now : Number.NaN;
  return Number.isNaN(wait) ? undefined : Math.min(MAX_WAIT, Math.max(0, wait));
}

export class RetryBudget {
  #furthest: number;

  constructor(received: number) {
    this.#furthest = received;
  }

  /** The failures in a row after another one, where there were `before`; `received`: the bytes received so far. */
  count(before: number, received: number): number {
    const hasAdvanced = received > this.#furthest;
    this.#furthest = Math.max(this.#furthest, received);
    return hasAdvanced ? 1 : before + 1;
  }

  /** Whether so many failures, the last of them with this code, end the transfer. */
  isOver(failures: number, code: ErrorCode): boolean {
    const neverConnected = this.#furthest === 0 && code === 'hub-unreachable';
    return failures >= (neverConnected ? MAX_CONNECT_FAILURES : MAX_FAILURES);
  }
}

interface Requester {
  /** The origin of the hub. */
  readonly hub: string;
  /** Removed from what the message quotes. */
  readonly token: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The error for a status of 400 or above. The hub distinguishes the cases by `X-Error-Code`, not by the status. */
export function refusal(
  entry: CatalogueEntry,
  head: AnswerHead,
  body: string,
  { hub, token, now }: Requester,
): WhisperError {
  const { status, headers } = head;
  const code = headers['x-error-code'];
  const said = printable(firstLine(withoutToken(headers['x-error-message'] ?? body, token)));
  const wait = status === 429 ? requestedWait(head, now) : undefined;
  const until = wait === undefined ? undefined : new Date(now + wait).toISOString();
  const { file, url } = entry;
  if (url !== undefined) return webRefusal({ file, url, status, said }, until);
  const { path, repo, revision } = entry;
  const refused: Refusal = { file, path, repo, revision, status, hub, said };
  if (code === 'GatedRepo') return gatedRepository(refused);
  if (code === 'RevisionNotFound') return notOnHub(refused, 'revision');
  if (status === 404 && code === 'RepoNotFound') return notOnHub(refused, 'repository');
  if (status === 404 || code === 'EntryNotFound') return notOnHub(refused, 'file');
  if (status === 401) return token === undefined ? tokenRequired(refused) : tokenRejected(refused);
  if (status === 429) return rateLimited(refused, until);
  return isTransient(status) ? hubUnavailable(refused) : hubRefused(refused);
}

function webRefusal(refused: WebRefusal, until: string | undefined): WhisperError {
  const { status } = refused;
  if (status === 404 || status === 410) return notOnServer(refused);
  if (status === 401 || status === 403) return serverNeedsLogin(refused);
  if (status === 429) return serverLimitsRate(refused, until);
  return isTransient(status) ? serverUnavailable(refused) : serverRefused(refused);
}

/** The same error with a hint that names the files of the repository whose names are similar. */
export function withNearest(error: WhisperError, file: string, files: Iterable<string>): WhisperError {
  const near = nearest(file, files);
  return near.length === 0 ? error : notOnHubWithSuggestions(error, near);
}
