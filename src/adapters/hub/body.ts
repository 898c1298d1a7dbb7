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

/**
 * The body of an answer. Nothing is read from the network until somebody wants it. Chunks are views on the socket's own
 * buffers, which undici never uses again: they may be kept.
 */
export class Body {
  readonly #controller: Controller;
  #early: Buffer[] = [];
  #cut: (sink: Sink) => Sink = (sink) => sink;
  #sink: Sink | undefined;
  #isEnded = false;
  #error: Error | undefined;
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(controller: Controller) {
    this.#controller = controller;
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
  async deliver(sink: Sink): Promise<void> {
    const take = this.#cut(sink);
    this.#sink = take;
    const ended = new Promise<void>((resolve, reject) => (this.#settle = { resolve, reject }));
    for (const chunk of this.#early) await take(chunk);
    this.#early = [];
    if (this.#error) throw this.#error;
    if (this.#isEnded) return;
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
    }).catch(() => undefined);
    return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
  }

  /** Lets the rest go unread. */
  discard(): void {
    let size = 0;
    this.deliver((chunk) => {
      size += chunk.length;
      if (size > DRAIN) this.abort();
      return undefined;
    }).catch(() => undefined);
  }

  /** Closes the connection. */
  abort(reason: Error = new Error('nobody wants the rest')): void {
    if (!this.#isEnded && !this.#error) this.#controller.abort(reason);
  }

  /** For the one who reads the network. */
  push(chunk: Buffer): void {
    const waiting = this.#sink ? this.#sink(chunk) : void this.#early.push(chunk);
    if (!waiting) return;
    this.#controller.pause();
    waiting.then(
      () => this.#controller.resume(),
      (error: unknown) => this.abort(error instanceof Error ? error : new Error(String(error))),
    );
  }

  end(): void {
    this.#isEnded = true;
    this.#settle?.resolve();
  }

  fail(error: Error): void {
    this.#error = error;
    this.#settle?.reject(error);
  }
}
