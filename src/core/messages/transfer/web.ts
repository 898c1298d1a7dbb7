import { shortName } from '../../catalogue/names.ts';
import { type ErrorCode, WhisperError } from '../../errors.ts';
import { phraseOf } from '../../hub/status.ts';

/** Models on other servers than the hub, by the address that `modelSources` or the user names. */

/** A server that answered with a status of 400 or above. */
export interface WebRefusal {
  /** The model's file name. */
  readonly file: string;
  readonly url: string;
  readonly status: number;
  /** The server's explanation, in one line; may be empty. */
  readonly said: string;
}

const CHECK_ADDRESS = 'Check the address, or its url in modelSources';

export function notOnServer(refusal: WebRefusal): WhisperError {
  const { file, url } = refusal;
  const message = `${shortName(file)} not found: ${url} answered ${statusOf(refusal)}`;
  return refused('hub-not-found', message, `${CHECK_ADDRESS}: the file may have been moved`, refusal);
}

export function serverNeedsLogin(refusal: WebRefusal): WhisperError {
  const message = `${hostOf(refusal)} refused ${shortName(refusal.file)}: it answered ${statusOf(refusal)}`;
  const hint = 'Use a public address: the token of the hub is never sent to another server';
  return refused('hub-refused', message, hint, refusal);
}

export function serverRefused(refusal: WebRefusal): WhisperError {
  const message = `${hostOf(refusal)} refused ${shortName(refusal.file)}: it answered ${statusOf(refusal)}`;
  return refused('hub-refused', message, `${CHECK_ADDRESS}, and the proxy settings`, refusal);
}

export function serverUnavailable(refusal: WebRefusal): WhisperError {
  const message = `${hostOf(refusal)} answered ${statusOf(refusal)}`;
  return refused('hub-broken', message, 'Run the same command again later; finished parts are kept', refusal);
}

/** `until`: when to retry, in ISO 8601; `undefined`: the server does not say. */
export function serverLimitsRate(refusal: WebRefusal, until: string | undefined): WhisperError {
  const hint = `Try again ${until === undefined ? 'in a few minutes' : `after ${until}`}`;
  return refused('hub-rate-limited', `${hostOf(refusal)} answered 429 (Too Many Requests)`, hint, refusal);
}

/** A registry must not make whisper send requests into the network of its user. */
export function privateAddress(url: string, address: string): WhisperError {
  return new WhisperError(
    'hub-refused',
    `Refused to connect to ${url}: ${address} is on this machine or in a private network`,
    'If you trust this server, run whisper download with the URL, or name its host in HF_ENDPOINT',
    { details: { url, address } },
  );
}

/** Anyone on the network path can replace bytes that are sent over http. */
export function httpWithoutHash(url: string): WhisperError {
  return new WhisperError(
    'hub-refused',
    `${url} uses http, and no sha256 is known to verify the file`,
    'Use https, or write the source with its hash into modelSources, then run whisper sync',
    { details: { url } },
  );
}

/** A model that cannot be pinned yet: a server other than the hub does not say what the hash of a file is. */
export function webHashUnknown(file: string, url: string): WhisperError {
  const name = shortName(file);
  return new WhisperError(
    'hub-not-found',
    `Size and sha256 of ${name} are unknown: ${url} has not been downloaded yet`,
    `Add hash and size to its entry in modelSources, or download it first: whisper download ${name}`,
    { details: { file, url } },
  );
}

function statusOf({ status, said }: WebRefusal): string {
  return `${status}${phraseOf(status)}${said && `: ${said}`}`;
}

function hostOf({ url }: WebRefusal): string {
  return new URL(url).host;
}

function refused(code: ErrorCode, message: string, hint: string, { said, ...asked }: WebRefusal): WhisperError {
  return new WhisperError(code, message, hint, { details: { ...asked, ...(said && { said }) } });
}
