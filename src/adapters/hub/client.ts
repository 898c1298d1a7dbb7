import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { WhisperError } from '../../core/errors.ts';
import type { AnswerHead } from '../../core/hub/answer.ts';
import { Body } from './body.ts';

export interface HttpAnswer extends AnswerHead {
  readonly url: URL;
  readonly body: Body;
}

export interface HttpSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that a server may take to begin its answer. */
  readonly headersTimeout: number;
}

const CONNECT_TIMEOUT = 10_000;

/** GET requests without redirects, through the proxy that the environment names. */
export class HttpClient {
  readonly #dispatcher: Dispatcher;
  readonly #proxies: readonly URL[];

  constructor({ environment, headersTimeout }: HttpSettings) {
    const variable = (name: string): string | undefined => environment[name.toLowerCase()] ?? environment[name];
    this.#proxies = ['HTTP_PROXY', 'HTTPS_PROXY'].flatMap((name) => requireProxy(name, variable(name)) ?? []);
    this.#dispatcher = new EnvHttpProxyAgent({
      // Always given, so that the variables of this process are not consulted in place of the host's.
      httpProxy: variable('HTTP_PROXY') ?? '',
      httpsProxy: variable('HTTPS_PROXY') ?? '',
      noProxy: variable('NO_PROXY') ?? '',
      // Without it undici 7 tunnels to http targets with CONNECT, which many proxies refuse.
      proxyTunnel: false,
      connect: { timeout: CONNECT_TIMEOUT },
      headersTimeout,
      // Whoever reads the body watches over it: undici's own timer does not run while it is held.
      bodyTimeout: 0,
    });
  }

  /** Asks for something; resolves with the head of the answer. The body is not read before it is wanted. */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      let body: Body | undefined;
      let stop: (() => void) | undefined;
      const done = (): void => stop && signal.removeEventListener('abort', stop);
      this.#dispatcher.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'GET',
          // Compression would hide the size and break ranges.
          headers: { 'accept-encoding': 'identity', 'user-agent': 'whisper-models', ...headers },
        },
        {
          onRequestStart: (controller) => {
            stop = () => controller.abort(asError(signal.reason));
            if (signal.aborted) stop();
            else signal.addEventListener('abort', stop);
          },
          onResponseStart: (controller, status, fields) => {
            // An interim answer; the real one follows.
            if (status < 200) return;
            body = new Body(controller);
            const flat = Object.entries(fields).map(([name, value]) => [
              name,
              Array.isArray(value) ? value.join(', ') : value,
            ]);
            resolve({ status, headers: Object.fromEntries(flat) as AnswerHead['headers'], url, body });
          },
          onResponseData: (_controller, chunk) => body?.push(chunk),
          onResponseEnd: () => {
            done();
            body?.end();
          },
          onResponseError: (_controller, error) => {
            done();
            if (body) body.fail(error);
            else reject(error);
          },
        },
      );
    });
  }

  /** The proxy that an error of the network is about; `undefined`: it is about the server itself, or that cannot be told. */
  proxyBehind(error: unknown): URL | undefined {
    const reached = connectionOf(error);
    return this.#proxies.find(({ hostname, port, protocol }) => {
      const isPort = reached.port === Number(port || (protocol === 'https:' ? 443 : 80));
      return reached.hostname === hostname || (isPort && reached.hostname === undefined);
    });
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function requireProxy(name: string, value: string | undefined): URL | undefined {
  if (!value) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new WhisperError('usage', `${name} is no address of a proxy`, 'It looks like http://proxy.example:3128.');
}

/** The host and port that a connection was meant for, as far as an error tells. */
function connectionOf(error: unknown): { readonly hostname?: unknown; readonly port?: unknown } {
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
  }
  return error instanceof Error ? error.message : String(error);
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
};

/** The error of a request that got no answer; `proxy`: the proxy that it did not get beyond. */
export function unreachable(url: URL, cause: unknown, proxy?: URL): WhisperError {
  const code = networkErrorCode(cause);
  const reason = NETWORK_ERRORS[code] ?? code;
  const hint = isLastingNetworkError(code)
    ? 'If a proxy or a company certificate is in between, name its CA file in NODE_EXTRA_CA_CERTS.'
    : proxy
      ? 'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY; the next run goes on where this one stopped.'
      : 'Check the network, HF_ENDPOINT and the proxy settings; the next run goes on where this one stopped.';
  const what = proxy ? `the proxy ${proxy.origin}, which is in between to ${url.origin}` : url.origin;
  return new WhisperError('hub-unreachable', `Cannot reach ${what}: ${reason}`, hint, {
    details: { url: url.origin, reason: code, ...(proxy && { proxy: proxy.origin }) },
    cause,
  });
}
