import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import type { Certificate } from './certificate.ts';

export interface ProxyRequest {
  readonly method: string;
  /** As it came: a whole URL, or `host:port` for CONNECT. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export interface ProxyOptions {
  /** `name:password` that clients must send; without it no client needs any. */
  readonly credentials?: string;
  /** Clients reach the proxy itself over TLS. */
  readonly tls?: Certificate;
  /** The status of every answer, instead of passing requests on. */
  readonly status?: number;
  /** Accepts connections and requests, and never answers. */
  readonly stalls?: boolean;
  /** Every tunnel breaks off after this many bytes for the client. */
  readonly cutAfter?: number;
}

/** An HTTP proxy on a local port, which knows both forms: whole URLs and CONNECT. Closed when the test ends. */
export class FakeProxy {
  readonly requests: ProxyRequest[] = [];
  /** Resolves with the first request. */
  readonly asked: Promise<void>;
  #tellAsked: () => void = () => {};
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.asked = new Promise((done) => (this.#tellAsked = done));
    this.#server = options.tls ? createTlsServer({ ...options.tls }) : createServer();
    this.#server.on('request', (request, response) => this.#forward(request, response));
    this.#server.on('connect', (request, socket, head) => this.#tunnel(request, socket, head));
    this.#server.on(options.tls ? 'secureConnection' : 'connection', (socket: Socket) => this.#watch(socket));
  }

  static async start(t: TestContext, options: ProxyOptions = {}): Promise<FakeProxy> {
    const proxy = new FakeProxy(options);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', () => done()));
    t.after(() => {
      proxy.#server.close();
      for (const socket of proxy.#sockets) socket.destroy();
    });
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The value of HTTPS_PROXY; `credentials` are `name:password`. */
  url(credentials?: string): string {
    return `http${this.#options.tls ? 's' : ''}://${credentials === undefined ? '' : `${credentials}@`}${this.host}`;
  }

  /** What it was asked for, each once: `CONNECT host:port`, or `GET` with the origin of the URL. */
  get targets(): ReadonlySet<string> {
    const origin = (target: string): string => (URL.canParse(target) ? new URL(target).origin : target);
    return new Set(
      this.requests.map(({ method, target }) => `${method} ${method === 'CONNECT' ? target : origin(target)}`),
    );
  }

  #watch(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // Clients break off connections on purpose.
    socket.on('error', () => {});
  }

  /** The status that a request gets from the proxy itself; `undefined`: it is passed on. */
  #ownStatus({ method = '', url = '', headers }: IncomingMessage): number | undefined {
    this.requests.push({ method, target: url, headers });
    this.#tellAsked();
    const { credentials, status } = this.#options;
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    return wanted !== undefined && headers['proxy-authorization'] !== wanted ? 407 : status;
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const status = this.#ownStatus(request);
    if (this.#options.stalls === true) return;
    if (status !== undefined) {
      response.writeHead(status, OWN_HEADERS).end('the proxy says no');
      return;
    }
    const { 'proxy-authorization': _secret, ...headers } = request.headers;
    const onward = forward(request.url ?? '', { headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end();
  }

  #tunnel(request: IncomingMessage, client: Duplex, head: Buffer): void {
    const status = this.#ownStatus(request);
    if (this.#options.stalls === true) return;
    if (status !== undefined) {
      const fields = Object.entries(OWN_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
      client.end(`HTTP/1.1 ${status} No\r\n${fields.join('')}content-length: 17\r\n\r\nthe proxy says no`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const server = connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ''), () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(head);
      client.pipe(server);
      server.pipe(client);
    });
    this.#watch(server);
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    let left = this.#options.cutAfter ?? Infinity;
    server.on('data', ({ length }: Buffer) => (left -= length) < 0 && client.destroy());
  }
}

const OWN_HEADERS = { 'proxy-authenticate': 'Basic realm="proxy"', 'content-type': 'text/plain' };
