import { Agent, Pool, ProxyAgent, type Dispatcher } from 'undici';
import type { WhisperError } from '../../core/errors.ts';
import type { AnswerHead } from '../../core/hub/answer.ts';
import { type Server, unsupportedRedirect } from '../../core/messages/transfer/network.ts';
import { privateAddress } from '../../core/messages/transfer/web.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import { Body } from './body.ts';
import { ProxyFailure, readNetworkError } from './network-error.ts';
import { Proxies, type Proxy } from './proxies.ts';
import { privateHostOf, publicLookup } from './public-lookup.ts';

export interface HttpAnswer extends AnswerHead {
  readonly url: URL;
  readonly body: Body;
}

interface Request {
  /** Which of the user's settings names the server. */
  readonly server: Server;
  readonly signal: AbortSignal;
}

interface Route {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The proxy that the request itself is sent to; `undefined`: there is none, or only a tunnel through it. */
  readonly relay?: Proxy;
}

const CONNECT_TIMEOUT = 10_000;

/** Sends GET requests through the proxy that the environment names, and does not follow redirects. */
export class HttpClient {
  readonly #stallTimeout: number;
  readonly #privateHosts: ReadonlySet<string> | undefined;
  readonly #options;
  readonly #proxies: Proxies;
  readonly #direct: Agent;
  /** The dispatchers to proxies, by the scheme of the servers behind them and the URL of the proxy. */
  readonly #proxied = new Map<string, Dispatcher>();

  /**
   * `stallTimeout`: milliseconds until an answer has to begin, and without a byte while it is read. `privateHosts`: the only hosts
   * that may be this machine or in a private network, where a proxy of the user may be too; `undefined`: any host may.
   */
  constructor(environment: Environment, stallTimeout: number, privateHosts?: ReadonlySet<string>) {
    this.#stallTimeout = stallTimeout;
    this.#privateHosts = privateHosts;
    this.#options = {
      connect: { timeout: CONNECT_TIMEOUT },
      headersTimeout: stallTimeout,
      // `Body` has its own timer, because that of undici does not run while the body is paused.
      bodyTimeout: 0,
    };
    this.#proxies = new Proxies(environment);
    const lookup = privateHosts && { lookup: publicLookup(privateHosts) };
    this.#direct = new Agent({ ...this.#options, connect: { timeout: CONNECT_TIMEOUT, ...lookup } });
  }

  /**
   * Sends a request; resolves with the head of the answer, whose body is not read yet. The promise, and later the body,
   * rejects with a `RetryableError` where sending the request again may help, with a `WhisperError` where it does not, and
   * with the reason of `signal` when that is aborted.
   */
  get(url: URL, headers: Readonly<Record<string, string>>, { server, signal }: Request): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(asError(signal.reason));
      const address = (this.#privateHosts?.has(url.hostname) ?? true) ? undefined : privateHostOf(url);
      if (address !== undefined) return reject(privateAddress(url.origin, address));
      const { dispatcher, relay, ...route } = this.#route(url);
      let body: Body | undefined;
      let controller: Dispatcher.DispatchController | undefined;
      // Until there is a connection, undici has nothing to abort.
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
            // An interim answer: the final one follows.
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
            const cause = relay && !controller ? new ProxyFailure(relay, undefined, error) : error;
            const failure = signal.aborted ? cause : readNetworkError(cause, url, server);
            if (body) body.fail(failure);
            else reject(failure);
          },
        },
      );
    });
  }

  /** Closes all connections, also those that are in use. */
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
    // No tunnel here: many proxies allow one to port 443 only.
    return { dispatcher, origin: proxy.url.origin, path: origin + path, headers, relay: proxy };
  }

  #pool({ url }: Proxy): Pool {
    return new Pool(url.origin, this.#options);
  }

  /** A dispatcher that reaches servers through CONNECT. */
  #tunnel(proxy: Proxy): ProxyAgent {
    return new ProxyAgent({
      ...this.#options,
      uri: proxy.url.origin,
      ...(proxy.authorization !== undefined && { token: proxy.authorization }),
      // The default of undici has none of these options, and gives the status of a refusal only inside a message.
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

const MAX_REDIRECTS = 10;

/**
 * Sends a request with `get`, and again to where redirects lead; returns the first answer that is not a redirect. Each hop
 * passes `get`, which decides about credentials and reads the headers of the hub's own answers. Throws `tooMany` after ten.
 */
export async function followRedirects(
  first: URL,
  server: Server,
  get: (url: URL) => Promise<HttpAnswer>,
  tooMany: (url: URL, redirects: number) => WhisperError,
): Promise<HttpAnswer> {
  let url = first;
  for (let hop = 0; hop < MAX_REDIRECTS; hop += 1) {
    const answer = await get(url);
    if (answer.status < 300 || answer.status >= 400) return answer;
    answer.body.discard();
    url = redirectTarget(url, answer, server);
  }
  throw tooMany(url, MAX_REDIRECTS);
}

/** The URL that a redirect leads to, which must be of the web, and not lead from https to http. */
function redirectTarget(from: URL, { headers: { location } }: HttpAnswer, server: Server): URL {
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:')) return to;
  throw unsupportedRedirect(to && `${to.protocol}//${to.host}`, server);
}
