import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { Segment } from '../../core/hub/segments.ts';
import { contentMismatch } from '../../core/messages/bytes.ts';
import type { Server } from '../../core/messages/network.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { Body } from './body.ts';
import type { ByteSource, Opened, TransferSettings } from './byte-source.ts';
import { checkContent, receive } from './receive.ts';
import { asRetryable, RetryableError } from './retry.ts';
import { SegmentWriter, type WriterOptions } from './segment-writer.ts';

export interface ConnectionSettings extends TransferSettings {
  /** Aborted when the transfer ends, in whatever way. */
  readonly over: AbortSignal;
  /** How what comes is to be written just now. */
  readonly writing: () => WriterOptions;
}

// Milliseconds that a connection may stay far behind the others before another takes its place.
const FAR_BEHIND = 10_000;
// Milliseconds after which few bytes are written too, so that a killed process loses little of a slow download.
const WRITE_AFTER = 1000;

/** One connection at a time: asks for a segment, takes what comes. */
export class Connection {
  /** Settles when its work has ended. */
  ended: Promise<void> = Promise.resolve();
  /** Milliseconds that the last request waited for its answer. */
  latency = Infinity;
  readonly #entry: CatalogueEntry;
  readonly #partial: PartialFile;
  readonly #source: ByteSource;
  readonly #settings: ConnectionSettings;
  readonly #meter = new Meter();
  #current: { readonly body: Body; readonly writer: SegmentWriter } | undefined;
  #stop = new AbortController();
  #writtenAt = performance.now();

  constructor(entry: CatalogueEntry, partial: PartialFile, source: ByteSource, settings: ConnectionSettings) {
    this.#entry = entry;
    this.#partial = partial;
    this.#source = source;
    this.#settings = settings;
  }

  get #server(): Server {
    return this.#source.isHub ? 'hub' : 'cache';
  }

  /** Bytes that have come and are not on the disk yet. */
  get unwritten(): number {
    return this.#current?.writer.unwritten ?? 0;
  }

  /** Whether it waits for this computer, not for the network. */
  get isHeld(): boolean {
    return this.#current?.body.isHeld === true;
  }

  /**
   * Fetches a segment of a file of `size` bytes. Returns the answer where it turns out to be the whole file instead, unread.
   * Throws an `Interruption` where asking again may help, `FileChanged` where the file is not the one that was begun.
   */
  async fetch(segment: Segment, size: number): Promise<Opened | undefined> {
    this.#stop = new AbortController();
    const { over, signal, hub, onAnswer } = this.#settings;
    const asked = { start: segment.start, end: segment.end };
    const aborted = AbortSignal.any([over, signal, this.#stop.signal]);
    const askedAt = performance.now();
    const opened = await this.#source.open(asked, size, aborted).catch((error: unknown) => {
      throw asRetryable(error, { url: new URL(this.#source.url), server: this.#server }, signal);
    });
    const { answer, facts } = opened;
    this.latency = performance.now() - askedAt;
    const { origin, pathname } = answer.url;
    onAnswer({ url: origin + pathname, status: answer.status, commit: facts.commit, from: asked.start });
    try {
      if (await this.#partial.learn(facts)) throw new FileChanged();
      const content = await checkContent(this.#entry, answer, asked, size, hub.givenToken);
      opened.prove();
      if (content.kind === 'whole') return opened;
      segment.end = Math.min(segment.end, content.end);
    } catch (error) {
      answer.body.discard();
      if (error instanceof RetryableError) opened.leave();
      throw error;
    }
    await this.receive(opened, segment, size);
    return undefined;
  }

  /** Takes the bytes of a segment from an answer that begins with them. */
  async receive({ answer }: Opened, segment: Segment, size: number): Promise<void> {
    const { onBytes, writing, signal, hub, over } = this.#settings;
    const writer = new SegmentWriter(this.#partial, segment.start, writing());
    this.#current = { body: answer.body, writer };
    const counted = (bytes: number): Promise<void> | undefined => {
      this.#meter.count(bytes);
      return onBytes(bytes, over);
    };
    try {
      const token = hub.givenToken;
      await receive({ entry: this.#entry, answer, segment, writer, size, token, onBytes: counted });
    } catch (error) {
      throw asRetryable(error, { url: answer.url, server: this.#server }, signal);
    } finally {
      this.#current = undefined;
    }
    if (segment.at < segment.end)
      throw new RetryableError(contentMismatch(this.#entry.file, { size }, { size: segment.at }));
  }

  /** To be called now and then: has the disk take what has come. */
  watch(now: number): void {
    if (!this.#current) return;
    const { writer } = this.#current;
    if (now - this.#writtenAt < WRITE_AFTER) return;
    this.#writtenAt = now;
    writer.write();
    this.#meter.measure(now);
  }

  /** Closes its connection; what has come is written. */
  abort(reason: Error = new Unwanted()): void {
    this.#stop.abort(reason);
  }

  /** The connection that has been far slower than most of the others for some time. */
  static farBehind(lanes: readonly Connection[], now: number): Connection | undefined {
    const rates = lanes.flatMap((lane) => (lane.#current ? [lane.#meter.rate] : [])).toSorted((a, b) => a - b);
    const median = rates[Math.floor(rates.length / 2)] ?? 0;
    return lanes.find((lane) => lane.#current && lane.#meter.isBelow(rates.length > 2 ? median / 4 : 0, now));
  }
}

/** How fast one connection is, second by second. */
class Meter {
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

  /** Whether it has been slower than that for too long. */
  isBelow(rate: number, now: number): boolean {
    this.#slowSince = this.rate < rate ? (this.#slowSince ?? now) : undefined;
    return this.#slowSince !== undefined && now - this.#slowSince > FAR_BEHIND;
  }
}

/** The hub has other bytes under the name than when the download began. */
export class FileChanged extends Error {}

class Unwanted extends Error {
  readonly code = 'UND_ERR_ABORTED';
}
