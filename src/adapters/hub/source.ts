import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { WhisperError } from '../../core/errors.ts';
import { expiryOf, type FileFacts, mergeFacts, rangeHeader, readFacts, requirePinned } from '../../core/hub/answer.ts';
import type { Range } from '../../core/hub/ranges.ts';
import { isTransient, refusal, requestedWait } from '../../core/hub/retry.ts';
import { notAHub } from '../../core/messages/bytes.ts';
import { rangeNotSatisfiable, tooManyRedirects } from '../../core/messages/hub.ts';
import { type Server, unsupportedRedirect } from '../../core/messages/network.ts';
import { type HubAccess, resolveUrl } from './access.ts';
import type { ByteSource, Opened } from './byte-source.ts';
import type { HttpAnswer, HttpClient } from './client.ts';
import { asRetryable, RetryableError } from './retry.ts';

/** Where the bytes of a file are to be had just now. */
interface Place {
  readonly url: URL;
  readonly facts: FileFacts;
  /** When to ask for another address, in milliseconds since the epoch. */
  readonly staleAt: number;
  /** Whether it has given bytes. */
  isProven: boolean;
}

const MAX_HOPS = 10;
/** Fresh addresses that are refused one after the other, until that is taken for the last word. */
const MAX_REFUSED = 3;
// A signed address is renewed that many milliseconds before it runs out, or when a tenth of its life is left.
const MARGIN = 60_000;

/** One file on a hub: finds out where its bytes are, and again when that address runs out, whoever of many asks first. */
export class Source implements ByteSource {
  readonly isHub = true;
  readonly url: string;
  readonly #client: HttpClient;
  readonly #hub: HubAccess;
  readonly #entry: CatalogueEntry;
  #place: Place | undefined;
  #walking: Promise<unknown> | undefined;
  #refused = 0;

  constructor(client: HttpClient, hub: HubAccess, entry: CatalogueEntry) {
    this.#client = client;
    this.#hub = hub;
    this.#entry = entry;
    // Not the whole address: one with a password would get into the record.
    const { origin, pathname } = resolveUrl(hub, entry);
    this.url = origin + pathname;
  }

  /**
   * Asks for bytes. Throws an `Interruption` where asking again may help, else a `WhisperError`; `stale-pin` where the hub has
   * other bytes than are pinned, before any of them is fetched.
   */
  async open(asked: Range, size: number | undefined, signal: AbortSignal): Promise<Opened> {
    const range = rangeHeader(asked, size);
    while (this.#walking) await this.#walking.catch(() => undefined);
    const place = this.#place;
    if (place && Date.now() < place.staleAt) {
      const answer = await this.#askAgain(place, range, signal);
      return this.#opened(await this.#accept(answer, place), place);
    }
    const walk = this.#walk(range, signal);
    this.#walking = walk;
    try {
      return await walk;
    } finally {
      this.#walking = undefined;
    }
  }

  #opened(answer: HttpAnswer, place: Place): Opened {
    return {
      answer,
      facts: place.facts,
      leave: () => this.#leave(place),
      prove: () => {
        place.isProven = true;
        this.#refused = 0;
      },
    };
  }

  #leave(place: Place): void {
    if (this.#place === place) this.#place = undefined;
  }

