import type { WhisperError } from '../../core/errors.ts';
import { withoutToken } from '../../core/hub/answer.ts';
import type { ConnectionBudget } from '../../core/hub/budget.ts';
import { describeRanges } from '../../core/hub/ranges.ts';
import { contentMismatch, notAModel } from '../../core/messages/bytes.ts';
import { changedOnHub, commitUnknown, partialDamaged, retryingWrongBytes } from '../../core/messages/network.ts';
import type { CatalogueEntry } from '../../core/models/catalogue.ts';
import { identifyHeader } from '../../core/models/header.ts';
import type { PartialFile } from '../partial-file.ts';
import type { HubAccess } from './access.ts';
import type { ByteSource } from './byte-source.ts';
import { FileChanged } from './lane.ts';
import { Lanes } from './lanes.ts';
import { learnSize } from './learn-size.ts';
import { retrying } from './retrying.ts';

export interface TransferSettings {
  readonly hub: HubAccess;
  readonly budget: ConnectionBudget;
  /** Bytes a second that a person allows over all connections. */
  readonly limitRate: number | undefined;
  readonly signal: AbortSignal;
  /** Called with each answer that brings bytes. */
  readonly onAnswer: (answer: Answered) => void;
  /**
   * Called with the number of bytes that just came in; the promise, where there is one, holds the next ones back, and
   * rejects when `until` is aborted.
   */
  readonly onBytes: (bytes: number, until: AbortSignal) => Promise<void> | undefined;
  /** Called now and then with the bytes that are there, and how many connections bring more. */
  readonly onProgress: (received: number, size: number, connections: number) => void;
  /** Called when the transfer has to begin again, with a sentence for a person. */
  readonly onNotice: (notice: string) => void;
  /** Called when a request has to be made again after `wait` milliseconds; `trouble`: the message of what broke it off. */
  readonly onRetry: (trouble: string, wait: number) => void;
  /** What would be a notice, for those who want to know everything. */
  readonly onDetail: (detail: string) => void;
  /** Waits; rejects when the program is being ended or `until` is aborted. */
  readonly delay: (milliseconds: number, until?: AbortSignal) => Promise<void>;
}

/** The head of an answer to a request from byte `from` on; the address is without its query, which may hold a signature. */
export interface Answered {
  readonly url: string;
  readonly status: number;
  readonly commit: string | undefined;
  readonly from: number;
}

/** A complete, verified file; still under its partial name. */
export interface Transferred {
  readonly size: number;
  readonly sha256: string;
  readonly url: string;
  readonly revision: string;
  /** Bytes that came over the network in this run. */
  readonly received: number;
  /** The most connections that there were at a time. */
  readonly connections: number;
}

/**
 * Brings a model into its partial file, however often connections break, and checks size, header and sha256. Bytes that
 * turn out wrong are fetched once more: those that the disk lost, or else all of them. Throws a `WhisperError`; the partial
 * file is then as far as it got, or empty where its bytes were wrong.
 */
export async function transfer(
  entry: CatalogueEntry,
  partial: PartialFile,
  source: ByteSource,
  settings: TransferSettings,
): Promise<Transferred> {
  settings.budget.enter();
  try {
    return await new Transfer(entry, partial, source, settings).run();
  } finally {
    settings.budget.leave();
  }
}

class Transfer {
  readonly #entry: CatalogueEntry;
  readonly #partial: PartialFile;
  readonly #settings: TransferSettings;
  readonly #source: ByteSource;
  #received = 0;
  #connections = 0;
  #isTold = false;
  #url: string;
  #commit: string | undefined;

  constructor(entry: CatalogueEntry, partial: PartialFile, source: ByteSource, settings: TransferSettings) {
    this.#entry = entry;
    this.#partial = partial;
    this.#source = source;
    this.#url = source.url;
    this.#settings = {
      ...settings,
      onAnswer: (answer) => {
        this.#url = answer.url;
        this.#commit = answer.commit ?? this.#commit;
        if (source.isHub && this.#commit === undefined) this.#tellNoCommit();
        settings.onAnswer(answer);
      },
      onBytes: (bytes, until) => {
        this.#received += bytes;
        return settings.onBytes(bytes, until);
      },
    };
  }

  async run(): Promise<Transferred> {
    const { file } = this.#entry;
    for (let round = 1; ; round += 1) {
      const sha256 = await this.#fetchAndHash();
      const wrong = await this.#findMismatch(sha256);
      if (!wrong) return this.#result(sha256);
      const damaged = round === 1 ? this.#partial.damaged() : [];
      if (damaged.length > 0) {
        for (const range of damaged) this.#partial.forget(range);
        this.#settings.onNotice(partialDamaged(file, describeRanges(damaged)));
        continue;
      }
      await this.#partial.restart();
      if (round > 1) throw wrong;
      this.#settings.onNotice(retryingWrongBytes(file));
    }
  }

  /** All bytes, and the sha256 of them. */
  async #fetchAndHash(): Promise<string> {
    for (;;) {
      try {
        const size = this.#partial.pin.size ?? (await this.#learnSize());
        const lanes = new Lanes(this.#entry, size, this.#partial, this.#source, this.#settings);
        await lanes.run().finally(() => (this.#connections = Math.max(this.#connections, lanes.most)));
      } catch (error) {
        if (!(error instanceof FileChanged)) throw error;
        this.#settings.onNotice(changedOnHub(this.#entry.file));
        continue;
      }
      const sha256 = await this.#partial.digest();
      if (sha256 !== undefined) return sha256;
      this.#settings.onNotice(partialDamaged(this.#entry.file, undefined));
    }
  }

  #tellNoCommit(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#settings.onDetail(commitUnknown());
  }

  async #learnSize(): Promise<number> {
    const { signal } = this.#settings;
    return retrying(() => learnSize(this.#entry, this.#partial, this.#source, signal), this.#settings);
  }

  /** The error that a complete file gives reason for; `undefined`: its bytes are right. */
  async #findMismatch(sha256: string): Promise<WhisperError | undefined> {
    const header = identifyHeader(await this.#partial.header());
    const { givenToken } = this.#settings.hub;
    if (header.kind === 'other') return notAModel(this.#entry.file, withoutToken(header.looksLike, givenToken));
    const { pin, received } = this.#partial;
    if (sha256 === (pin.sha256 ?? sha256)) return undefined;
    return contentMismatch(this.#entry.file, pin, { size: received, sha256 });
  }

  #result(sha256: string): Transferred {
    return {
      size: this.#partial.received,
      sha256,
      url: this.#url,
      revision: this.#commit ?? this.#entry.revision,
      received: this.#received,
      connections: this.#connections,
    };
  }
}
