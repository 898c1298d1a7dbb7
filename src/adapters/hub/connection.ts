import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { Segment } from '../../core/hub/segments.ts';
import { contentMismatch } from '../../core/messages/bytes.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { Body } from './body.ts';
import type { ByteSource, Opened, TransferSettings } from './byte-source.ts';
import { readNetworkError, RetryableError } from './network-error.ts';
import { checkContent, receive } from './receive.ts';
import { SegmentWriter, type WriterOptions } from './segment-writer.ts';

interface ConnectionSettings extends TransferSettings {
  /** Aborted when the transfer has ended or failed. */
  readonly ended: AbortSignal;
  /** How to write the bytes of the next segment. */
  readonly writing: () => WriterOptions;
}

// Milliseconds for which a connection may be far slower than the others until it is replaced.
const MAX_SLOW = 10_000;
// Milliseconds after which few bytes are written too, so that a killed process loses little of a slow download.
const WRITE_AFTER = 1000;

/** One connection of a transfer: fetches one segment after the other. */
export class Connection {
  /** Settles when its work has ended. */
  ended: Promise<void> = Promise.resolve();
  /** Milliseconds between the last request and its answer. */
  latency = Infinity;
  readonly #entry: CatalogueEntry;
  readonly #partial: PartialFile;
  readonly #source: ByteSource;
  readonly #settings: ConnectionSettings;
  readonly #meter = new Meter();
  #current: { readonly body: Body; readonly writer: SegmentWriter } | undefined;
  #cancelled = new AbortController();
  #writtenAt = performance.now();

  constructor(entry: CatalogueEntry, partial: PartialFile, source: ByteSource, settings: ConnectionSettings) {
    this.#entry = entry;
    this.#partial = partial;
    this.#source = source;
    this.#settings = settings;
  }

  /** Received bytes that are not on the disk yet. */
  get unwritten(): number {
    return this.#current?.writer.unwritten ?? 0;
  }

  /** Whether it waits for this computer, not for the network. */
  get isPaused(): boolean {
    return this.#current?.body.isPaused === true;
  }

  /**
   * Fetches a segment of a file of `size` bytes. Returns the answer, whose body is not read yet, where it is the whole file
   * instead. Throws a `RetryableError` where another try may help, `FileChanged` where the hub has another file by now.
   */
  async fetch(segment: Segment, size: number): Promise<Opened | undefined> {
    this.#cancelled = new AbortController();
    const { ended, signal, hub, onAnswer } = this.#settings;
    const range = { start: segment.start, end: segment.end };
    const requestedAt = performance.now();
    const opened = await this.#source.open(range, size, AbortSignal.any([ended, signal, this.#cancelled.signal]));
    this.latency = performance.now() - requestedAt;
    const { answer, facts } = opened;
    const { origin, pathname } = answer.url;
    onAnswer({ url: origin + pathname, status: answer.status, commit: facts.commit, from: range.start });
    try {
      if (await this.#partial.learn(facts)) throw new FileChanged();
      const content = await checkContent(this.#entry, answer, range, size, hub.givenToken);
      opened.confirm?.();
      if (content.kind === 'whole') return opened;
      segment.end = Math.min(segment.end, content.end);
    } catch (error) {
      answer.body.discard();
      if (error instanceof RetryableError) opened.reject?.();
      throw error;
    }
    await this.receive(opened, segment, size);
    return undefined;
  }

  /** Writes the bytes of a segment from an answer that begins with them. */
  async receive({ answer }: Opened, segment: Segment, size: number): Promise<void> {
    const { onBytes, writing, hub, ended } = this.#settings;
    const writer = new SegmentWriter(this.#partial, segment.start, writing());
    this.#current = { body: answer.body, writer };
    const onCounted = (bytes: number): Promise<void> | undefined => {
      this.#meter.count(bytes);
      return onBytes(bytes, ended);
    };
    try {
      const token = hub.givenToken;
      await receive({ entry: this.#entry, answer, segment, writer, size, token, onBytes: onCounted });
    } finally {
      this.#current = undefined;
    }
    if (segment.at < segment.end)
      throw new RetryableError(contentMismatch(this.#entry.file, { size }, { size: segment.at }));
  }

  /** To be called regularly: writes bytes that have waited for a second, and measures the rate. */
  tick(now: number): void {
    if (!this.#current || now - this.#writtenAt < WRITE_AFTER) return;
    this.#writtenAt = now;
    this.#current.writer.write();
    this.#meter.measure(now);
  }

  /** Closes the connection; received bytes are written. */
  abort(): void {
    this.#cancelled.abort(readNetworkError(new Cancelled(), new URL(this.#source.url), this.#source.server));
  }

  /** The connection that has been far slower than the median for too long. */
  static slowest(connections: readonly Connection[], now: number): Connection | undefined {
    const receiving = connections.filter((connection) => connection.#current);
    const rates = receiving.map((connection) => connection.#meter.rate).toSorted((a, b) => a - b);
    const median = rates[Math.floor(rates.length / 2)] ?? 0;
    return receiving.find((connection) => connection.#meter.isBelow(rates.length > 2 ? median / 4 : 0, now));
  }
}

/** The rate of one connection, second by second. */
class Meter {
  /** Bytes a second. */
  rate = 0;
  #bytes = 0;
  #since = performance.now();
  #slowSince: number | undefined;

  count(bytes: number): void {
    this.#bytes += bytes;
  }

  measure(now: number): void {
    this.rate = (this.#bytes / Math.max(1, now - this.#since)) * 1000;
    this.#bytes = 0;
    this.#since = now;
  }

  /** Whether the rate has been below `rate` for too long. */
  isBelow(rate: number, now: number): boolean {
    this.#slowSince = this.rate < rate ? (this.#slowSince ?? now) : undefined;
    return this.#slowSince !== undefined && now - this.#slowSince > MAX_SLOW;
  }
}

/** The hub has other bytes under the name than when the download began. */
export class FileChanged extends Error {}

class Cancelled extends Error {
  readonly code = 'UND_ERR_ABORTED';
}
