import type { WhisperError } from '../../core/errors.ts';
import { isTransient } from '../../core/hub/retry.ts';
import { proxyNeedsCredentials, proxyRefused, type Server, unreachable } from '../../core/messages/network.ts';
import type { Proxy } from './proxies.ts';

/** The code of a network error, at whatever depth undici and Node put it. */
export function networkErrorCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AggregateError && at.errors.length > 0) return networkErrorCode(at.errors[0]);
    if ('code' in at && typeof at.code === 'string') return at.code;
    // Some have only a name.
    if (at.name === 'HTTPParserError') return 'HPE_OTHER';
    if (at.name === 'TimeoutError') return 'ETIMEDOUT';
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether something is an error of the network at all, not one of the program. */
export function isNetworkError(error: unknown): boolean {
  if (error instanceof ProxyFailure) return error.status !== undefined || isNetworkError(error.cause);
  return /^(UND_ERR|HPE_|E[A-Z_]+$|ERR_(TLS|SSL|HTTP|STREAM|SOCKET))|CERT|SELF_SIGNED|UNABLE_TO_/.test(
    networkErrorCode(error),
  );
}

/** Whether a network error will be the same at the next try: a certificate that is not trusted, a proxy's refusal. */
export function isLastingNetworkError(error: unknown): boolean {
  if (error instanceof ProxyFailure && error.status !== undefined) return !isTransient(error.status);
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|UND_ERR_PRX_TLS|UND_ERR_INVALID_ARG|ERR_INVALID_URL/.test(
    networkErrorCode(error),
  );
}

/** The error of a request that got no answer. */
export function noAnswer({ url, server }: Asked, cause: unknown): WhisperError {
  const failure = cause instanceof ProxyFailure ? cause : undefined;
  const asked = { server, url: url.origin, proxy: failure?.proxy.url.origin, cause };
  if (failure?.status === 407) return proxyNeedsCredentials(asked, failure.proxy.authorization !== undefined);
  if (failure?.status !== undefined) return proxyRefused(asked, failure.status);
  return unreachable(asked, networkErrorCode(cause), isLastingNetworkError(cause));
}

/** The address of a request, and whose it is. */
export interface Asked {
  readonly url: URL;
  readonly server: Server;
}

/** A request that did not get past the proxy. It has no code of its own: that of `cause`, if any, says what happened. */
export class ProxyFailure extends Error {
  readonly proxy: Proxy;
  /** What the proxy answered; `undefined`: nothing. */
  readonly status: number | undefined;

  constructor(proxy: Proxy, status: number | undefined, cause?: unknown) {
    super('the proxy did not forward the request', { cause });
    this.proxy = proxy;
    this.status = status;
  }
}
