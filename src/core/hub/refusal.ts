import type { WhisperError } from '../errors.ts';
import {
  gatedRepository,
  hubUnavailable,
  hubRefused,
  notOnHub,
  notOnHubWithSuggestions,
  rateLimited,
  tokenRejected,
  tokenRequired,
  type Refusal,
} from '../messages/hub.ts';
import type { CatalogueEntry } from '../models/catalogue.ts';
import { firstLine } from '../models/header.ts';
import { printable } from '../models/name.ts';
import { nearest } from '../models/nearest.ts';
import { withoutToken, type AnswerHead } from './answer.ts';
import { requestedWait } from './retry.ts';

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
