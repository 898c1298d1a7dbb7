import { EXIT, WhisperError } from '../../core/errors.ts';
import { ConcurrencyController } from '../../core/hub/concurrency-controller.ts';
import { RetryBudget } from '../../core/hub/retry.ts';
import { MIN_SIZE_TO_SPLIT, type Segment, Segments } from '../../core/hub/segments.ts';
import { retriesExhausted } from '../../core/messages/transfer/network.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { Download, Opened, TransferSettings } from './byte-source.ts';
import { Connection } from './connection.ts';
import { RetryableError } from './network-error.ts';
import { pause } from './retry.ts';
import { blockSize } from './segment-writer.ts';

/** Milliseconds between two measurements of the rate and of connections that have stalled. */
const TICK = 10;
/** Errors of a server that is asked for fewer connections from then on. */
const OVERLOADED: ReadonlySet<string> = new Set(['hub-rate-limited', 'hub-broken']);
/** The longest time between request and answer, in milliseconds, that the length of segments is adapted to. */
const MAX_LATENCY = 500;

export class ConnectionPool {
  peak = 0;
  readonly #download: Download;
  readonly #size: number;
  readonly #partial: PartialFile;
  readonly #settings: TransferSettings;
  readonly #segments: Segments;
  readonly #controller: ConcurrencyController;
  readonly #retries: RetryBudget;
  readonly #connections = new Set<Connection>();
  readonly #ended = new AbortController();
  #bytes = 0;
  #waiting = 0;
  #failure: { readonly error: unknown } | undefined;
  #isSingle: boolean;
  #wake: () => void = () => {};

  /** `size`: bytes of the whole file. */
  constructor(download: Download, size: number) {
    const { partial, settings } = download;
    this.#download = download;
    this.#size = size;
    this.#partial = partial;
    this.#settings = settings;
    this.#segments = new Segments(size, partial.have);
    this.#isSingle = size < MIN_SIZE_TO_SPLIT;
    const allowed = (): number => (this.#isSingle ? 1 : settings.budget.share);
    this.#controller = new ConcurrencyController(allowed, settings.limitRate);
    this.#retries = new RetryBudget(partial.received);
  }

  /** Downloads all missing bytes, and retries what fails. Throws the first error that retries do not solve. */
  async run(): Promise<void> {
    if (this.#partial.received === this.#size) return;
    const timer = setInterval(() => this.#tick(), TICK);
    const { signal } = this.#settings;
    const stop = (): void => this.#fail(signal.reason);
    signal.addEventListener('abort', stop);
    try {
      signal.throwIfAborted();
      while (this.#partial.received < this.#size && !this.#failure) {
        this.#fill();
        await new Promise<void>((wake) => (this.#wake = wake));
      }
      // Connections that wait for another try are no longer needed.
      this.#ended.abort();
      await Promise.all([...this.#connections].map((connection) => connection.ended));
    } finally {
      clearInterval(timer);
      this.#report();
      signal.removeEventListener('abort', stop);
    }
    if (this.#failure) throw this.#failure.error;
  }

  #fill(): void {
    while (this.#connections.size < this.#controller.connections && !this.#failure) {
      const segment = this.#take();
      if (!segment) return;
      const connection = new Connection(this.#download, this.#size, {
        ended: this.#ended.signal,
        writing: () => ({ hasCrc: !this.#controller.isFast, blockSize: blockSize(this.#controller.connections) }),
        onBytes: (bytes) => {
          this.#bytes += bytes;
          return this.#settings.onBytes(bytes, this.#ended.signal);
        },
      });
      this.#connections.add(connection);
      this.peak = Math.max(this.peak, this.#connections.size);
      connection.ended = this.#work(connection, segment)
        .catch((error: unknown) => {
          if (!this.#ended.signal.aborted) this.#fail(error);
        })
        .finally(() => {
          this.#connections.delete(connection);
          this.#wake();
        });
    }
  }

  #take(): Segment | undefined {
    const { connections, rate } = this.#controller;
    const seconds = Math.min(...[...this.#connections].map(({ latency }) => latency), MAX_LATENCY) / 1000;
    return this.#segments.take(connections, performance.now(), (seconds * rate) / connections);
  }

  async #work(connection: Connection, first: Segment): Promise<void> {
    let failures = 0;
    let segment: Segment | undefined = first;
    while (segment && !this.#ended.signal.aborted) {
      const error = await this.#attempt(connection, segment);
      failures = error ? await this.#waitToRetry(error, failures) : 0;
      if (this.#connections.size > this.#controller.connections) return;
      segment = this.#take();
    }
  }

  /** Counts a failure and waits before the next try; returns the failures in a row, of which there were `before`. */
  async #waitToRetry(error: RetryableError, before: number): Promise<number> {
    const failures = this.#retries.count(before, this.#partial.received);
    const { code } = error.error;
    if (this.#retries.isOver(failures, code)) throw retriesExhausted(error.error, failures);
    if (this.#connections.size > 1) this.#controller.failed(performance.now(), OVERLOADED.has(code));
    const isAlone = this.#connections.size === 1 && this.#isSingle;
    this.#waiting += 1;
    try {
      await pause(error, failures, { ...this.#settings, isAlone, until: this.#ended.signal });
    } finally {
      this.#waiting -= 1;
    }
    return failures;
  }

  async #attempt(connection: Connection, segment: Segment): Promise<RetryableError | undefined> {
    try {
      const whole = await connection.fetch(segment);
      this.#segments.release(segment);
      this.#partial.checkpoint(true);
      if (whole) await this.#takeWhole(connection, whole);
      return undefined;
    } catch (error) {
      if (error instanceof RetryableError && !this.#ended.signal.aborted) return error;
      this.#forgetWrong(error, segment);
      throw error;
    } finally {
      this.#segments.release(segment);
    }
  }

  /** Downloads the whole file over one connection, from the first byte on, because the server ignores ranges. */
  async #takeWhole(connection: Connection, opened: Opened): Promise<void> {
    // Another connection has had such an answer, and downloads the file.
    if (this.#isSingle && this.#connections.size > 1) return opened.answer.body.abort();
    this.#isSingle = true;
    for (const other of this.#connections) if (other !== connection) other.abort();
    await this.#partial.restart();
    const segment = this.#segments.takeWhole(performance.now());
    try {
      await connection.receive(opened, segment);
    } catch (error) {
      this.#forgetWrong(error, segment);
      throw error;
    } finally {
      this.#segments.release(segment);
    }
  }

  #forgetWrong(error: unknown, { start, at }: Segment): void {
    if (error instanceof WhisperError && error.exitCode === EXIT.integrity) this.#partial.forget({ start, end: at });
  }

  #tick(): void {
    const now = performance.now();
    const connections = [...this.#connections];
    // With a limit, every connection is paused now and then, which says nothing about this computer.
    const isPaused = this.#settings.limitRate === undefined && connections.some((connection) => connection.isPaused);
    this.#controller.observe(now, this.#bytes, isPaused);
    for (const connection of connections) connection.tick(now);
    Connection.slowest(connections, now)?.abort();
    this.#partial.checkpoint();
    this.#fill();
    this.#report();
  }

  #report(): void {
    const unwritten = [...this.#connections].reduce((sum, connection) => sum + connection.unwritten, 0);
    const received = Math.min(this.#size, this.#partial.received + unwritten);
    this.#settings.onProgress(received, this.#size, this.#connections.size - this.#waiting);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#ended.abort();
    for (const connection of this.#connections) connection.abort();
  }
}
