import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { shownAddress } from '../../core/binary-cache/substituters.ts';
import { WhisperError } from '../../core/errors.ts';
import { readContentRange, wholeSize } from '../../core/hub/answer.ts';
import { isTransient, requestedWait } from '../../core/hub/retry.ts';
import { cacheFailed, type CacheFault, unreadableCacheFile } from '../../core/messages/transfer/cache.ts';
import { errnoCode } from '../fs/errors.ts';
import { LargeFile } from '../fs/large-file.ts';
import type { Sink } from '../hub/body.ts';
import { followRedirects, type HttpAnswer, type HttpClient } from '../hub/client.ts';
import { RetryableError } from '../hub/network-error.ts';

/** The files of a binary cache on a server or in a directory. Paths are relative to the cache's URL, or whole URLs. */
export interface CacheFiles {
  /** May hold a password. */
  readonly url: URL;
  readonly isRemote: boolean;
  /** A short file as text; `undefined`: the cache does not have it. Throws a `WhisperError` or a `RetryableError`. */
  readonly text: (path: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Hands the bytes of a file to the sink. Rejects with a `RetryableError` where the connection fails. */
  readonly read: (path: string, reading: Reading, sink: Sink, signal: AbortSignal) => Promise<void>;
}

interface Reading {
  readonly from: number;
  /** Called before any byte with those of the whole file, where that is known; the error that it throws ends the reading. */
  readonly requireSize: (size: number) => void;
}

export function openCache(url: URL, client: HttpClient): CacheFiles {
  return url.protocol === 'file:' ? new FolderCache(url) : new HttpCache(url, client);
}

/** Bytes that a file which is read as text may have. */
const MAX_TEXT = 64 * 1024;
/** The longest pause of a cache that is waited for, in milliseconds: the hub has the same bytes. */
const MAX_WAIT = 5000;

/** A binary cache on a web server, which never gets the token of the hub. */
export class HttpCache implements CacheFiles {
  readonly url: URL;
  readonly isRemote = true;
  readonly #client: HttpClient;

  constructor(url: URL, client: HttpClient) {
    this.url = url;
    this.#client = client;
  }

  async text(path: string, signal: AbortSignal): Promise<string | undefined> {
    const answer = await this.#request(path, {}, signal);
    const { status, headers, body } = answer;
    if (status === 404 || status === 403) {
      body.discard();
      // A bucket that may not be listed answers 403 for a missing file.
      return undefined;
    }
    this.#requireContent(answer);
    if (/^text\/html\b/i.test(headers['content-type'] ?? '')) throw this.#refuse(answer, { kind: 'page' });
    const chunks: Buffer[] = [];
    let size = 0;
    await body.deliver((chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      return size > MAX_TEXT ? Promise.reject(this.#error({ kind: 'long' })) : undefined;
    }, true);
    return Buffer.concat(chunks).toString();
  }

  async read(path: string, { from, requireSize }: Reading, sink: Sink, signal: AbortSignal): Promise<void> {
    const answer = await this.get(path, from > 0 ? { range: `bytes=${from}-` } : {}, signal);
    const { headers, body } = answer;
    try {
      const size = wholeSize(answer);
      if (size !== undefined) requireSize(size);
    } catch (error) {
      body.abort();
      throw error;
    }
    const start = readContentRange(headers['content-range'])?.start ?? 0;
    // A server that ignores ranges sends the whole file.
    if (start !== from) body.window(from, Infinity);
    await body.deliver(sink);
  }

  /** Requests a file; a status of 400 or above throws a `RetryableError` where another try may help, else a `WhisperError`. */
  async get(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await this.#request(path, headers, signal);
    this.#requireContent(answer);
    return answer;
  }

  async #request(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const { username, password, origin } = this.url;
    const secret = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    const get = (url: URL): Promise<HttpAnswer> => {
      const isOwn = url.origin === origin && username !== '';
      const authorization = isOwn && { authorization: `Basic ${secret}` };
      return this.#client.get(url, { ...headers, ...authorization }, { server: 'cache', signal });
    };
    return followRedirects(new URL(path, this.url), 'cache', get, () => this.#error({ kind: 'circles' }));
  }

  #requireContent(answer: HttpAnswer): void {
    const { status, headers, url } = answer;
    const path = url.pathname;
    if (status >= 400) {
      const error = this.#refuse(answer, { kind: 'status', path, status });
      const wait = requestedWait(answer, Date.now());
      throw isTransient(status) && (wait ?? 0) <= MAX_WAIT ? new RetryableError(error, wait) : error;
    }
    // Some stores keep their files compressed, and send them so whatever the request accepts.
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw this.#refuse(answer, { kind: 'encoded', path, encoding });
  }

  #refuse({ body }: HttpAnswer, fault: CacheFault): WhisperError {
    body.discard();
    return this.#error(fault);
  }

  #error(fault: CacheFault): WhisperError {
    return cacheFailed(shownAddress(this.url), fault);
  }
}

const BLOCK = 1024 * 1024;

class FolderCache implements CacheFiles {
  readonly url: URL;
  readonly isRemote = false;

  constructor(url: URL) {
    this.url = url;
  }

  async text(path: string): Promise<string | undefined> {
    const file = this.#resolve(path);
    try {
      return await LargeFile.use(file, async (opened) => Buffer.from(await opened.beginning(MAX_TEXT)).toString());
    } catch (error) {
      const cause = error instanceof WhisperError ? error.cause : undefined;
      // A missing directory has no file either: its disk may not be mounted.
      if (errnoCode(cause) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async read(path: string, { from, requireSize }: Reading, sink: Sink, signal: AbortSignal): Promise<void> {
    const fail = (cause: unknown): never => {
      throw unreadable(path, cause);
    };
    // O_NONBLOCK, because opening a pipe would wait for a writer.
    const file = await open(this.#resolve(path), constants.O_RDONLY | constants.O_NONBLOCK).catch(fail);
    try {
      const found = await file.stat();
      if (!found.isFile()) fail(new Error('it is not a regular file'));
      requireSize(found.size);
      for (let at = from; ;) {
        signal.throwIfAborted();
        const buffer = Buffer.allocUnsafe(BLOCK);
        const { bytesRead } = await file.read(buffer, 0, BLOCK, at).catch(fail);
        if (bytesRead === 0) return;
        await sink(buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  }

  /** The path of a file of the cache; throws where it would lead out of the cache. */
  #resolve(path: string): string {
    const url = new URL(path, this.url);
    if (!url.href.startsWith(this.url.href) || /%(2f|00)/i.test(url.pathname))
      throw unreadable(path, new Error('it is outside of the cache'));
    try {
      return fileURLToPath(url);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
}

function unreadable(path: string, cause: unknown): WhisperError {
  const reason = errnoCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return unreadableCacheFile(path, reason, cause);
}
