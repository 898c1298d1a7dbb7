/** Servers that asked to be left alone for a while: every request to them waits, whoever makes it. */
export class RateLimitGate {
  readonly #delay: (milliseconds: number, until: AbortSignal) => Promise<void>;
  readonly #held = new Map<string, Promise<void>>();
  readonly #over = new AbortController();

  constructor(delay: (milliseconds: number, until: AbortSignal) => Promise<void>) {
    this.#delay = delay;
  }

  /** Holds an origin for some milliseconds; `false` where it is held already. */
  hold(origin: string, milliseconds: number): boolean {
    if (this.#held.has(origin)) return false;
    const over = this.#delay(milliseconds, this.#over.signal).finally(() => this.#held.delete(origin));
    // Whoever waits sees that the program is being ended; where nobody waits, nobody has to.
    over.catch(() => undefined);
    this.#held.set(origin, over);
    return true;
  }

  /** Resolves when the origin may be asked; rejects where nobody wants to any more. */
  async passed(origin: string, signal: AbortSignal): Promise<void> {
    const held = this.#held.get(origin);
    if (!held) return;
    let stop = (): void => {};
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    signal.addEventListener('abort', stop);
    await Promise.race([held, stopped]);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  }

  /** Ends all waits: nothing is asked any more. */
  close(): void {
    this.#over.abort();
  }
}
