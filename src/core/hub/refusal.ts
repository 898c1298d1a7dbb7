import { WhisperError } from '../errors.ts';
import type { CatalogueEntry } from '../models/catalogue.ts';
import { firstLine } from '../models/header.ts';
import { printable, shortName } from '../models/name.ts';
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
  entry: CatalogueEntry,
  head: AnswerHead,
  body: string,
  { hub, token, now }: Asking,
): WhisperError {
  const { status, headers } = head;
  const code = headers['x-error-code'];
  const said = printable(firstLine(withoutToken(headers['x-error-message'] ?? body, token)));
  const name = shortName(entry.file);
  const details = { file: entry.file, repo: entry.repo, revision: entry.revision, status, hub, ...(said && { said }) };
  const error = (
    kind: 'hub-not-found' | 'hub-needs-token' | 'hub-gated' | 'hub-refused' | 'hub-broken' | 'hub-rate-limited',
    message: string,
    hint: string,
  ): WhisperError => new WhisperError(kind, message, hint, { details });
  if (code === 'GatedRepo') {
    const message = `${entry.repo} is gated: ${said || `status ${status}`}`;
    return error(
      'hub-gated',
      message,
      `Ask for access at ${hub}/${entry.repo} and set HF_TOKEN to a token of that account.`,
    );
  }
  if (status === 404 || code === 'EntryNotFound' || code === 'RevisionNotFound') {
    const what =
      code === 'RevisionNotFound'
        ? `the revision ${entry.revision}`
        : code === 'RepoNotFound'
          ? 'that repository'
          : 'that file';
    const message = `${name} was not found on the hub: ${hub} does not have ${what} (${entry.repo}, ${entry.revision.slice(0, 12)})`;
    return error('hub-not-found', message, 'Check HF_ENDPOINT, and WHISPER_CATALOG if the entry is your own.');
  }
  if (status === 401) {
    return token !== undefined
      ? error(
          'hub-needs-token',
          `The hub does not accept the token: ${said || 'status 401'}`,
          'Set HF_TOKEN to a valid token, or unset it for public models.',
        )
      : error(
          'hub-needs-token',
          `The hub wants a token for ${entry.repo}: ${said || 'status 401'}`,
          'Set HF_TOKEN to a token that may read the repository, or check HF_ENDPOINT.',
        );
  }
  if (status === 429) {
    return error(
      'hub-rate-limited',
      'The hub limits how often it may be asked',
      `Try again ${whenAllowed(head, now)}; a token (HF_TOKEN) has a larger allowance.`,
    );
  }
  if (status >= 500 || status === 408) {
    return error(
      'hub-broken',
      `The hub is out of order: status ${status}${said && `, ${said}`}`,
      'Try again later; what has arrived is kept.',
    );
  }
  return error(
    'hub-refused',
    `The hub refused ${name}: status ${status}${said && `, ${said}`}`,
    'Check HF_ENDPOINT, the proxy settings and HF_TOKEN.',
  );
}

function whenAllowed(head: AnswerHead, now: number): string {
  const wait = requestedWait(head, now);
  return wait === undefined ? 'in a few minutes' : `after ${new Date(now + wait).toISOString()}`;
}

/** The same error where the hub told which files it has: the next step names those with the nearest names. */
export function withNearest(error: WhisperError, file: string, files: Iterable<string>): WhisperError {
  const near = nearest(file, files);
  if (near.length === 0) return error;
  const { code, message, hint, details } = error;
  const names = near.map(printable).join(', ');
  return new WhisperError(code, message, `The repository has ${names}. ${hint}`, {
    details: { ...details, suggestions: near },
    cause: error,
  });
}

/** The error for status 416: a part was asked for that must be there. */
export function noSuchPart(): WhisperError {
  return new WhisperError(
    'hub-broken',
    'The hub does not have the part that is missing',
    'Try again later, or set HF_ENDPOINT to another server.',
  );
}
