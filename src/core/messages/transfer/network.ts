import { WhisperError } from '../../errors.ts';
import { printable, shortName } from '../../catalogue/names.ts';

/** Requests without an answer, and refused redirects. */

/** Which setting of the user names a server. */
export type Server = 'hub' | 'web' | 'cache';

const PROXY_SETTINGS = 'HTTP_PROXY, HTTPS_PROXY and NO_PROXY';
const WITH_CREDENTIALS = 'HTTPS_PROXY=http://name:password@proxy.example:3128';

const SETTINGS: Readonly<Record<Server, string>> = {
  hub: 'HF_ENDPOINT',
  web: 'the address of the model',
  cache: 'the URL of the cache (WHISPER_SUBSTITUTERS, or "substituters" in the lock file)',
};

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host name cannot be resolved',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  ENETUNREACH: 'the network is unreachable',
  EHOSTUNREACH: 'the host is unreachable',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'the server did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'the server stopped sending',
  UND_ERR_SOCKET: 'the connection was closed',
  HPE_OTHER: 'the server does not speak HTTP',
};

/** A request that got no answer; `url` and `proxy` are origins. */
export interface FailedRequest {
  readonly server: Server;
  readonly url: string;
  /** The proxy that did not pass the request on; `undefined`: no proxy, or not known. */
  readonly proxy: string | undefined;
  readonly cause: unknown;
}

/** `reason`: the error code; `isLasting`: retrying does not help, as with an untrusted certificate. */
export function unreachable(asked: FailedRequest, reason: string, isLasting: boolean): WhisperError {
  const { server, url, proxy } = asked;
  const what = proxy === undefined ? url : `${url} through the proxy ${proxy}`;
  const settings = proxy === undefined ? `the network, ${SETTINGS[server]} and the proxy settings` : PROXY_SETTINGS;
  const hint = isLasting
    ? 'If a proxy replaces the certificate, set NODE_EXTRA_CA_CERTS to the file of its CA'
    : `Check ${settings}, then run the same command again to resume`;
  return unanswered(`Cannot reach ${what}: ${REASONS[reason] ?? reason}`, hint, reason, asked);
}

/** A proxy answered 407; `hasCredentials`: it received a name and a password. */
export function proxyNeedsCredentials(asked: FailedRequest, hasCredentials: boolean): WhisperError {
  const proxy = `The proxy ${asked.proxy}`;
  const [message, hint] = hasCredentials
    ? [`${proxy} rejected the user name and password`, `Correct them in the proxy URL`]
    : [`${proxy} requires a user name and password`, `Put them in the proxy URL`];
  return unanswered(`${message} (status 407)`, `${hint}: ${WITH_CREDENTIALS}`, 'PROXY_AUTHENTICATION', asked);
}

export function proxyRefused(asked: FailedRequest, status: number): WhisperError {
  return unanswered(
    `The proxy ${asked.proxy} answered ${status} when asked to connect to ${asked.url}`,
    `Check that the proxy allows connections to this server, and ${PROXY_SETTINGS}`,
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

export function retriesExhausted({ code, message, hint, details, cause }: WhisperError, tries: number): WhisperError {
  return new WhisperError(code, `${message} (tried ${tries} times)`, hint, { details: { ...details, tries }, cause });
}

/** A redirect off the web, or from https to http; `to`: protocol and host. */
export function unsupportedRedirect(to: string | undefined, server: Server): WhisperError {
  return new WhisperError(
    'hub-broken',
    `The server redirects to an unsupported URL: ${to ?? 'none'}`,
    `Check ${SETTINGS[server]} and the proxy settings`,
  );
}

/** `url`: without its query, which may hold a signature. */
export function tooManyRedirects(url: string, times: number, server: Server): WhisperError {
  return new WhisperError(
    'hub-broken',
    `The ${server === 'hub' ? 'hub' : 'server'} redirected more than ${times} times`,
    `Check ${SETTINGS[server]} and the proxy settings`,
    { details: { url } },
  );
}

/** Notices during downloads. `file`: a model's file name; `cache`: an address without credentials. */

export function downloadedDespiteFailure(files: readonly string[]): string {
  return `Downloaded despite the failure: ${files.map(shortName).join(', ')}`;
}

/** `isRemoved`: no other registry lists the model, so that the unfinished file is gone. */
export function downloadCancelled(file: string, isRemoved: boolean): string {
  const rest = isRemoved ? ', and removed the unfinished file' : '';
  return `Cancelled the download of ${shortName(file)}, which is no longer listed${rest}`;
}

export function hashFirstSeen(file: string): string {
  return `${shortName(file)}: no sha256 was known; recorded the sha256 of this download`;
}

export function partialOfAnotherFile(file: string): string {
  return `${shortName(file)}: the unfinished download is of another file; starting again`;
}

export function changedOnServer(file: string): string {
  return `${shortName(file)} changed on the server; starting the download again`;
}

/** The server has sent another version of a file so many times. */
export function keepsChanging(file: string, times: number): WhisperError {
  return new WhisperError(
    'hub-broken',
    `${shortName(file)} changed on the server ${times} times during the download`,
    'Run the same command again later, or pin the sha256 of the model',
    { details: { file, times } },
  );
}

export function retryingWrongBytes(file: string): string {
  return `${shortName(file)}: the download is corrupt; starting it again`;
}

/** `parts`: the ranges that the disk lost; `undefined`: some of what an earlier run downloaded. */
export function partialDamaged(file: string, parts: string | undefined): string {
  const what = parts ?? 'the unfinished download';
  return `${shortName(file)}: lost ${what} on disk; downloading again`;
}

/** `trouble`: an error message; `wait`: milliseconds. */
export function retrying(trouble: string, wait: number): string {
  return `${trouble}; retrying in ${Math.ceil(wait / 1000)} s`;
}

export function retryingWithoutToken(): string {
  return 'The hub rejected the access token; retrying without it';
}

export function commitUnknown(): string {
  return 'The hub does not report its commit; continuing because the sha256 is pinned';
}

export function cacheSkipped(address: string, reason: string): string {
  return printable(`Skipping the binary cache ${address}: ${reason}`);
}

/** `trouble`: an error message. */
export function continuingWithoutCache(trouble: string, cache: string): string {
  return printable(`${trouble}; continuing without the binary cache ${cache}`);
}
