import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { ConcurrencyController } from '../../core/hub/concurrency-controller.ts';
import { RetryBudget } from '../../core/hub/retry.ts';
import { LEAST_TO_SPLIT, type Segment, Segments } from '../../core/hub/segments.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { ByteSource, Opened, TransferSettings } from './byte-source.ts';
import { Connection } from './connection.ts';
import { afterTries, RetryableError, pause } from './retry.ts';
import { blockSize } from './segment-writer.ts';

/** Milliseconds between looks at how fast it goes and who has stalled. */
const TICK = 10;
/** What a server says that does not want so many connections. */
const REFUSALS: ReadonlySet<string> = new Set(['hub-rate-limited', 'hub-broken']);
/** Milliseconds between request and answer that are counted with, however slow a server is. */
const MAX_LATENCY = 500;

/** The connections over which one file comes, all at once. */
export class ConnectionPool {
  /** The most connections that there were at a time. */
  most = 0;
  readonly #entry: CatalogueEntry;
  readonly #partial: PartialFile;
  readonly #source: ByteSource;
  readonly #settings: TransferSettings;
  readonly #segments: Segments;
  readonly #pace: ConcurrencyController;
  readonly #patience: RetryBudget;
  readonly #connections = new Set<Connection>();
  readonly #over = new AbortController();
  readonly #size: number;
  #bytes = 0;
  #paused = 0;
  #failure: { readonly error: unknown } | undefined;
  #isSingle: boolean;
  #wake: () => void = () => {};

  constructor(
    entry: CatalogueEntry,
    size: number,
    partial: PartialFile,
    source: ByteSource,
    settings: TransferSettings,
  ) {
    this.#entry = entry;
    this.#size = size;
    this.#partial = partial;
    this.#source = source;
    this.#settings = settings;
    this.#segments = new Segments(size, partial.have);
    this.#isSingle = size < LEAST_TO_SPLIT;
    this.#pace = new ConcurrencyController(() => (this.#isSingle ? 1 : settings.budget.share), settings.limitRate);
    this.#patience = new RetryBudget(partial.received);
  }

  /** Brings all bytes that are missing; what breaks off is tried again. Throws the first error that lasts. */
  async run(): Promise<void> {
    if (this.#partial.received === this.#size) return;
    const timer = setInterval(() => this.#tick(), TICK);
    const { signal } = this.#settings;
    const stop = (): void => this.#end(signal.reason);
    signal.addEventListener('abort', stop);
    try {
      signal.throwIfAborted();
      while (this.#partial.received < this.#size && !this.#failure) {
        this.#fill();
        await new Promise<void>((wake) => (this.#wake = wake));
      }
      // Whoever waits for another try need not any more.
      this.#over.abort();
      await Promise.all([...this.#connections].map((connection) => connection.ended));
    } finally {
      clearInterval(timer);
      this.#report();
      signal.removeEventListener('abort', stop);
    }
    if (this.#failure) throw this.#failure.error;
  }

  #fill(): void {
    while (this.#connections.size < this.#pace.connections && !this.#failure) {
      const segment = this.#take();
      if (!segment) return;
      const connection = new Connection(this.#entry, this.#partial, this.#source, {
        ...this.#settings,
        over: this.#over.signal,
        writing: () => ({ hasCrc: !this.#pace.isFast, blockSize: blockSize(this.#pace.connections) }),
        onBytes: (bytes, until) => {
          this.#bytes += bytes;
          return this.#settings.onBytes(bytes, until);
        },
      });
      this.#connections.add(connection);
      this.most = Math.max(this.most, this.#connections.size);
      connection.ended = this.#work(connection, segment)
        .catch((error: unknown) => {
          if (!this.#over.signal.aborted) this.#end(error);
        })
        .finally(() => {
          this.#connections.delete(connection);
          this.#wake();
        });
    }
  }

  #take(): Segment | undefined {
    const { connections, rate } = this.#pace;
    const seconds = Math.min(...[...this.#connections].map(({ latency }) => latency), MAX_LATENCY) / 1000;
    return this.#segments.take(connections, performance.now(), (seconds * rate) / connections);
  }

  /** One segment after the other, until there are none, or fewer connections are wanted. */
  async #work(connection: Connection, first: Segment): Promise<void> {
    let failures = 0;
    let segment: Segment | undefined = first;
    while (segment && !this.#over.signal.aborted) {
      const error = await this.#attempt(connection, segment);
      if (error) {
        failures = this.#patience.count(failures, this.#partial.received);
        if (this.#patience.isOver(failures, error.error.code)) throw afterTries(error, failures);
        if (this.#connections.size > 1) this.#pace.failed(performance.now(), REFUSALS.has(error.error.code));
        const isAlone = this.#connections.size === 1 && this.#isSingle;
        this.#paused += 1;
        await pause(error, failures, { isAlone, until: this.#over.signal, settings: this.#settings }).finally(
          () => (this.#paused -= 1),
        );
      } else failures = 0;
      if (this.#connections.size > this.#pace.connections) return;
      segment = this.#take();
    }
  }

  /** Fetches a segment; returns what broke it off, where trying again may help. */
  async #attempt(connection: Connection, segment: Segment): Promise<RetryableError | undefined> {
    try {
      const whole = await connection.fetch(segment, this.#size);
      this.#segments.release(segment);
      this.#partial.checkpoint(true);
      if (whole) await this.#takeWhole(connection, whole);
      return undefined;
    } catch (error) {
      if (error instanceof RetryableError && !this.#over.signal.aborted) return error;
      this.#forgetWrong(error, segment);
      throw error;
    } finally {
      this.#segments.release(segment);
    }
  }

  /** The server sends the whole file, whatever is asked for: then one connection has to do, from the first byte on. */
  async #takeWhole(connection: Connection, opened: Opened): Promise<void> {
    if (this.#isSingle && this.#connections.size > 1) {
      // Another connection was told so before, and is at it.
      return opened.answer.body.abort();
    }
    this.#isSingle = true;
    for (const other of this.#connections) if (other !== connection) other.abort();
    await this.#partial.restart();
    const segment = this.#segments.takeWhole(performance.now());
    try {
      await connection.receive(opened, segment, this.#size);
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
    const isHeld =
      this.#settings.limitRate === undefined && [...this.#connections].some((connection) => connection.isHeld);
    this.#pace.observe(now, this.#bytes, isHeld);
    for (const connection of this.#connections) connection.watch(now);
    Connection.farBehind([...this.#connections], now)?.abort();
    this.#partial.checkpoint();
    this.#fill();
    this.#report();
  }

  #report(): void {
    const unwritten = [...this.#connections].reduce((sum, connection) => sum + connection.unwritten, 0);
    const received = Math.min(this.#size, this.#partial.received + unwritten);
    this.#settings.onProgress(received, this.#size, this.#connections.size - this.#paused);
  }

  #end(error: unknown): void {
    this.#failure ??= { error };
    this.#over.abort();
    for (const connection of this.#connections) connection.abort();
  }
}
