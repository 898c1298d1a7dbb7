/** What holds a connection back or closes it; undici's `DispatchController` is one. */
interface Controller {
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** Takes bytes as they come; a promise holds the sender back until it settles. */
export type Sink = (chunk: Buffer) => Promise<void> | undefined;

// A short answer is read to its end, so that its connection can be used again.
const DRAIN = 64 * 1024;

interface Delivery {
  /** The whole body must arrive within the stall timeout: a server that sends a byte now and then is not waited for. */
  readonly isShort?: boolean;
}

const SHORT: Delivery = { isShort: true };

/**
 * The body of an answer. Nothing is read from the network until somebody wants it. Chunks are views on the socket's own
 * buffers, which undici never uses again: they may be kept. While it is read, a server that sends nothing for too long ends it
 * with a `Stall`; the time for which the reader holds the server back does not count.
 */
export class Body {
  readonly #controller: Controller;
  readonly #stallTimeout: number;
  /** What arrived although the server was to wait. */
  readonly #early: Buffer[] = [];
  #cut: (sink: Sink) => Sink = (sink) => sink;
  #sink: Sink | undefined;
  #isEnded = false;
  #error: Error | undefined;
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isShort = false;

  /** `stallTimeout`: milliseconds without a byte after which the server counts as stalled. */
  constructor(controller: Controller, stallTimeout: number) {
    this.#controller = controller;
    this.#stallTimeout = stallTimeout;
    controller.pause();
  }

  /** Whether somebody here, not the network, is what it waits for. */
  get isHeld(): boolean {
    return this.#controller.paused;
  }

  /**
   * To be said before any byte is taken: only `length` bytes after the first `skip` are wanted. `check` is shown everything, with
   * its place in the body; the error that it finds ends the connection.
   */
  window(
    skip: number,
    length: number,
    check: (bytes: Buffer, at: number) => Error | undefined = () => undefined,
  ): void {
    this.#cut = (sink) => {
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

  /** Hands every chunk to the sink; resolves at the end of the body, rejects where it breaks off. */
  async deliver(sink: Sink, { isShort = false }: Delivery = {}): Promise<void> {
    const take = this.#cut(sink);
    for (let chunk = this.#early.shift(); chunk; chunk = this.#early.shift()) await take(chunk);
    if (this.#error) throw this.#error;
    if (this.#isEnded) return;
    this.#sink = take;
    const ended = new Promise<void>((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#isShort = isShort;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expire(), this.#stallTimeout);
    this.#controller.resume();
    await ended;
  }

  /** The beginning as text, for messages: up to `limit` bytes. What a broken connection brought is all there is to show. */
  async text(limit = 4096): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    await this.deliver((chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limit) this.abort();
      return undefined;
    }, SHORT).catch(() => undefined);
    return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
  }

  /** Lets the rest go unread. */
  discard(): void {
    let size = 0;
    this.deliver((chunk) => {
      size += chunk.length;
      if (size > DRAIN) this.abort();
      return undefined;
    }, SHORT).catch(() => undefined);
  }

  /** Closes the connection. */
  abort(reason: Error = new Error('the rest is not needed')): void {
    if (!this.#isEnded && !this.#error) this.#controller.abort(reason);
  }

  /** For the one who reads the network. */
  push(chunk: Buffer): void {
    // undici sends an empty chunk where it resumes and nothing has arrived: that is not a sign of life.
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
    this.#settle?.resolve();
  }

  fail(error: Error): void {
    this.#error = error;
    clearTimeout(this.#timer);
    this.#settle?.reject(error);
  }

  #resume(): void {
    this.#touch();
    this.#controller.resume();
  }

  #touch(): void {
    if (!this.#isShort) this.#timer?.refresh();
  }

  #expire(): void {
    if (this.isHeld && !this.#isShort) this.#timer?.refresh();
    else this.abort(new Stall());
  }
}

/** A connection that brings nothing any more; it has the code that undici gives to its own errors of that kind. */
export class Stall extends Error {
  readonly code = 'UND_ERR_BODY_TIMEOUT';
}
