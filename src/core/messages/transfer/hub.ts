import { WhisperError } from '../../errors.ts';
import { shortName } from '../../catalogue/names.ts';
import { phraseOf } from '../../hub/status.ts';

/** What a hub refuses, does not have or does not say. */

export interface Refusal {
  /** The model's file name. */
  readonly file: string;
  /** Where it is in the repository; `undefined`: under its own name. */
  readonly path?: string | undefined;
  readonly repo: string;
  readonly revision: string;
  readonly status: number;
  /** The origin of the hub. */
  readonly hub: string;
  /** The hub's explanation, in one line and without the token; may be empty. */
  readonly said: string;
}

const GO_ELSEWHERE = 'Try again later, or set HF_ENDPOINT to another server';

export function gatedRepository(refusal: Refusal): WhisperError {
  const { repo, hub, status, said } = refusal;
  const hint = `Request access at ${hub}/${repo}, then set HF_TOKEN to a token of that account`;
  return refused('hub-gated', `${repo} is gated: ${said || `the hub answered ${status}`}`, hint, refusal);
}

export function notOnHub(refusal: Refusal, lacks: 'file' | 'repository' | 'revision'): WhisperError {
  const { file, path, hub, repo, revision } = refusal;
  const named = { revision: `the revision ${revision}`, file: path ?? 'this file', repository: 'this repository' };
  const what = named[lacks];
  const where = `${hub} does not have ${what} (${repo}, ${revision.slice(0, 12)})`;
  return refused(
    'hub-not-found',
    `${shortName(file)} not found: ${where}`,
    'Check HF_ENDPOINT, and the URL or the entry of the model in modelSources or WHISPER_CATALOG',
    refusal,
  );
}

export function notOnHubWithSuggestions(error: WhisperError, suggestions: readonly string[]): WhisperError {
  const { code, message, details } = error;
  return new WhisperError(
    code,
    message,
    `The repository has ${suggestions.join(', ')}: check HF_ENDPOINT, and the URL or the entry of the model in modelSources or WHISPER_CATALOG`,
    {
      details: { ...details, suggestions },
      cause: error,
    },
  );
}

export function tokenRejected(refusal: Refusal): WhisperError {
  const message = `The hub rejected the access token: ${refusal.said || `it answered ${refusal.status}`}`;
  const hint = 'Set HF_TOKEN to a valid token, or unset it to download public models';
  return refused('hub-needs-token', message, hint, refusal);
}

export function tokenRequired(refusal: Refusal): WhisperError {
  const { repo, said, status } = refusal;
  const message = `The hub requires an access token for ${repo}: ${said || `the hub answered ${status}`}`;
  const hint = 'Set HF_TOKEN to a token with read access to the repository, or check HF_ENDPOINT';
  return refused('hub-needs-token', message, hint, refusal);
}

/** `until`: when to retry, in ISO 8601; `undefined`: the hub does not say. */
export function rateLimited(refusal: Refusal, until: string | undefined): WhisperError {
  const when = until === undefined ? 'in a few minutes' : `after ${until}`;
  const hint = `Try again ${when}, or set HF_TOKEN to raise the limit`;
  return refused('hub-rate-limited', 'The hub answered 429 (Too Many Requests)', hint, refusal);
}

export function hubUnavailable(refusal: Refusal): WhisperError {
  const message = `The hub answered ${statusOf(refusal)}`;
  return refused('hub-broken', message, 'Run the same command again later; finished parts are kept', refusal);
}

export function hubRefused(refusal: Refusal): WhisperError {
  const message = `The hub refused ${shortName(refusal.file)}: it answered ${statusOf(refusal)}`;
  return refused('hub-refused', message, 'Check HF_ENDPOINT, the proxy settings and HF_TOKEN', refusal);
}

function statusOf({ status, said }: Refusal): string {
  return `${status}${phraseOf(status)}${said && `: ${said}`}`;
}

function refused(
  code: 'hub-not-found' | 'hub-needs-token' | 'hub-gated' | 'hub-refused' | 'hub-broken' | 'hub-rate-limited',
  message: string,
  hint: string,
  { said, ...asked }: Refusal,
): WhisperError {
  return new WhisperError(code, message, hint, { details: { ...asked, ...(said && { said }) } });
}

export function rangeNotSatisfiable(): WhisperError {
  return new WhisperError(
    'hub-broken',
    'The server answered 416 (Range Not Satisfiable) for the missing part of the file',
    GO_ELSEWHERE,
  );
}

export function wrongRange(): WhisperError {
  return new WhisperError('hub-broken', 'The server sent a different part of the file than requested', GO_ELSEWHERE);
}

/** `given`: the size as the hub reports it. */
export function impossibleSize(given: string): WhisperError {
  const message = `The hub reported an impossible file size: ${given} bytes`;
  return new WhisperError('hub-broken', message, GO_ELSEWHERE, { details: { size: given } });
}

/** Nothing tells how many bytes a file has. */
export function sizeUnknown(file: string): WhisperError {
  return new WhisperError(
    'hub-refused',
    `The size of ${shortName(file)} is unknown: the server does not send it`,
    'Add its hash and size to modelSources, or to the entry in WHISPER_CATALOG',
    { details: { file } },
  );
}

/** `origin`: the repository and its revision. */
export function hashUnknown(file: string, origin: string): WhisperError {
  return new WhisperError(
    'hub-not-found',
    `The hub does not report size and sha256 of ${shortName(file)} in ${origin}`,
    `Check HF_ENDPOINT and the repository, or download it first: whisper download ${shortName(file)}`,
    { details: { file, origin } },
  );
}
