import { WhisperError } from '../../core/errors.ts';

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

const NETWORK_ERRORS: Readonly<Record<string, string>> = {
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

/** The error of a request that got no answer; `proxy`: the proxy that it did not get beyond. */
export function unreachable(url: URL, cause: unknown, proxy?: URL): WhisperError {
  const isRefusal = isProxyRefusal(cause);
  const code = isRefusal ? 'PROXY_AUTHENTICATION' : networkErrorCode(cause);
  const what = proxy ? `the proxy ${proxy.origin}, which is in between to ${url.origin}` : url.origin;
  const message = isRefusal
    ? `The proxy ${proxy?.origin ?? 'in between'} wants a name and a password (status 407)`
    : `Cannot reach ${what}: ${NETWORK_ERRORS[code] ?? code}`;
  return new WhisperError('hub-unreachable', message, hintFor(code, isRefusal, proxy), {
    details: { url: url.origin, reason: code, ...(proxy && { proxy: proxy.origin }) },
    cause,
  });
}

function hintFor(code: string, isRefusal: boolean, proxy: URL | undefined): string {
  if (isRefusal)
    return 'Write them into the address of the proxy: HTTPS_PROXY=http://name:password@proxy.example:3128.';
  if (isLastingNetworkError(code))
    return 'If a proxy or a company certificate is in between, name its CA file in NODE_EXTRA_CA_CERTS.';
  const settings = proxy ? 'HTTP_PROXY, HTTPS_PROXY and NO_PROXY' : 'the network, HF_ENDPOINT and the proxy settings';
  return `Check ${settings}; the next run goes on where this one stopped.`;
}

/** Whether a proxy answered for itself, that it wants to know who is asking. undici says so in words only. */
export function isProxyRefusal(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (/prox.*\(407\)/i.test(at.message)) return true;
  return false;
}
