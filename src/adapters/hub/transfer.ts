import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { WhisperError } from '../../core/errors.ts';
import { wholeSize } from '../../core/hub/answer.ts';
import { describeRanges } from '../../core/hub/ranges.ts';
import { contentMismatch } from '../../core/messages/bytes.ts';
import { sizeUnknown } from '../../core/messages/hub.ts';
import { changedOnHub, commitUnknown, partialDamaged, retryingWrongBytes } from '../../core/messages/network.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { ByteSource, TransferSettings } from './byte-source.ts';
import { FileChanged } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { headerProblem } from './receive.ts';
import { withRetries } from './retry.ts';

/** A complete, verified file, which still has its partial name. */
export interface Transferred {
  readonly size: number;
  readonly sha256: string;
  readonly url: string;
  readonly revision: string;
  /** Bytes that this run received over the network. */
  readonly received: number;
  /** The largest number of connections at a time. */
  readonly connections: number;
}

/**
 * Downloads a model into its partial file over several connections, and checks size, header and sha256. Wrong bytes are
 * fetched again once: those that the disk lost, or else all. Throws a `WhisperError`; the partial file then keeps what has
 * arrived, or is empty where its bytes were wrong.
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
  readonly #source: ByteSource;
  readonly #settings: TransferSettings;
  #received = 0;
  #connections = 0;
  #hasReportedCommit = false;
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
        if (source.server === 'hub' && this.#commit === undefined) this.#reportNoCommit();
        settings.onAnswer(answer);
      },
      onBytes: (bytes, until) => {
        this.#received += bytes;
        return settings.onBytes(bytes, until);
      },
    };
  }

  async run(): Promise<Transferred> {
    const { file, revision } = this.#entry;
    for (let round = 1; ; round += 1) {
      const sha256 = await this.#fetchAndHash();
      const mismatch = await this.#findMismatch(sha256);
      if (!mismatch) {
        const [url, received, connections] = [this.#url, this.#received, this.#connections];
        return { size: this.#partial.received, sha256, url, revision: this.#commit ?? revision, received, connections };
      }
      const damaged = round === 1 ? this.#partial.damaged() : [];
      if (damaged.length > 0) {
        for (const range of damaged) this.#partial.forget(range);
        this.#settings.onNotice(partialDamaged(file, describeRanges(damaged)));
        continue;
      }
      await this.#partial.restart();
      if (round > 1) throw mismatch;
      this.#settings.onNotice(retryingWrongBytes(file));
    }
  }

  /** Downloads all bytes, and returns their sha256 in hex. */
  async #fetchAndHash(): Promise<string> {
    for (;;) {
      try {
        const size = this.#partial.pin.size ?? (await withRetries(() => this.#learnSize(), this.#settings));
        const pool = new ConnectionPool(this.#entry, size, this.#partial, this.#source, this.#settings);
        await pool.run().finally(() => (this.#connections = Math.max(this.#connections, pool.peak)));
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

  /** Requests the first byte of a file whose size is not pinned; returns the bytes that the whole file has. */
  async #learnSize(): Promise<number> {
    const { answer, facts } = await this.#source.open({ start: 0, end: 1 }, undefined, this.#settings.signal);
    answer.body.discard();
    const size = facts.size ?? wholeSize(answer);
    if (size === undefined) throw sizeUnknown(this.#entry.file);
    await this.#partial.learn({ ...facts, size });
    return size;
  }

  #reportNoCommit(): void {
    if (this.#hasReportedCommit) return;
    this.#hasReportedCommit = true;
    this.#settings.onDetail(commitUnknown());
  }

  /** The error of a complete file whose header or sha256 is wrong; `undefined`: both are right. */
  async #findMismatch(sha256: string): Promise<WhisperError | undefined> {
    const problem = headerProblem(this.#entry, await this.#partial.header(), this.#settings.hub.givenToken);
    if (problem) return problem;
    const { pin, received } = this.#partial;
    const isRight = sha256 === (pin.sha256 ?? sha256);
    return isRight ? undefined : contentMismatch(this.#entry.file, pin, { size: received, sha256 });
  }
}
