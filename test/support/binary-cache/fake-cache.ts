import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestContext } from 'node:test';
import type { SampleModel } from '../models.ts';
import type { Certificate } from '../servers/certificate.ts';
import { archive, type ArchiveOptions } from './archive.ts';

export interface CacheRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  /** Every header by its name. */
  readonly headers: IncomingMessage['headers'];
}

/** Says how a request is answered in place of the usual way; `undefined`: in that way. */
export type Answer = (
  request: CacheRequest,
  files: ReadonlyMap<string, Buffer>,
) =>
  { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly drop?: number } | undefined;

/** A web server with the files of a Nix binary cache. */
export class FakeCache {
  readonly url: string;
  readonly requests: CacheRequest[] = [];
  readonly files = new Map<string, Buffer>();
  /** Whether it sends the whole file whatever is asked for. */
  ignoresRanges = false;
  answer: Answer = () => undefined;
  /** Answers a request by itself, byte by byte; `false`: it leaves it to the others. */
  serve: (path: string, response: ServerResponse) => boolean = () => false;

  private constructor(url: string) {
    this.url = url;
    this.files.set('nix-cache-info', Buffer.from('StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 30\n'));
  }

  /** With `tls` it is reached over TLS. */
  static async start(t: TestContext, tls?: Certificate): Promise<FakeCache> {
    const server = tls ? createTlsServer({ ...tls }) : createServer();
    server.on('request', (request: IncomingMessage, response: ServerResponse) => cache.#serve(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const cache = new FakeCache(`${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return cache;
  }

  /** Puts a model in as `nix copy` does. */
  put(model: SampleModel, options: ArchiveOptions = {}): void {
    const { narInfoPath, narInfo, narPath, nar } = archive(model, options);
    this.files.set(narInfoPath, Buffer.from(narInfo)).set(narPath, nar);
  }

  /** Requests for archives. */
  get archiveRequests(): readonly CacheRequest[] {
    return this.requests.filter(({ path }) => path.startsWith('nar/'));
  }

  /** Writes the files into a folder, and returns its address. */
  writeTo(folder: string): string {
    for (const [path, content] of this.files) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return pathToFileURL(folder).href;
  }

  #serve({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const path = url.slice(1);
    const request = { path, range: headers.range, authorization: headers.authorization, headers };
    this.requests.push(request);
    if (this.serve(path, response)) return;
    const content = this.files.get(path);
    const given = this.answer(request, this.files);
    if (given && given.drop === undefined) {
      response.writeHead(given.status, given.headers).end(`status ${given.status}`);
      return;
    }
    if (!content) {
      response.writeHead(404).end('not here');
      return;
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec((!this.ignoresRanges && request.range) || '') ?? [];
    const start = Number(from ?? 0);
    const part = content.subarray(start, to ? Number(to) + 1 : undefined);
    const range = `bytes ${start}-${start + part.length - 1}/${content.length}`;
    response.writeHead(from === undefined ? 200 : 206, {
      'content-length': part.length,
      ...(from !== undefined && { 'content-range': range }),
    });
    if (given?.drop === undefined) response.end(part);
    else response.write(part.subarray(0, given.drop), () => response.destroy());
  }
}
