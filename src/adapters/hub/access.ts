import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { type HubFile, pathOf } from '../../core/catalogue/origin.ts';
import type { WhisperError } from '../../core/errors.ts';
import { type FileFacts, readFileFacts } from '../../core/hub/answer.ts';
import { retryingWithoutToken } from '../../core/messages/transfer/network.ts';
import type { Server } from '../../core/messages/transfer/network.ts';
import type { HttpAnswer, HttpClient } from './client.ts';
import type { Hub } from './environment.ts';

interface AccessSettings {
  /** Waits; rejects when the program is being stopped or `until` is aborted. */
  readonly delay: (milliseconds: number, until: AbortSignal) => Promise<void>;
  /** Called with a sentence for the user. */
  readonly onNotice: (notice: string) => void;
  /** Called when a server asks for a pause of some milliseconds. */
  readonly onWait: (milliseconds: number, reason: string) => void;
}

/** The largest answer of the hub's API that is read, in bytes: enough for a repository of thousands of files. */
const MAX_LISTING = 8 * 1024 * 1024;

/** A server as all transfers of a command share it: the client, the hub's token and the pauses that servers have asked for. */
export class ServerAccess {
  readonly endpoint: URL;
  /** The token of the environment, which no output may contain. */
  readonly givenToken: string | undefined;
  readonly gate: RateLimitGate;
  /** The error with which the hub rejected the token; `undefined`: it did not. */
  tokenRefusal: WhisperError | undefined;
  readonly #client: HttpClient;
  readonly #server: Server;
  readonly #settings: AccessSettings;

  constructor(client: HttpClient, { endpoint, token, server }: Hub, settings: AccessSettings) {
    this.#client = client;
    this.#server = server;
    this.endpoint = endpoint;
    this.givenToken = token;
    this.gate = new RateLimitGate(settings);
    this.#settings = settings;
  }

  /** The token to send; `undefined`: there is none, or the hub rejected it. */
  get token(): string | undefined {
    return this.tokenRefusal ? undefined : this.givenToken;
  }

  dropToken(refusal: WhisperError): void {
    if (!this.tokenRefusal) this.#settings.onNotice(retryingWithoutToken());
    this.tokenRefusal ??= refusal;
  }

  /** Sends a GET request once the gate is open, with the token only where the URL is of the hub's own origin. */
  async get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    await this.gate.opened(url.origin, signal);
    const token = url.origin === this.endpoint.origin ? this.token : undefined;
    const authorization = token !== undefined && { authorization: `Bearer ${token}` };
    return this.#client.get(url, { ...headers, ...authorization }, { server: this.#server, signal });
  }

  /** The address of a model, which may redirect to its bytes. */
  resolveUrl(entry: CatalogueEntry): URL {
    if (entry.url !== undefined) return new URL(entry.url);
    const path = pathOf(entry).split('/').map(encodeURIComponent).join('/');
    return this.#url(`${entry.repo}/resolve/${encodeURIComponent(entry.revision)}/${path}`);
  }

  /**
   * The files of a repository by their paths, with commit, sizes and hashes, from the hub's API. `undefined` where the hub has no
   * such API, as plain mirrors do, or does not answer: the request for the file itself reports that. Throws only when aborted.
   */
  async listFiles(
    { repo, revision }: HubFile,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, FileFacts> | undefined> {
    const url = this.#url(`api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`);
    try {
      const { status, body } = await this.get(url, {}, signal);
      const text = await body.text(MAX_LISTING);
      return status === 200 ? readFileFacts(text) : undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      return undefined;
    }
  }

  #url(path: string): URL {
    return new URL(`${this.endpoint.href.replace(/\/+$/, '')}/${path}`);
  }
}

/** Delays every request to a server that asked for a pause. */
class RateLimitGate {
  readonly #settings: Pick<AccessSettings, 'delay' | 'onWait'>;
  readonly #pauses = new Map<string, Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(settings: Pick<AccessSettings, 'delay' | 'onWait'>) {
    this.#settings = settings;
  }

  /** Closes the gate of an origin for the milliseconds that it asked for, unless it is closed already. */
  close(origin: string, milliseconds: number, reason: string): void {
    if (this.#pauses.has(origin)) return;
    const pause = this.#settings.delay(milliseconds, this.#stopped.signal).finally(() => this.#pauses.delete(origin));
    // A request that waits sees the rejection; where none waits, it must not count as unhandled.
    pause.catch(() => undefined);
    this.#pauses.set(origin, pause);
    this.#settings.onWait(milliseconds, reason);
  }

  /** Resolves when requests to the origin may be sent; rejects when `signal` is aborted first. */
  async opened(origin: string, signal: AbortSignal): Promise<void> {
    const pause = this.#pauses.get(origin);
    if (!pause) return;
    let stop = (): void => {};
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    signal.addEventListener('abort', stop);
    await Promise.race([pause, stopped]);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  }

  stop(): void {
    this.#stopped.abort();
  }
}
