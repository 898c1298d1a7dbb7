import { HubAccess } from '../../adapters/hub/access.ts';
import { HttpClient } from '../../adapters/hub/client.ts';
import { hubOf, isOffline, stallTimeout } from '../../adapters/hub/environment.ts';
import { HubSource } from '../../adapters/hub/hub-source.ts';
import { transfer, type Transferred } from '../../adapters/hub/transfer.ts';
import type { TransferSettings } from '../../adapters/hub/byte-source.ts';
import type { PartialFile } from '../../adapters/store/partial-file.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { WhisperError } from '../../core/errors.ts';
import { requirePinned } from '../../core/hub/answer.ts';
import { DEFAULT_CONNECTIONS } from '../../core/hub/concurrency-controller.ts';
import { ConnectionBudget, Throttle } from '../../core/hub/limits.ts';
import { withNearest } from '../../core/hub/retry.ts';
import { retrying } from '../../core/messages/network.ts';
import type { Context } from '../session/context.ts';

export interface LinkOptions {
  readonly limitRate?: number;
  readonly connections?: number;
}

/** The hub, for all transfers of one command. */
export class HubLink {
  readonly #context: Context;
  readonly client: HttpClient;
  readonly #hub: HubAccess;
  readonly #budget: ConnectionBudget;
  readonly #throttle: Throttle;
  readonly #limitRate: number | undefined;
  /** The failures that were reported, until bytes arrive. */
  readonly #reported = new Set<string>();

  constructor(context: Context, { limitRate, connections = DEFAULT_CONNECTIONS }: LinkOptions) {
    const { host, reporter } = context;
    this.#context = context;
    this.client = new HttpClient(host.environment, stallTimeout(host.environment));
    this.#hub = new HubAccess(this.client, hubOf(host.environment), {
      delay: host.delay,
      onNotice: (notice) => reporter.notice(notice),
      onWait: (milliseconds, reason) => {
        reporter.notice(retrying(reason, milliseconds));
        reporter.waiting(milliseconds);
      },
    });
    this.#budget = new ConnectionBudget(connections);
    this.#limitRate = limitRate;
    this.#throttle = new Throttle(limitRate);
  }

  get isOffline(): boolean {
    return isOffline(this.#context.host.environment);
  }

  async pin(entries: readonly CatalogueEntry[]): Promise<readonly CatalogueEntry[]> {
    if (this.isOffline) return entries;
    const asked = new Map<string, ReturnType<HubAccess['listFiles']>>();
    return Promise.all(
      entries.map(async (entry): Promise<CatalogueEntry> => {
        if (entry.size !== undefined && entry.sha256 !== undefined) return entry;
        const key = `${entry.repo} ${entry.revision}`;
        const asking = asked.get(key) ?? this.#hub.listFiles(entry, this.#context.host.signal);
        asked.set(key, asking);
        const facts = (await asking)?.get(entry.file);
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

  /** Downloads a model; where the hub does not have it, the error names similar files. */
  async transfer(entry: CatalogueEntry, partial: PartialFile): Promise<Transferred> {
    try {
      return await this.#transfer(entry, partial);
    } catch (error) {
      if (!(error instanceof WhisperError) || error.code !== 'hub-not-found') throw error;
      const files = await this.#hub.listFiles(entry, this.#context.host.signal);
      throw withNearest(error, entry.file, files?.keys() ?? []);
    }
  }

  #transfer(entry: CatalogueEntry, partial: PartialFile): Promise<Transferred> {
    return transfer(entry, partial, new HubSource(this.#hub, entry), this.settingsOf(entry));
  }

  settingsOf(entry: CatalogueEntry): TransferSettings {
    const { host, reporter } = this.#context;
    return {
      hub: this.#hub,
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
    this.#hub.gate.stop();
    await this.client.close();
  }
}
