import { WhisperError } from '../errors.ts';
import { printable, shortName } from '../catalogue/names.ts';

/** Requests that got no answer, or were sent where nobody goes. */

/** Who was asked: that decides which setting names it. */
export type Server = 'hub' | 'cache';

const PROXY_SETTINGS = 'HTTP_PROXY, HTTPS_PROXY and NO_PROXY';
const WITH_CREDENTIALS = 'HTTPS_PROXY=http://name:password@proxy.example:3128';

const SETTINGS: Readonly<Record<Server, string>> = {
  hub: 'HF_ENDPOINT',
  cache: 'the address of the cache (WHISPER_SUBSTITUTERS, or "substituters" in the lock file)',
};

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved just now',
  ENETUNREACH: 'the network is unreachable',
  EHOSTUNREACH: 'the host is unreachable',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending',
  UND_ERR_SOCKET: 'the connection broke off',
  HPE_OTHER: 'it does not speak HTTP',
};

/** A request that got no answer; `url` and `proxy` are origins. */
export interface FailedRequest {
  readonly server: Server;
  readonly url: string;
  /** The proxy that it did not get beyond; `undefined`: there is none, or that cannot be told. */
  readonly proxy: string | undefined;
  readonly cause: unknown;
}

/** `reason`: the code of the error; `isLasting`: a certificate that is not trusted, or the like. */
export function unreachable(asked: FailedRequest, reason: string, isLasting: boolean): WhisperError {
  const { server, url, proxy } = asked;
  const what = proxy === undefined ? url : `the proxy ${proxy}, which is in between to ${url}`;
  const settings = proxy === undefined ? `the network, ${SETTINGS[server]} and the proxy settings` : PROXY_SETTINGS;
  const hint = isLasting
    ? 'If a proxy or a company certificate is in between, name its CA file in NODE_EXTRA_CA_CERTS.'
    : `Check ${settings}; a download goes on where it stopped.`;
  return unanswered(`Cannot reach ${what}: ${REASONS[reason] ?? reason}`, hint, reason, asked);
}

/** A proxy answered 407; `hasCredentials`: it was sent a name and a password. */
export function proxyNeedsCredentials(asked: FailedRequest, hasCredentials: boolean): WhisperError {
  const proxy = `The proxy ${asked.proxy}`;
  const [message, hint] = hasCredentials
    ? [`${proxy} rejected the user name and password`, `Correct them in the proxy URL`]
    : [`${proxy} requires a user name and password`, `Put them in the proxy URL`];
  return unanswered(`${message} (status 407)`, `${hint}: ${WITH_CREDENTIALS}.`, 'PROXY_AUTHENTICATION', asked);
}

/** A proxy answered a request for a connection to the server with an error of its own. */
export function proxyRefused(asked: FailedRequest, status: number): WhisperError {
  return unanswered(
    `The proxy ${asked.proxy} answered ${status} when asked to connect to ${asked.url}`,
    `Check that the proxy allows connections to this server, and ${PROXY_SETTINGS}.`,
    'PROXY_REFUSED',
    asked,
  );
}

function unanswered(message: string, hint: string, reason: string, { url, proxy, cause }: FailedRequest): WhisperError {
  return new WhisperError('hub-unreachable', message, hint, {
    details: { url, reason, ...(proxy !== undefined && { proxy }) },
    cause,
  });
}

/** The error that several tries in a row ended with. */
export function retriesExhausted({ code, message, hint, details, cause }: WhisperError, tries: number): WhisperError {
  return new WhisperError(code, `${message} (tried ${tries} times)`, hint, { details: { ...details, tries }, cause });
}

/** A redirect off the web, or from https to http; `to`: protocol and host. */
export function unsupportedRedirect(to: string | undefined, server: Server): WhisperError {
  return new WhisperError(
    'hub-broken',
    `The server redirects to an address that is not fetched: ${to ?? 'none'}`,
    `Check ${SETTINGS[server]} and the proxy settings.`,
  );
}

/** What is said while models come in. `file` is a model's file name, `cache` an address fit to be shown. */

/** Others could not be had: of those the errors follow. */
export function downloadedBeforeFailure(files: readonly string[]): string {
  return `Arrived all the same: ${files.map(shortName).join(', ')}`;
}

/** A download that was cancelled because its model is no longer listed; `isRemoved`: no other registry wants what had arrived. */
export function downloadCancelled(file: string, isRemoved: boolean): string {
  const rest = isRemoved ? ', and removed the unfinished file' : '';
  return `Cancelled the download of ${shortName(file)}, which is no longer listed${rest}`;
}

export function hashFirstSeen(file: string): string {
  return `${shortName(file)}: no hash was known before; its sha256 is recorded as first seen`;
}

/** What an earlier run left is of no use. */
export function partialOfAnotherFile(file: string): string {
  return `${shortName(file)}: what an earlier run brought is of another file; fetching it from the start`;
}

export function changedOnHub(file: string): string {
  return `${shortName(file)} has changed on the hub; fetching it from the start`;
}

export function retryingWrongBytes(file: string): string {
  return `${shortName(file)}: the bytes are wrong; fetching it again from the start`;
}

/** `parts`: what the disk lost, in words; `undefined`: something of what an earlier run brought. */
export function partialDamaged(file: string, parts: string | undefined): string {
  const what = parts ?? 'all that an earlier run brought';
  return `${shortName(file)}: the disk did not keep ${what}; fetching that again`;
}

/** `trouble`: the message of an error; `wait` in milliseconds. */
export function retrying(trouble: string, wait: number): string {
  return `${trouble}; trying again in ${Math.ceil(wait / 1000)} s`;
}

export function retryingWithoutToken(): string {
  return 'The hub does not accept the token; trying without it';
}

export function commitUnknown(): string {
  return 'The hub does not say which commit it serves; it is used because the bytes are pinned';
}

/** An address that is named among the caches and cannot be asked. */
export function cacheSkipped(address: string, reason: string): string {
  return printable(`The binary cache ${address} is left out: ${reason}`);
}

/** `trouble`: the message of an error. */
export function continuingWithoutCache(trouble: string, cache: string): string {
  return printable(`${trouble}; going on without the binary cache ${cache}`);
}
