import { ServerAccess } from '../../adapters/hub/access.ts';
import { HttpClient } from '../../adapters/hub/client.ts';
import { type Hub, hubOf, isOffline, stallTimeout } from '../../adapters/hub/environment.ts';
import { FileSource } from '../../adapters/hub/file-source.ts';
import { probe } from '../../adapters/hub/content-check.ts';
import { transfer, type Transferred } from '../../adapters/hub/transfer.ts';
import type { TransferSettings } from '../../adapters/hub/byte-source.ts';
import type { PartialFile } from '../../adapters/store/partial-file.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { atCommit, originOf, pathOf } from '../../core/catalogue/origin.ts';
import { WhisperError } from '../../core/errors.ts';
import { requirePinned } from '../../core/hub/answer.ts';
import { DEFAULT_CONNECTIONS } from '../../core/hub/concurrency-controller.ts';
import { ConnectionBudget, Throttle } from '../../core/hub/limits.ts';
import { withNearest } from '../../core/hub/retry.ts';
import { retrying } from '../../core/messages/transfer/network.ts';
import { httpWithoutHash } from '../../core/messages/transfer/web.ts';
import type { Context } from '../session/context.ts';

export interface LinkOptions {
  readonly limitRate?: number;
  readonly connections?: number;
  /** Addresses that the user named on the command line, which may be in a private network. */
  readonly named?: readonly string[];
}

/** The hub and other servers, for all transfers of one command. */
export class HubLink {
  readonly #context: Context;
  readonly client: HttpClient;
  /** For addresses that a file names: only hosts that the user named may be in a private network, also where a redirect leads. */
  readonly #webClient: HttpClient;
  readonly #hub: ServerAccess;
  /** By their origins. */
  readonly #others = new Map<string, ServerAccess>();
  readonly #budget: ConnectionBudget;
  readonly #throttle: Throttle;
  readonly #limitRate: number | undefined;
  /** The failures that were reported, until bytes arrive. */
  readonly #reported = new Set<string>();

  constructor(context: Context, { limitRate, connections = DEFAULT_CONNECTIONS, named = [] }: LinkOptions) {
    const { environment } = context.host;
    const hub = hubOf(environment);
    this.#context = context;
    this.client = new HttpClient(environment, stallTimeout(environment));
    const hosts = [hub.endpoint, ...named.map((url) => new URL(url))].map(({ hostname }) => hostname);
    this.#webClient = new HttpClient(environment, stallTimeout(environment), new Set(hosts));
    this.#hub = this.#accessTo(hub);
    this.#budget = new ConnectionBudget(connections);
    this.#limitRate = limitRate;
    this.#throttle = new Throttle(limitRate);
  }

