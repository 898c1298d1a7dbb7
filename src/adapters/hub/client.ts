import { Agent, Pool, ProxyAgent, type Dispatcher } from 'undici';
import type { AnswerHead } from '../../core/hub/answer.ts';
import { Body } from './body.ts';
import { Proxies, type Proxy } from './proxies.ts';
import { ProxyFailure } from './network-error.ts';

export interface HttpAnswer extends AnswerHead {
  readonly url: URL;
  readonly body: Body;
}

export interface HttpSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that a server may take to begin its answer, and may send nothing while its answer is read. */
  readonly stallTimeout: number;
}

/** How a request reaches its server. */
interface Route {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The proxy that the request itself is sent to, not only through. */
  readonly relay?: Proxy;
}

const CONNECT_TIMEOUT = 10_000;

/** GET requests without redirects, through the proxy that the environment names. */
export class HttpClient {
  readonly #stallTimeout: number;
  readonly #options;
  readonly #proxies: Proxies;
  readonly #direct: Agent;
  /** The dispatchers to a proxy by its address, with the scheme of the servers behind it. */
  readonly #proxied = new Map<string, Dispatcher>();

  constructor({ environment, stallTimeout }: HttpSettings) {
    this.#stallTimeout = stallTimeout;
    this.#options = {
      connect: { timeout: CONNECT_TIMEOUT },
      headersTimeout: stallTimeout,
      // `Body` has its own timer: that of undici does not run while the body is paused.
      bodyTimeout: 0,
    };
    this.#proxies = new Proxies(environment);
    this.#direct = new Agent(this.#options);
  }

  /**
   * Sends a request; resolves with the head of the answer. The body is not read before it is wanted. Rejects with a
   * `ProxyFailure` where the request did not get past the proxy, and with the reason of `signal` once that is aborted.
   */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(asError(signal.reason));
      const { dispatcher, relay, ...route } = this.#route(url);
      let body: Body | undefined;
      let controller: Dispatcher.DispatchController | undefined;
      // Until there is a connection, undici has nothing that could be aborted.
      const stop = (): void => (controller ? controller.abort(asError(signal.reason)) : reject(asError(signal.reason)));
      const done = (): void => signal.removeEventListener('abort', stop);
      signal.addEventListener('abort', stop);
      dispatcher.dispatch(
        {
          ...route,
          method: 'GET',
          // Compression would hide the size and break ranges.
          headers: { 'accept-encoding': 'identity', 'user-agent': 'whisper-models', ...headers, ...route.headers },
        },
        {
          onRequestStart: (started) => {
            controller = started;
            if (signal.aborted) stop();
          },
          onResponseStart: (started, status, fields) => {
            // An interim answer; the real one follows.
            if (status < 200) return;
            if (status === 407 && relay) return started.abort(new ProxyFailure(relay, status));
            body = new Body(started, this.#stallTimeout);
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
            else reject(relay && !controller ? new ProxyFailure(relay, undefined, error) : error);
          },
        },
      );
    });
  }

  /** Ends all connections, also those that are in use. */
  async close(): Promise<void> {
    await Promise.all([this.#direct, ...this.#proxied.values()].map((dispatcher) => dispatcher.destroy()));
  }

  #route(url: URL): Route {
    const { origin, protocol, host } = url;
    const path = url.pathname + url.search;
    const proxy = this.#proxies.for(url);
    if (!proxy) return { dispatcher: this.#direct, origin, path, headers: {} };
    const key = `${protocol} ${proxy.url.href}`;
    const isTunnel = protocol === 'https:';
    const dispatcher = this.#proxied.get(key) ?? (isTunnel ? this.#tunnel(proxy) : this.#pool(proxy));
    this.#proxied.set(key, dispatcher);
    if (isTunnel) return { dispatcher, origin, path, headers: {} };
    const headers = { host, ...(proxy.authorization !== undefined && { 'proxy-authorization': proxy.authorization }) };
    // Not a tunnel, which many proxies allow to port 443 only.
    return { dispatcher, origin: proxy.url.origin, path: origin + path, headers, relay: proxy };
  }

  #pool({ url }: Proxy): Pool {
    return new Pool(url.origin, this.#options);
  }

  /** Connections to servers through CONNECT. */
  #tunnel(proxy: Proxy): ProxyAgent {
    return new ProxyAgent({
      ...this.#options,
      uri: proxy.url.origin,
      ...(proxy.authorization !== undefined && { token: proxy.authorization }),
      // What undici makes here has none of these options, and hides the status that a proxy refuses with in a message.
      clientFactory: () => {
        const pool = this.#pool(proxy);
        const connect = pool.connect.bind(pool);
        return Object.assign(pool, {
          connect: async (request: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
            const answer = await connect(request).catch((error: unknown) => {
              throw new ProxyFailure(proxy, undefined, error);
            });
            if (answer.statusCode === 200) return answer;
            answer.socket.on('error', () => {}).destroy();
            throw new ProxyFailure(proxy, answer.statusCode);
          },
        });
      },
    });
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
