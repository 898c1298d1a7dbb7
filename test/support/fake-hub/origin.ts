import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Certificate } from '../servers/certificate.ts';
import { textAnswer, type Answer, type Seen } from './answer.ts';
import type { FaultEffect, Taken, Where } from './faults.ts';
import { replacement } from './replacement.ts';
import { orGone, send } from './send.ts';

export interface LoggedRequest {
  readonly origin: 'hub' | 'cdn';
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Zero until an answer begins, and for good where there was none. */
  status: number;
  /** Body bytes only. */
  bytesSent: number;
  /** Which connection of this origin it came on, counted from one. */
  readonly connection: number;
}

/** What one origin answers; the connections, the faults and the log are the same for all. */
export interface Site {
  readonly origin: 'hub' | 'cdn';
  where(url: URL): Where;
  /** What the `match` of a fault is looked for in. */
  subject(url: URL): string;
  take(where: Where, method: string, subject: string): Taken<LoggedRequest>;
  answer(request: Seen, effect: FaultEffect, active: number): Answer | Promise<Answer>;
  bytesPerSecond(): number;
  /** With it the origin answers over TLS. */
  readonly tls?: Certificate | undefined;
}

/** A server on a port of its own, with its sockets in hand so that it can end at once. */
export class Origin {
  readonly #site: Site;
  readonly #log: LoggedRequest[];
  readonly #sockets = new Map<Socket, number>();
  readonly #server: Server;
  readonly #failures: unknown[] = [];
  #connections = 0;
  #active = 0;
  #closed: Promise<void> | undefined;

  private constructor(site: Site, log: LoggedRequest[]) {
    this.#site = site;
    this.#log = log;
    this.#server = site.tls ? createTlsServer({ ...site.tls }) : createServer();
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on(site.tls ? 'secureConnection' : 'connection', (socket: Socket) => this.#watch(socket));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  static async start(site: Site, log: LoggedRequest[]): Promise<Origin> {
    const origin = new Origin(site, log);
    await new Promise<void>((resolve, reject) => {
      origin.#server.once('error', reject);
      origin.#server.listen(0, '127.0.0.1', () => resolve());
    });
    return origin;
  }

  get url(): string {
    return `${this.#site.tls ? 'https' : 'http'}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Open connections. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Drops all connections, those in the middle of an answer too. Rejects where the fake itself went wrong. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve, reject) => {
      this.#server.close(() => {
        if (this.#failures.length === 0) resolve();
        else reject(new AggregateError(this.#failures, 'the fake hub failed'));
      });
      for (const socket of this.#sockets.keys()) socket.destroy();
    });
    return this.#closed;
  }

  #watch(socket: Socket): void {
    this.#sockets.set(socket, ++this.#connections);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', ignore);
    socket.setNoDelay(true);
    if (this.#closed !== undefined) socket.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    // Clients break off at will: that is what the fake is for, and no news.
    request.on('error', ignore);
    response.on('error', ignore);
    this.#active++;
    response.once('close', () => {
      // A stalled answer still occupies the server, so that not the sending but the connection counts.
      this.#active--;
      gone.abort();
    });
    try {
      await this.#exchange(request, response, gone.signal);
    } catch (error) {
      this.#failures.push(error);
      response.destroy();
    }
  }

  async #exchange(request: IncomingMessage, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const site = this.#site;
    const { method = 'GET', url: address = '/', headers } = request;
    const entry: LoggedRequest = {
      origin: site.origin,
      method,
      url: address,
      headers,
      status: 0,
      bytesSent: 0,
      connection: this.#sockets.get(request.socket) ?? 0,
    };
    this.#log.push(entry);

    const url = URL.canParse(address, BASE) ? new URL(address, BASE) : null;
    const where = url === null ? undefined : site.where(url);
    const fault = url === null || where === undefined ? undefined : site.take(where, method, site.subject(url));
    const effect = fault?.effect ?? {};
    fault?.tellTaken(entry);
    const gate = effect.slowHeaders;
    if (gate !== undefined) await orGone(gone, (done) => void gate.then(done, done));

    if (effect.refuse) request.socket.destroy();
    else if (!gone.aborted) {
      const seen = url && { method, url, headers, text: () => text(request) };
      const natural = seen ? await site.answer(seen, effect, this.#active) : textAnswer(400, 'Bad Request');
      const answer = where === undefined ? natural : replacement(effect, where, address, natural);
      entry.status = answer.status;
      await send({
        response,
        answer,
        effect,
        head: method === 'HEAD',
        bytesPerSecond: effect.bytesPerSecond ?? site.bytesPerSecond(),
        gone,
        count: (bytes) => (entry.bytesSent += bytes),
      });
    }
    fault?.tellDone(entry);
  }
}

// Only path and query of a URL matter; a request to a proxy also has an origin.
const BASE = 'http://127.0.0.1';

function ignore(): void {}