  get isOffline(): boolean {
    return isOffline(this.#context.host.environment);
  }

  async pin(entries: readonly CatalogueEntry[]): Promise<readonly CatalogueEntry[]> {
    if (this.isOffline) return entries;
    const asked = new Map<string, ReturnType<ServerAccess['listFiles']>>();
    return Promise.all(
      entries.map(async (entry): Promise<CatalogueEntry> => {
        const isPinned = entry.size !== undefined && entry.sha256 !== undefined;
        if (isPinned || entry.url !== undefined) return entry;
        const key = `${entry.repo} ${entry.revision}`;
        const asking = asked.get(key) ?? this.#hub.listFiles(entry, this.#context.host.signal);
        asked.set(key, asking);
        const facts = (await asking)?.get(pathOf(entry));
        if (!facts) return entry;
        requirePinned(entry, facts);
        // A pin overrides what the hub says.
        return {
          ...entry,
          size: entry.size ?? facts.size,
          revision: facts.commit ?? entry.revision,
          ...(entry.sha256 === undefined && facts.sha256 !== undefined && { sha256: facts.sha256, pinnedBy: 'hub' }),
        };
      }),
    );
  }

  /**
   * The entry of a model at the commit that its revision is now, pinned to what the hub says of its bytes; another server says
   * nothing of them. Throws (exit 4) where the server does not have the file, and (exit 5) where it is not a model.
   */
  async lookUp(given: CatalogueEntry): Promise<CatalogueEntry> {
    const [entry = given] = await this.pin([given]);
    const settings = this.settingsOf(entry);
    const found = await this.#namingSimilar(entry, () => probe(entry, this.#sourceOf(entry), settings));
    if (entry.url !== undefined) return entry;
    const { file, size = found.size, sha256 = found.sha256 } = entry;
    return { ...atCommit(originOf(entry), found.commit), file, size, sha256, pinnedBy: 'modelSources' };
  }

  async transfer(entry: CatalogueEntry, partial: PartialFile): Promise<Transferred> {
    const settings = this.settingsOf(entry);
    return this.#namingSimilar(entry, () => transfer(entry, partial, this.#sourceOf(entry), settings));
  }

  /** Asks a server for a model; where the hub does not have it, the error names similar files. */
  async #namingSimilar<T>(entry: CatalogueEntry, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof WhisperError) || error.code !== 'hub-not-found' || entry.url !== undefined) throw error;
      const files = await this.#hub.listFiles(entry, this.#context.host.signal);
      throw withNearest(error, pathOf(entry), files?.keys() ?? []);
    }
  }

  #sourceOf(entry: CatalogueEntry): FileSource {
    return new FileSource(this.#serverOf(entry), entry);
  }

  /** The server that an entry is asked of. Throws `hub-refused` (exit 4) where it may not be asked. */
  #serverOf({ url: address, sha256 }: CatalogueEntry): ServerAccess {
    if (address === undefined) return this.#hub;
    const url = new URL(address);
    if (url.protocol === 'http:' && sha256 === undefined) throw httpWithoutHash(address);
    const known = this.#others.get(url.origin);
    if (known) return known;
    const access = this.#accessTo({ server: 'web', endpoint: new URL(url.origin), token: undefined });
    this.#others.set(url.origin, access);
    return access;
  }

  #accessTo(server: Hub): ServerAccess {
    const { host, reporter } = this.#context;
    return new ServerAccess(server.server === 'hub' ? this.client : this.#webClient, server, {
      delay: host.delay,
      onNotice: (notice) => reporter.notice(notice),
      onWait: (milliseconds, reason) => {
        reporter.notice(retrying(reason, milliseconds));
        reporter.waiting(milliseconds);
      },
    });
  }

  settingsOf(entry: CatalogueEntry): TransferSettings {
    const { host, reporter } = this.#context;
    return {
      server: this.#serverOf(entry),
      budget: this.#budget,
      limitRate: this.#limitRate,
      signal: host.signal,
      delay: host.delay,
      onBytes: (bytes, until) => {
        this.#reported.clear();
        const wait = this.#throttle.take(bytes, performance.now());
        return wait > 0 ? host.delay(wait, until) : undefined;
      },
      onProgress: (received, size, connections) => reporter.progress({ name: entry.file, received, size, connections }),
      onNotice: (notice) => reporter.notice(notice),
      onRetry: (failure, wait) => this.#reportRetry(failure, wait),
      onDetail: (detail) => reporter.log('debug', 'transfer', { detail }),
      onAnswer: (answer) => reporter.log('debug', 'answer', { ...answer }),
    };
  }

  /** Reports a failure once, however often and for however many models it is retried, until bytes arrive. */
  #reportRetry(failure: string, wait: number): void {
    const { reporter } = this.#context;
    const sentence = retrying(failure, wait);
    if (this.#reported.has(failure)) reporter.log('debug', 'transfer', { detail: sentence });
    else reporter.notice(sentence);
    this.#reported.add(failure);
  }

  async close(): Promise<void> {
    for (const access of [this.#hub, ...this.#others.values()]) access.gate.stop();
    await Promise.all([this.client.close(), this.#webClient.close()]);
  }
}
