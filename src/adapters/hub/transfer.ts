import type { WhisperError } from '../../core/errors.ts';
import { withoutToken } from '../../core/hub/answer.ts';
import { describeRanges } from '../../core/hub/ranges.ts';
import { contentMismatch, notAModel } from '../../core/messages/bytes.ts';
import { changedOnHub, commitUnknown, partialDamaged, retryingWrongBytes } from '../../core/messages/network.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { identifyHeader } from '../../core/formats/header.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { ByteSource, TransferSettings } from './byte-source.ts';
import { FileChanged } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { learnSize } from './metadata.ts';
import { withRetries } from './retry.ts';

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
        const lanes = new ConnectionPool(this.#entry, size, this.#partial, this.#source, this.#settings);
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
    return withRetries(() => learnSize(this.#entry, this.#partial, this.#source, signal), this.#settings);
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
