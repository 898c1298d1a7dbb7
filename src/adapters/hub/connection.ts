import { WhisperError } from '../../core/errors.ts';
import type { Segment } from '../../core/hub/segments.ts';
import { contentMismatch } from '../../core/messages/transfer/bytes.ts';
import type { Body } from './body.ts';
import type { Download, Opened } from './byte-source.ts';
import { readNetworkError, RetryableError } from './network-error.ts';
import { checkContent, HeaderCheck, requireFile } from './content-check.ts';
import { SegmentWriter, type WriterOptions } from './segment-writer.ts';

interface ConnectionSettings {
  readonly ended: AbortSignal;
  readonly writing: () => WriterOptions;
  /** Called with the number of bytes that have just arrived; the next ones wait for the promise that it returns. */
  readonly onBytes: (bytes: number) => Promise<void> | undefined;
}

// Milliseconds for which a connection may be far slower than the others until it is replaced.
const MAX_SLOW = 10_000;
// Milliseconds after which few bytes are written too, so that a killed process loses little of a slow download.
const WRITE_AFTER = 1000;

export class Connection {
  ended: Promise<void> = Promise.resolve();
  /** Milliseconds between the last request and its answer. */
  latency = Infinity;
  readonly #download: Download;
  readonly #size: number;
  readonly #settings: ConnectionSettings;
  readonly #meter = new Meter();
  #current: { readonly body: Body; readonly writer: SegmentWriter } | undefined;
  #cancelled = new AbortController();
  #writtenAt = performance.now();

  /** `size`: bytes of the whole file. */
  constructor(download: Download, size: number, settings: ConnectionSettings) {
    this.#download = download;
    this.#size = size;
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

  /** Fetches a segment. Returns the unread answer where it is the whole file. Throws a `RetryableError`, or `FileChanged`. */
  async fetch(segment: Segment): Promise<Opened | undefined> {
    this.#cancelled = new AbortController();
    const { entry, partial, source, settings } = this.#download;
    const { signal, server, onAnswer } = settings;
    const until = AbortSignal.any([this.#settings.ended, signal, this.#cancelled.signal]);
    const range = { start: segment.start, end: segment.end };
    const requestedAt = performance.now();
    const opened = await source.open(range, this.#size, until);
    this.latency = performance.now() - requestedAt;
    const { answer, facts } = opened;
    const { origin, pathname } = answer.url;
    onAnswer({ url: origin + pathname, status: answer.status, commit: facts.commit, from: range.start });
    try {
      // A page in place of the file says nothing of it.
      await requireFile(entry, answer, server.givenToken);
      if (await partial.learn(facts)) throw new FileChanged();
      const content = await checkContent(entry, answer, range, this.#size, server.givenToken);
      opened.confirm?.();
      if (content.kind === 'whole') return opened;
      segment.end = Math.min(segment.end, content.end);
    } catch (error) {
      answer.body.discard();
      if (error instanceof RetryableError) opened.reject?.();
      throw error;
    }
    await this.receive(opened, segment);
    return undefined;
  }

  /** Writes the bytes of a segment from an answer that begins with them; also those that arrive before the connection fails. */
  async receive({ answer: { body } }: Opened, segment: Segment): Promise<void> {
    const { entry, partial, settings } = this.#download;
    const size = this.#size;
    const writer = new SegmentWriter(partial, segment.start, this.#settings.writing());
    const header = segment.start === 0 ? new HeaderCheck(entry, settings.server.givenToken) : undefined;
    const take = (chunk: Buffer): Promise<void> | undefined => {
      const wanted = chunk.subarray(0, Math.max(0, segment.end - segment.at));
      const isTooLong = wanted.length < chunk.length && segment.end === size;
      const problem = header?.push(wanted) ?? (isTooLong ? contentMismatch(entry, { size }, {}) : undefined);
      if (problem) return Promise.reject(problem);
      segment.at += wanted.length;
      this.#meter.count(chunk.length);
      const waits = [writer.push(wanted), this.#settings.onBytes(chunk.length)].filter((wait) => wait !== undefined);
      // Another connection has taken over the tail of the segment, so the rest of this body is not needed.
      if (wanted.length < chunk.length) body.abort();
      return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
    };
    this.#current = { body, writer };
    try {
      await body.deliver(take).catch(async (error: unknown) => {
        await writer.flush();
        // A connection may break after the last byte.
        const isBroken = !(error instanceof WhisperError) || error.code === 'hub-unreachable';
        if (segment.at < segment.end || !isBroken) throw error;
      });
      await writer.flush();
    } finally {
      this.#current = undefined;
    }
    const problem = header?.end();
    if (problem) throw problem;
    if (segment.at < segment.end) throw new RetryableError(contentMismatch(entry, { size }, { size: segment.at }));
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
    const { url, server } = this.#download.source;
    this.#cancelled.abort(readNetworkError(new Cancelled(), new URL(url), server));
  }

  /** The connection that has been far slower than the median for too long. */
  static slowest(connections: readonly Connection[], now: number): Connection | undefined {
    const receiving = connections.filter((connection) => connection.#current);
    const rates = receiving.map((connection) => connection.#meter.rate).toSorted((a, b) => a - b);
    const median = rates[Math.floor(rates.length / 2)] ?? 0;
    return receiving.find((connection) => connection.#meter.isBelow(rates.length > 2 ? median / 4 : 0, now));
  }
}

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

  isBelow(rate: number, now: number): boolean {
    this.#slowSince = this.rate < rate ? (this.#slowSince ?? now) : undefined;
    return this.#slowSince !== undefined && now - this.#slowSince > MAX_SLOW;
  }
}

/** The server has other bytes under the name than when the download began. */
export class FileChanged extends Error {}

class Cancelled extends Error {
  readonly code = 'UND_ERR_ABORTED';
}
