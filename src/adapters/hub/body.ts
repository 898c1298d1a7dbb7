/** Pauses, resumes or closes a connection, like undici's `DispatchController`. */
interface Controller {
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** Takes bytes as they arrive; the sender is paused until the promise that it returns settles. */
export type Sink = (chunk: Buffer) => Promise<void> | undefined;

/** Bytes of a discarded body that are still read, so that its connection can be used again. */
const MAX_DRAIN = 64 * 1024;

/**
 * The body of an answer. Nothing is read from the network before `deliver`. Chunks are views on the socket's own buffers, which
 * undici never uses again, so they may be kept. While the body is read, it ends with a `Stall` when the server sends nothing for
 * too long; the time for which the reader pauses the server does not count.
 */
export class Body {
  readonly #controller: Controller;
  readonly #stallTimeout: number;
  /** Chunks that arrived before the body was read. */
  readonly #early: Buffer[] = [];
  #window: (sink: Sink) => Sink = (sink) => sink;
  #sink: Sink | undefined;
  #isEnded = false;
  #error: Error | undefined;
  #delivered: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isShort = false;

  /** `stallTimeout`: milliseconds without a byte after which the server counts as stalled. */
  constructor(controller: Controller, stallTimeout: number) {
    this.#controller = controller;
    this.#stallTimeout = stallTimeout;
    controller.pause();
  }

  /** Whether the reader, not the network, is what it waits for. */
  get isPaused(): boolean {
    return this.#controller.paused;
  }

  /** Limits `deliver` to `length` bytes after the first `skip`. `check` gets all bytes; its error ends the connection. */
  window(
    skip: number,
    length: number,
    check: (bytes: Buffer, offset: number) => Error | undefined = () => undefined,
  ): void {
    this.#window = (sink) => {
      let at = 0;
      return (chunk) => {
        const from = at;
        at += chunk.length;
        const error = check(chunk, from);
        if (error) return Promise.reject(error);
        const within = (position: number): number => Math.max(0, position - from);
        const wanted = chunk.subarray(within(skip), within(skip + length));
        return wanted.length > 0 ? sink(wanted) : undefined;
      };
    };
  }

  /** Hands every chunk to the sink; rejects where the connection fails. `isShort`: all must arrive within the stall timeout. */
  async deliver(sink: Sink, isShort = false): Promise<void> {
    const take = this.#window(sink);
    for (let chunk = this.#early.shift(); chunk; chunk = this.#early.shift()) await take(chunk);
    if (this.#error) throw this.#error;
    if (this.#isEnded) return;
    this.#sink = take;
    const ended = new Promise<void>((resolve, reject) => (this.#delivered = { resolve, reject }));
    this.#isShort = isShort;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expire(), this.#stallTimeout);
    this.#controller.resume();
    await ended;
  }

  /** The first bytes as text, up to `limit` of them, or fewer where the connection fails. */
  async text(limit = 4096): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    await this.deliver((chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limit) this.abort();
      return undefined;
    }, true).catch(() => undefined);
    return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
  }

  discard(): void {
    void this.text(MAX_DRAIN);
  }

  abort(reason: Error = new Error('the rest is not needed')): void {
    if (!this.#isEnded && !this.#error) this.#controller.abort(reason);
  }

  /** To be called with each chunk of the network, then `end` or `fail` once. */
  push(chunk: Buffer): void {
    // undici sends an empty chunk where it resumes and nothing has arrived: that must not restart the timer.
    if (chunk.length === 0) return;
    this.#touch();
    const waiting = this.#sink ? this.#sink(chunk) : void this.#early.push(chunk);
    if (!waiting) return;
    this.#controller.pause();
    waiting.then(
      () => this.#resume(),
      (error: unknown) => this.abort(error instanceof Error ? error : new Error(String(error))),
    );
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#delivered?.resolve();
  }

  fail(error: Error): void {
    this.#error = error;
    clearTimeout(this.#timer);
    this.#delivered?.reject(error);
  }

  #resume(): void {
    this.#touch();
    this.#controller.resume();
  }

  #touch(): void {
    if (!this.#isShort) this.#timer?.refresh();
  }

  #expire(): void {
    if (this.isPaused && !this.#isShort) this.#timer?.refresh();
    else this.abort(new Stall());
  }
}

/** The server has stopped sending; the code is that of undici's own error of this kind. */
class Stall extends Error {
  readonly code = 'UND_ERR_BODY_TIMEOUT';
}
