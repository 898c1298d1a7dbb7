import { WhisperError } from '../../core/errors.ts';
import { isTransient } from '../../core/hub/retry.ts';
import { proxyNeedsCredentials, proxyRefused, type Server, unreachable } from '../../core/messages/transfer/network.ts';
import { privateAddress } from '../../core/messages/transfer/web.ts';
import type { Proxy } from './proxies.ts';
import { PrivateAddress } from './public-lookup.ts';

/** A request that failed and may be sent again, after `wait` milliseconds if the server named a time. */
export class RetryableError extends Error {
  readonly error: WhisperError;
  readonly wait: number | undefined;

  constructor(error: WhisperError, wait?: number) {
    super(error.message, { cause: error });
    this.error = error;
    this.wait = wait;
  }
}

/** A request that the proxy did not forward. It has no code of its own: that of `cause`, if any, says what happened. */
export class ProxyFailure extends Error {
  readonly proxy: Proxy;
  /** The status that the proxy answered; `undefined`: it did not answer. */
  readonly status: number | undefined;

  constructor(proxy: Proxy, status: number | undefined, cause?: unknown) {
    super('the proxy did not forward the request', { cause });
    this.proxy = proxy;
    this.status = status;
  }
}

/** The error of a failed request: a `RetryableError` where a retry may help, else a `WhisperError`; others are unchanged. */
export function readNetworkError(error: Error, url: URL, server: Server): Error {
  if (error instanceof WhisperError || error instanceof RetryableError) return error;
  if (error instanceof ProxyFailure && error.status !== undefined) {
    const request = requestOf(error, url, server);
    if (error.status === 407) return proxyNeedsCredentials(request, error.proxy.authorization !== undefined);
    const refused = proxyRefused(request, error.status);
    return isTransient(error.status) ? new RetryableError(refused) : refused;
  }
  const hidden = error instanceof PrivateAddress ? error : error.cause;
  if (hidden instanceof PrivateAddress) return privateAddress(url.origin, hidden.address);
  const code = networkErrorCode(error);
  if (!NETWORK.test(code)) return error;
  const failure = noAnswer(error, url, server);
  return LASTING.test(code) ? failure : new RetryableError(failure);
}

/** The error of a request that got no answer, whatever the reason. */
export function noAnswer(error: unknown, url: URL, server: Server): WhisperError {
  const code = networkErrorCode(error);
  return unreachable(requestOf(error, url, server), code, LASTING.test(code));
}

function requestOf(error: unknown, url: URL, server: Server): Parameters<typeof proxyRefused>[0] {
  const proxy = error instanceof ProxyFailure ? error.proxy.url.origin : undefined;
  return { server, url: url.origin, proxy, cause: error };
}

const NETWORK = /^(UND_ERR|HPE_|E[A-Z_]+$|ERR_(TLS|SSL|HTTP|STREAM|SOCKET))|CERT|SELF_SIGNED|UNABLE_TO_/;
/** Errors that the next try would end with too, like a certificate that is not trusted. */
const LASTING = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|UND_ERR_PRX_TLS|UND_ERR_INVALID_ARG|ERR_INVALID_URL/;

/** The code of an error, at whatever depth undici and Node put it; its message where it has no code. */
function networkErrorCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AggregateError && at.errors.length > 0) return networkErrorCode(at.errors[0]);
    if ('code' in at && typeof at.code === 'string') return at.code;
    // Some have only a name.
    if (at.name === 'HTTPParserError') return 'HPE_OTHER';
    if (at.name === 'TimeoutError') return 'ETIMEDOUT';
  }
  return error instanceof Error ? error.message : String(error);
}
