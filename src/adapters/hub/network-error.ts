import type { WhisperError } from '../../core/errors.ts';
import { proxyWantsName, unreachable, type Server } from '../../core/messages/network.ts';

/** The host and port that a connection was meant for, as far as an error tells. */
export function connectionOf(error: unknown): { readonly hostname?: unknown; readonly port?: unknown } {
  for (let at = error; at instanceof Error; at = at instanceof AggregateError ? at.errors[0] : at.cause) {
    if ('hostname' in at || 'port' in at) return at;
  }
  return {};
}

/** The code of a network error, at whatever depth undici and Node put it. */
export function networkErrorCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AggregateError && at.errors.length > 0) return networkErrorCode(at.errors[0]);
    if ('code' in at && typeof at.code === 'string') return at.code;
    // undici has no code for some of them.
    if (at.name === 'HTTPParserError') return 'HPE_OTHER';
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether something is an error of the network at all, not one of the program. */
export function isNetworkError(error: unknown): boolean {
  return /^(UND_ERR|HPE_|E[A-Z_]+$|ERR_(TLS|SSL|HTTP|STREAM|SOCKET))|CERT|SELF_SIGNED|UNABLE_TO_/.test(
    networkErrorCode(error),
  );
}

/** Whether a network error will be the same at the next try: a certificate that is not trusted, a proxy's refusal. */
export function isLastingNetworkError(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|UND_ERR_PRX_TLS|UND_ERR_INVALID_ARG|ERR_INVALID_URL/.test(
    code,
  );
}

/** The error of a request that got no answer; `proxy`: the proxy that it did not get beyond. */
export function noAnswer({ url, server }: Asked, cause: unknown, proxy?: URL): WhisperError {
  const asked = { server, url: url.origin, proxy: proxy?.origin, cause };
  if (isProxyRefusal(cause)) return proxyWantsName(asked);
  const reason = networkErrorCode(cause);
  return unreachable(asked, reason, isLastingNetworkError(reason));
}

/** The address of a request, and whose it is. */
export interface Asked {
  readonly url: URL;
  readonly server: Server;
}

/** Whether a proxy answered for itself, that it wants to know who is asking. undici says so in words only. */
export function isProxyRefusal(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (/prox.*\(407\)/i.test(at.message)) return true;
  return false;
}
