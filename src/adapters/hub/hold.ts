/** Servers that asked to be left alone for a while: every request to them waits, whoever makes it. */
export class Holds {
  readonly #delay: (milliseconds: number) => Promise<void>;
  readonly #held = new Map<string, Promise<void>>();

  constructor(delay: (milliseconds: number) => Promise<void>) {
    this.#delay = delay;
  }

  /** Holds an origin for some milliseconds; `false` where it is held already. */
  hold(origin: string, milliseconds: number): boolean {
    if (this.#held.has(origin)) return false;
    const over = this.#delay(milliseconds).finally(() => this.#held.delete(origin));
    // Whoever waits sees that the program is being ended; where nobody waits, nobody has to.
    over.catch(() => undefined);
    this.#held.set(origin, over);
    return true;
  }

  /** Resolves when the origin may be asked. */
  async passed(origin: string): Promise<void> {
    await this.#held.get(origin);
  }
}
