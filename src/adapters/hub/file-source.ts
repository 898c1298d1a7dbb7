import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { WhisperError } from '../../core/errors.ts';
import {
  expiryOf,
  type FileFacts,
  mergeFacts,
  rangeHeader,
  readFacts,
  readVersion,
  requirePinned,
} from '../../core/hub/answer.ts';
import type { Range } from '../../core/hub/ranges.ts';
import { isTransient, refusal, requestedWait } from '../../core/hub/retry.ts';
import { notAHub } from '../../core/messages/transfer/bytes.ts';
import { rangeNotSatisfiable } from '../../core/messages/transfer/hub.ts';
import { tooManyRedirects } from '../../core/messages/transfer/network.ts';
import type { ServerAccess } from './access.ts';
import type { ByteSource, Opened } from './byte-source.ts';
import { followRedirects, type HttpAnswer } from './client.ts';
import { RetryableError } from './network-error.ts';

/** The server that has the bytes of a file, as the hub's redirects gave it. */
interface Location {
  readonly url: URL;
  readonly facts: FileFacts;
  /** When to ask for another URL, in milliseconds since the epoch. */
  readonly staleAt: number;
  /** Whether it has given bytes of the file. */
  isProven: boolean;
}

/** Fresh URLs that content servers may refuse in a row before the refusal counts as final. */
const MAX_REFUSED = 3;
// A signed URL is renewed so many milliseconds before it expires, or when a tenth of its lifetime is left.
const MARGIN = 60_000;

/** One file on the hub or another server. Finds the URL of its bytes once for all connections, and again when the URL expires. */
export class FileSource implements ByteSource {
  readonly server: 'hub' | 'web';
  readonly url: string;
  readonly #hub: ServerAccess;
  readonly #entry: CatalogueEntry;
  #location: Location | undefined;
  #locating: Promise<unknown> | undefined;
  #refused = 0;

  constructor(hub: ServerAccess, entry: CatalogueEntry) {
    this.#hub = hub;
    this.#entry = entry;
    this.server = entry.url === undefined ? 'hub' : 'web';
    // Without user name, password and query, because the record keeps it.
    const { origin, pathname } = hub.resolveUrl(entry);
    this.url = origin + pathname;
  }

  /** As in `ByteSource`; `stale-pin` where the hub has other bytes than are pinned, before any of them is fetched. */
  async open(range: Range, size: number | undefined, signal: AbortSignal): Promise<Opened> {
    const header = rangeHeader(range, size);
    while (this.#locating) await this.#locating.catch(() => undefined);
    const location = this.#location;
    if (location && Date.now() < location.staleAt) return this.#reopen(location, header, signal);
    const located = this.#locate(header, signal);
    this.#locating = located;
    try {
      return await located;
    } finally {
      this.#locating = undefined;
    }
  }

  async #reopen(location: Location, range: string | undefined, signal: AbortSignal): Promise<Opened> {
    const answer = await this.#get(location.url, range, signal).catch((error: unknown) => {
      // The hub may redirect to a server that can be reached.
      if (error instanceof RetryableError) this.#forget(location);
      throw error;
    });
    return this.#accept(answer, location);
  }

  async #locate(range: string | undefined, signal: AbortSignal): Promise<Opened> {
    let facts: FileFacts = { commit: undefined, size: undefined, sha256: undefined };
    const get = async (url: URL): Promise<HttpAnswer> => {
      const answer = await this.#get(url, range, signal);
      facts = this.#learn(facts, answer);
      return answer;
    };
    const tooMany = ({ origin, pathname }: URL, redirects: number): WhisperError =>
      tooManyRedirects(origin + pathname, redirects, this.server);
    const answer = await followRedirects(this.#hub.resolveUrl(this.#entry), this.server, get, tooMany);
    const { url, status } = answer;
    if (status < 400) this.#requireHub(facts, answer);
    const location = { url, facts, staleAt: staleAt(url, Date.now()), isProven: false };
    if (status < 400 || this.#isContent(url)) this.#location = location;
    return this.#accept(answer, location);
  }

  /** Sends a request; again without the token where the hub rejects it, because a public file needs none. */
  async #get(url: URL, range: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    const { token } = this.#hub;
    const headers = range === undefined ? {} : { range };
    const answer = await this.#hub.get(url, headers, signal);
    const isRejected = answer.status === 401 && answer.headers['x-error-code'] !== 'GatedRepo';
    if (!isRejected || token === undefined || this.#isContent(url)) return answer;
    this.#hub.dropToken(this.#refusal(answer, await answer.body.text()));
    return this.#hub.get(url, headers, signal);
  }

  async #accept(answer: HttpAnswer, location: Location): Promise<Opened> {
    const { status } = answer;
    const { facts, url } = location;
    if (status < 300) {
      const confirm = (): void => {
        location.isProven = true;
        this.#refused = 0;
      };
      const version = this.server === 'web' ? { version: readVersion(answer) } : {};
      return { answer, facts: { ...facts, ...version }, confirm, reject: () => this.#forget(location) };
    }
    const text = await answer.body.text();
    if (status === 401 && this.#hub.tokenRefusal) throw this.#hub.tokenRefusal;
    const error = this.#refusal(answer, text);
    const isContent = this.#isContent(url);
    if (status < 400 || status === 416 || (status === 400 && isContent)) this.#forget(location);
    if (status < 400) throw new RetryableError(error);
    if (status === 416) throw new RetryableError(rangeNotSatisfiable());
    const wait = requestedWait(answer, Date.now());
    if (status === 429 && wait !== undefined) {
      this.#hub.gate.close(url.origin, wait, error.message);
      throw new RetryableError(error, 0);
    }
    if (isTransient(status)) throw new RetryableError(error, wait);
    const mayHaveExpired = isContent && [401, 403, 404, 410].includes(status);
    if (!mayHaveExpired) throw error;
    this.#forget(location);
    if (!location.isProven) this.#refused += 1;
    throw this.#refused >= MAX_REFUSED ? error : new RetryableError(error);
  }

  #forget(location: Location): void {
    if (this.#location === location) this.#location = undefined;
  }

  #isContent(url: URL): boolean {
    return url.origin !== this.#hub.endpoint.origin;
  }

  #refusal(answer: HttpAnswer, text: string): WhisperError {
    const { endpoint, givenToken } = this.#hub;
    return refusal(this.#entry, answer, text, { hub: endpoint.origin, token: givenToken, now: Date.now() });
  }

  /** A hub that reports neither commit nor sha256 is accepted only where the sha256 is pinned. */
  #requireHub({ commit, sha256 }: FileFacts, { body }: HttpAnswer): void {
    if (this.server === 'web' || (commit ?? sha256 ?? this.#entry.sha256) !== undefined) return;
    body.discard();
    throw notAHub(this.#hub.endpoint.origin, this.#entry.file);
  }

  /** Adds what an answer of the hub itself says to the known facts; throws where they contradict the pin. */
  #learn(known: FileFacts, answer: HttpAnswer): FileFacts {
    try {
      const isSilent = this.server === 'web' || this.#isContent(answer.url);
      const facts = isSilent ? known : mergeFacts(known, readFacts(answer));
      if (answer.status < 400) requirePinned(this.#entry, facts);
      return facts;
    } catch (error) {
      answer.body.discard();
      throw error;
    }
  }
}

function staleAt(url: URL, now: number): number {
  const expiry = expiryOf(url);
  // A fresh URL that seems to have expired: the clocks differ, and the server refuses it when it really has.
  if (expiry === undefined || expiry <= now) return Infinity;
  return expiry - Math.min(MARGIN, (expiry - now) / 10);
}
