import type { WhisperError } from '../../core/errors.ts';
import { readContentRange, wholeSize } from '../../core/hub/answer.ts';
import { isTransient, requestedWait } from '../../core/hub/retry.ts';
import { cacheFailed, type CacheFault } from '../../core/messages/cache.ts';
import { shownAddress } from '../../core/binary-cache/substituters.ts';
import type { Sink } from '../hub/body.ts';
import type { HttpAnswer, HttpClient } from '../hub/client.ts';
import { asRetryable, RetryableError } from '../hub/retry.ts';
import { nextHop } from '../hub/source.ts';
import { MOST_TEXT, OtherSize, type CacheFiles, type Part } from './cache-files.ts';

const MAX_HOPS = 10;
/** Milliseconds that are waited for a cache; one that wants a longer pause is of no use just now: there is the hub. */
const MOST_PATIENCE = 5000;

/** A binary cache on a web server. The token of the hub never comes here. */
export class HttpCache implements CacheFiles {
  readonly url: URL;
  readonly isRemote = true;
  readonly #client: HttpClient;

  constructor(url: URL, client: HttpClient) {
    this.url = url;
    this.#client = client;
  }

  async text(path: string, signal: AbortSignal): Promise<string | undefined> {
    const answer = await this.get(path, {}, signal, [404, 403]);
    if (answer.status >= 400) {
      answer.body.discard();
      // A bucket that may not be listed answers 403 for what it does not have.
      return undefined;
    }
    if (/^text\/html\b/i.test(answer.headers['content-type'] ?? '')) {
      answer.body.discard();
      throw this.#refusal({ kind: 'page' });
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): Promise<void> | undefined => {
      chunks.push(chunk);
      size += chunk.length;
      return size > MOST_TEXT ? Promise.reject(this.#refusal({ kind: 'long' })) : undefined;
    };
    await this.#deliver(answer, signal, take, { isShort: true });
    return Buffer.concat(chunks).toString();
  }

  async read(path: string, { from, size }: Part, sink: Sink, signal: AbortSignal): Promise<void> {
    const answer = await this.get(path, from > 0 ? { range: `bytes=${from}-` } : {}, signal);
    const whole = wholeSize(answer);
    if (size !== undefined && whole !== undefined && whole !== size) {
      answer.body.abort();
      throw new OtherSize(whole);
    }
    const start = readContentRange(answer.headers['content-range'])?.start ?? 0;
    // One that does not know ranges sends everything again.
    await this.#deliver(answer, signal, sink, { skip: start === from ? 0 : from });
  }

  /** Asks for a file, wherever it is by now. Statuses from 400 on throw, but for those that are `allowed`. */
  async get(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    allowed: readonly number[] = [],
  ): Promise<HttpAnswer> {
    let url = new URL(path, this.url);
    for (let hop = 0; hop < MAX_HOPS; hop += 1) {
      const answer = await this.#ask(url, headers, signal);
      const { status } = answer;
      if (allowed.includes(status)) return answer;
      if (status < 300) return this.#plain(answer);
      answer.body.discard();
      if (status >= 400) {
        const error = this.#refusal({ kind: 'status', path: url.pathname, status });
        const wait = requestedWait(answer, Date.now());
        throw isTransient(status) && (wait ?? 0) <= MOST_PATIENCE ? new RetryableError(error, wait) : error;
      }
      url = nextHop(url, answer, 'cache');
    }
    throw this.#refusal({ kind: 'circles' });
  }

  /** Some stores keep their files packed, and send them so to those who did not ask for it. */
  #plain(answer: HttpAnswer): HttpAnswer {
    const encoding = answer.headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return answer;
    answer.body.discard();
    throw this.#refusal({ kind: 'encoded', path: answer.url.pathname, encoding });
  }

  async #ask(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const { username, password, origin } = this.url;
    const secret = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    const isOwn = url.origin === origin && username !== '';
    try {
      return await this.#client.get(url, { ...headers, ...(isOwn && { authorization: `Basic ${secret}` }) }, signal);
    } catch (error) {
      throw asRetryable(error, { url, server: 'cache' }, signal);
    }
  }

  /** Hands a body over without its first `skip` bytes. */
  async #deliver(
    { body, url }: HttpAnswer,
    signal: AbortSignal,
    sink: Sink,
    { skip = 0, isShort = false }: { readonly skip?: number; readonly isShort?: boolean },
  ): Promise<void> {
    if (skip > 0) body.window(skip, Infinity);
    try {
      await body.deliver(sink, { isShort });
    } catch (error) {
      throw asRetryable(error, { url, server: 'cache' }, signal);
    }
  }

  #refusal(conduct: CacheFault): WhisperError {
    return cacheFailed(shownAddress(this.url), conduct);
  }
}
