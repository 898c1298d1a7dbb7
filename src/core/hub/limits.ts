/** Divides the connections of a command among the files that are downloaded at the same time. */
export class ConnectionBudget {
  readonly #limit: number;
  #files = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get share(): number {
    return Math.max(1, Math.floor(this.#limit / Math.max(1, this.#files)));
  }

  enter(): void {
    this.#files += 1;
  }

  leave(): void {
    this.#files -= 1;
  }
}

/** Limits a rate by a token bucket, which holds the bytes of one second at most. */
export class Throttle {
  readonly #rate: number | undefined;
  #tokens: number;
  #last = 0;

  /** `rate`: bytes a second; `undefined`: no limit. */
  constructor(rate?: number) {
    this.#rate = rate;
    this.#tokens = rate ?? 0;
  }

  /** Takes `bytes` at the time `now` (milliseconds); returns the milliseconds to wait before the next ones. */
  take(bytes: number, now: number): number {
    if (this.#rate === undefined) return 0;
    const earned = this.#last === 0 ? 0 : ((now - this.#last) / 1000) * this.#rate;
    this.#tokens = Math.min(this.#rate, this.#tokens + earned) - bytes;
    this.#last = now;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate) * 1000;
  }
}
