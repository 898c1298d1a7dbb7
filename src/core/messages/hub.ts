import { WhisperError } from '../errors.ts';
import { shortName } from '../catalogue/names.ts';

/** What a hub refuses, does not have or does not say. */

/** An answer of 400 and above, with what the hub was asked for. */
export interface Refusal {
  /** The model's file name. */
  readonly file: string;
  readonly repo: string;
  readonly revision: string;
  readonly status: number;
  /** The origin of the hub. */
  readonly hub: string;
  /** Its own words, in one line and without the token; empty where it has none. */
  readonly said: string;
}

const GO_ELSEWHERE = 'Try again later, or set HF_ENDPOINT to another server.';

export function gatedRepository(refusal: Refusal): WhisperError {
  const { repo, hub, status, said } = refusal;
  const hint = `Ask for access at ${hub}/${repo} and set HF_TOKEN to a token of that account.`;
  return refused('hub-gated', `${repo} is gated: ${said || `status ${status}`}`, hint, refusal);
}

export function notOnHub(refusal: Refusal, lacks: 'file' | 'repository' | 'revision'): WhisperError {
  const { file, hub, repo, revision } = refusal;
  const what = lacks === 'revision' ? `the revision ${revision}` : `that ${lacks}`;
  const where = `${hub} does not have ${what} (${repo}, ${revision.slice(0, 12)})`;
  return refused(
    'hub-not-found',
    `${shortName(file)} was not found on the hub: ${where}`,
    'Check HF_ENDPOINT, and WHISPER_CATALOG if the entry is your own.',
    refusal,
  );
}

/** The same where the hub told which files it has: the next step names those with the nearest names. */
export function notOnHubWithSuggestions(error: WhisperError, suggestions: readonly string[]): WhisperError {
  const { code, message, hint, details } = error;
  return new WhisperError(code, message, `The repository has ${suggestions.join(', ')}. ${hint}`, {
    details: { ...details, suggestions },
    cause: error,
  });
}

export function tokenRejected(refusal: Refusal): WhisperError {
  const message = `The hub does not accept the token: ${refusal.said || `status ${refusal.status}`}`;
  const hint = 'Set HF_TOKEN to a token that it accepts, or unset it for public models.';
  return refused('hub-needs-token', message, hint, refusal);
}

export function tokenRequired(refusal: Refusal): WhisperError {
  const { repo, said, status } = refusal;
  const message = `The hub wants a token for ${repo}: ${said || `status ${status}`}`;
  const hint = 'Set HF_TOKEN to a token that may read the repository, or check HF_ENDPOINT.';
  return refused('hub-needs-token', message, hint, refusal);
}

/** `until`: when it may be asked again, in ISO 8601; `undefined`: it does not say. */
export function rateLimited(refusal: Refusal, until: string | undefined): WhisperError {
  const when = until === undefined ? 'in a few minutes' : `after ${until}`;
  const hint = `Try again ${when}; a token (HF_TOKEN) has a larger allowance.`;
  return refused('hub-rate-limited', 'The hub limits how often it may be asked', hint, refusal);
}

export function hubUnavailable(refusal: Refusal): WhisperError {
  const message = `The hub is out of order: ${statusOf(refusal)}`;
  return refused('hub-broken', message, 'Try again later; what has arrived is kept.', refusal);
}

export function hubRefused(refusal: Refusal): WhisperError {
  const message = `The hub refused ${shortName(refusal.file)}: ${statusOf(refusal)}`;
  return refused('hub-refused', message, 'Check HF_ENDPOINT, the proxy settings and HF_TOKEN.', refusal);
}

function statusOf({ status, said }: Refusal): string {
  return `status ${status}${said && `, ${said}`}`;
}

function refused(
  code: 'hub-not-found' | 'hub-needs-token' | 'hub-gated' | 'hub-refused' | 'hub-broken' | 'hub-rate-limited',
  message: string,
  hint: string,
  { said, ...asked }: Refusal,
): WhisperError {
  return new WhisperError(code, message, hint, { details: { ...asked, ...(said && { said }) } });
}

/** Status 416: a part was asked for that must be there. */
export function rangeNotSatisfiable(): WhisperError {
  return new WhisperError('hub-broken', 'The server does not have the part that is missing', GO_ELSEWHERE);
}

export function wrongRange(): WhisperError {
  return new WhisperError('hub-broken', 'The server sent another part of the file than was asked for', GO_ELSEWHERE);
}

/** `url`: without its query, which may hold a signature. */
export function tooManyRedirects(url: string, times: number): WhisperError {
  return new WhisperError(
    'hub-broken',
    `The hub redirects in circles (${times} times)`,
    'Check HF_ENDPOINT and the proxy settings.',
    { details: { url } },
  );
}

/** `given`: the size as the hub says it. */
export function impossibleSize(given: string): WhisperError {
  const message = `The hub reported an impossible file size: ${given} bytes`;
  return new WhisperError('hub-broken', message, GO_ELSEWHERE, { details: { size: given } });
}

/** Nothing tells how many bytes a file has. */
export function sizeUnknown(file: string): WhisperError {
  return new WhisperError(
    'hub-refused',
    `The server does not say how large ${shortName(file)} is, and nothing else does`,
    'Give the entry of WHISPER_CATALOG its size and sha256.',
    { details: { file } },
  );
}

/** The hub has a file and does not tell its size and hash. */
export function hashUnknown(file: string, repo: string, revision: string): WhisperError {
  return new WhisperError(
    'hub-not-found',
    `The hub does not say what the bytes of ${shortName(file)} in ${repo} at ${revision} are`,
    `Check HF_ENDPOINT and the repository, or fetch it first: whisper download ${shortName(file)}`,
    { details: { file, repo, revision } },
  );
}