  /** Follows redirects by hand: the token must not leave the hub's origin, and the hub's own answers are wanted. */
  async #walk(range: string | undefined, signal: AbortSignal): Promise<Opened> {
    let url = resolveUrl(this.#hub, this.#entry);
    let facts: FileFacts = { commit: undefined, size: undefined, sha256: undefined };
    for (let hop = 0; hop < MAX_HOPS; hop += 1) {
      const answer = await this.#ask(url, range, signal);
      facts = this.#learn(facts, url, answer);
      if (answer.status >= 300 && answer.status < 400) {
        answer.body.discard();
        url = nextHop(url, answer, 'hub');
        continue;
      }
      if (await this.#isStaleToken(answer, url)) continue;
      if (answer.status < 400) this.#requireHub(facts, answer);
      const place = { url, facts, staleAt: staleAt(url, Date.now()), isProven: false };
      if (answer.status < 400 || url.origin !== this.#hub.endpoint.origin) this.#place = place;
      return this.#opened(await this.#accept(answer, place), place);
    }
    throw tooManyRedirects(url.origin + url.pathname, MAX_HOPS);
  }

  async #ask(url: URL, range: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    await this.#hub.holds.passed(url.origin, signal);
    const token = url.origin === this.#hub.endpoint.origin ? this.#hub.token : undefined;
    const headers = { ...(range !== undefined && { range }), ...(token && { authorization: `Bearer ${token}` }) };
    try {
      return await this.#client.get(url, headers, signal);
    } catch (error) {
      throw asRetryable(error, { url, server: 'hub' }, signal);
    }
  }

  async #askAgain(place: Place, range: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      return await this.#ask(place.url, range, signal);
    } catch (error) {
      // The hub may know a server that can be reached.
      if (error instanceof RetryableError) this.#leave(place);
      throw error;
    }
  }

  /** A token that is not valid any more must not keep anybody from a public file. */
  async #isStaleToken(answer: HttpAnswer, url: URL): Promise<boolean> {
    const { endpoint, token } = this.#hub;
    const isRefused = answer.status === 401 && answer.headers['x-error-code'] !== 'GatedRepo';
    if (!isRefused || url.origin !== endpoint.origin || token === undefined) return false;
    this.#hub.dropToken(this.#refusal(answer, await answer.body.text()));
    return true;
  }

  /** Lets an answer with bytes pass, and turns any other into the error that it means. */
  async #accept(answer: HttpAnswer, place: Place): Promise<HttpAnswer> {
    const { status } = answer;
    if (status < 300) return answer;
    const { endpoint, tokenRefusal } = this.#hub;
    const text = await answer.body.text();
    if (status === 401 && tokenRefusal) throw tokenRefusal;
    const error = this.#refusal(answer, text);
    const isContent = place.url.origin !== endpoint.origin;
    if (status < 400 || status === 416 || (status === 400 && isContent)) this.#leave(place);
    if (status < 400) throw new RetryableError(error);
    if (status === 416) throw new RetryableError(rangeNotSatisfiable());
    if (status === 429) throw this.#hold(place.url.origin, error, requestedWait(answer, Date.now()));
    if (isTransient(status)) throw new RetryableError(error, requestedWait(answer, Date.now()));
    const mayHaveRunOut = isContent && [401, 403, 404, 410].includes(status);
    if (!mayHaveRunOut) throw error;
    this.#leave(place);
    if (!place.isProven) this.#refused += 1;
    throw this.#refused >= MAX_REFUSED ? error : new RetryableError(error);
  }

  #refusal(answer: HttpAnswer, text: string): WhisperError {
    const { endpoint, givenToken } = this.#hub;
    return refusal(this.#entry, answer, text, { hub: endpoint.origin, token: givenToken, now: Date.now() });
  }

  #hold(origin: string, error: WhisperError, wait: number | undefined): RetryableError {
    if (wait === undefined) return new RetryableError(error);
    this.#hub.hold(origin, wait, error.message);
    return new RetryableError(error, 0);
  }

  /** A server that says nothing about the file is good enough only where the bytes are known beforehand. */
  #requireHub({ commit, sha256 }: FileFacts, { body }: HttpAnswer): void {
    if ((commit ?? sha256 ?? this.#entry.sha256) !== undefined) return;
    body.discard();
    throw notAHub(this.#hub.endpoint.origin, this.#entry.file);
  }

  /** What is known of the file with what the hub's own answer says; throws where that cannot be the file. */
  #learn(known: FileFacts, { origin }: URL, answer: HttpAnswer): FileFacts {
    try {
      const facts = origin === this.#hub.endpoint.origin ? mergeFacts(known, readFacts(answer)) : known;
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
  // An address that seems to have run out when it is fresh: the clocks differ, and a refusal will tell.
  if (expiry === undefined || expiry <= now) return Infinity;
  return expiry - Math.min(MARGIN, (expiry - now) / 10);
}

/** The address that a redirect leads to: on the web, and not from https to http. */
export function nextHop(from: URL, answer: HttpAnswer, server: Server): URL {
  const location = answer.headers['location'];
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const isSafe =
    to !== undefined && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'));
  if (isSafe) return to;
  throw unsupportedRedirect(to && `${to.protocol}//${to.host}`, server);
}
