import { WhisperError } from '../errors.ts';

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
export interface Unanswered {
  readonly server: Server;
  readonly url: string;
  /** The proxy that it did not get beyond; `undefined`: there is none, or that cannot be told. */
  readonly proxy: string | undefined;
  readonly cause: unknown;
}

/** `reason`: the code of the error; `isLasting`: a certificate that is not trusted, or the like. */
export function unreachable(asked: Unanswered, reason: string, isLasting: boolean): WhisperError {
  const { server, url, proxy } = asked;
  const what = proxy === undefined ? url : `the proxy ${proxy}, which is in between to ${url}`;
  const settings = proxy === undefined ? `the network, ${SETTINGS[server]} and the proxy settings` : PROXY_SETTINGS;
  const hint = isLasting
    ? 'If a proxy or a company certificate is in between, name its CA file in NODE_EXTRA_CA_CERTS.'
    : `Check ${settings}; a download goes on where it stopped.`;
  return unanswered(`Cannot reach ${what}: ${REASONS[reason] ?? reason}`, hint, reason, asked);
}

/** A proxy answered 407; `hasCredentials`: it was sent a name and a password. */
export function proxyWantsName(asked: Unanswered, hasCredentials: boolean): WhisperError {
  const proxy = `The proxy ${asked.proxy}`;
  const [message, hint] = hasCredentials
    ? [`${proxy} rejected the user name and password`, `Correct them in the proxy URL`]
    : [`${proxy} requires a user name and password`, `Put them in the proxy URL`];
  return unanswered(`${message} (status 407)`, `${hint}: ${WITH_CREDENTIALS}.`, 'PROXY_AUTHENTICATION', asked);
}

/** A proxy answered a request for a connection to the server with an error of its own. */
export function proxyRefused(asked: Unanswered, status: number): WhisperError {
  return unanswered(
    `The proxy ${asked.proxy} answered ${status} when asked to connect to ${asked.url}`,
    `Check that the proxy allows connections to this server, and ${PROXY_SETTINGS}.`,
    'PROXY_REFUSED',
    asked,
  );
}

function unanswered(message: string, hint: string, reason: string, { url, proxy, cause }: Unanswered): WhisperError {
  return new WhisperError('hub-unreachable', message, hint, {
    details: { url, reason, ...(proxy !== undefined && { proxy }) },
    cause,
  });
}

/** The error that several tries in a row ended with. */
export function triedInVain({ code, message, hint, details, cause }: WhisperError, tries: number): WhisperError {
  return new WhisperError(code, `${message} (tried ${tries} times)`, hint, { details: { ...details, tries }, cause });
}

/** A redirect off the web, or from https to http; `to`: protocol and host. */
export function redirectedAstray(to: string | undefined, server: Server): WhisperError {
  return new WhisperError(
    'hub-broken',
    `The server redirects to an address that is not fetched: ${to ?? 'none'}`,
    `Check ${SETTINGS[server]} and the proxy settings.`,
  );
}
