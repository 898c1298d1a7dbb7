import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import type { AnswerHead } from '../../core/hub/answer.ts';
import { noProxyAddress } from '../../core/messages/environment.ts';
import { Body } from './body.ts';
import { connectionOf, isProxyRefusal } from './network-error.ts';

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
    if (isProxyRefusal(error)) return this.#proxies[0];
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
  throw noProxyAddress(name);
}
