import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Certificate } from './certificate.ts';

export interface WebRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** How a server sends a file. */
export interface FileOptions {
  /** Whether it honours the Range header. */
  readonly hasRanges?: boolean;
  /** How the end of the body is known: by Content-Length, by chunks, or by the end of the connection. */
  readonly framing?: 'length' | 'chunks' | 'close';
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes after which the connection is closed. */
  readonly cut?: number;
  /** Bytes after which nothing more is sent, and the connection stays open. */
  readonly stall?: number;
}

interface StartOptions {
  /** An address of this machine, or a name of it. */
  readonly host?: string;
  readonly tls?: Certificate | undefined;
}

/** A web server that knows nothing of a hub, on a local port. Closed when the test ends. */
export class WebServer {
  readonly requests: WebRequest[] = [];
  /** What it answers. */
  handler: Handler;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #origin = '';

  private constructor(handler: Handler, tls: Certificate | undefined) {
    this.handler = handler;
    this.#server = tls ? createTlsServer({ ...tls }) : createServer();
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.requests.push({ path: request.url ?? '', headers: request.headers });
      // Clients break off connections on purpose.
      response.on('error', () => {});
      this.handler(request, response);
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(
    t: TestContext,
    handler: Handler,
    { host = '127.0.0.1', tls }: StartOptions = {},
  ): Promise<WebServer> {
    const web = new WebServer(handler, tls);
    await new Promise<void>((done, fail) => web.#server.on('error', fail).listen(0, host, () => done()));
    web.#origin = `${tls ? 'https' : 'http'}://${host}:${(web.#server.address() as AddressInfo).port}`;
    t.after(() => web.close());
    return web;
  }

  url(path = '/models/ggml-own.bin'): string {
    return this.#origin + path;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

export function sendFile(content: Buffer, options: FileOptions = {}): Handler {
  const { hasRanges = true, framing = 'length', headers = {}, cut, stall } = options;
  return (request, response) => {
    const range = hasRanges ? rangeOf(request, content.length) : undefined;
    const body = range ? content.subarray(range.start, range.end) : content;
    if (range) response.setHeader('content-range', `bytes ${range.start}-${range.end - 1}/${content.length}`);
    if (framing === 'length') response.setHeader('content-length', body.length);
    if (framing === 'close') {
      response.useChunkedEncodingByDefault = false;
      response.shouldKeepAlive = false;
    }
    response.writeHead(range ? 206 : 200, { 'content-type': 'application/octet-stream', ...headers });
    const end = Math.min(cut ?? Infinity, stall ?? Infinity);
    if (end >= body.length) return void response.end(body);
    response.write(body.subarray(0, end), () => cut !== undefined && response.socket?.destroy());
  };
}

/** A status with a text, and with headers. */
export function sendStatus(status: number, text = '', headers: Readonly<Record<string, string>> = {}): Handler {
  return (_request, response) =>
    void response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
}

export function redirectTo(location: string, status = 302): Handler {
  return sendStatus(status, '', { location });
}

function rangeOf({ headers }: IncomingMessage, size: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (first === undefined) return undefined;
  return { start: Number(first), end: last ? Math.min(Number(last) + 1, size) : size };
}
