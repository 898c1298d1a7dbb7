// Milliseconds over which a rate is smoothed: what came before counts for a third.
const SMOOTHING = 3000;
// Milliseconds that are looked at together: bytes come in lumps.
const LUMP = 250;
// Milliseconds over which the remaining time adapts to the rate.
const GIVING_WAY = 10_000;
/** Seconds, and the share of the remaining time, by which a countdown may be wrong before it restarts. */
const MAY_DIFFER = { seconds: 1.5, share: 0.2 };
// Longer estimates are meaningless.
const LONGEST = 99 * 3600;

/** How many bytes a second came lately; what is longer ago counts less. All times in milliseconds, of any one clock. */
export class Meter {
  #at: number;
  #fresh = 0;
  #sum = 0;
  #weight = 0;

  constructor(now: number) {
    this.#at = now;
  }

  count(bytes: number, now: number): void {
    this.#fresh += bytes;
    this.#settle(now);
  }

  /** Bytes per second; `undefined`: too early to know. */
  rate(now: number): number | undefined {
    this.#settle(now);
    return this.#weight === 0 ? undefined : this.#sum / this.#weight;
  }

  #settle(now: number): void {
    const passed = now - this.#at;
    if (passed < LUMP) return;
    const kept = Math.exp(-passed / SMOOTHING);
    this.#sum = this.#sum * kept + (this.#fresh / passed) * 1000 * (1 - kept);
    // The first seconds have no earlier ones to be smoothed with.
    this.#weight = this.#weight * kept + (1 - kept);
    this.#at = now;
    this.#fresh = 0;
  }
}

/** Seconds that are left: counted down by the clock, as long as that agrees with the rate. */
export class Countdown {
  #left: number | undefined;
  #at = 0;

  /** Seconds until the remaining `bytes` have arrived; `undefined`: unknown, because nothing arrives. */
  next(bytes: number, rate: number | undefined, now: number): number | undefined {
    const expected = rate === undefined || rate < 1 ? undefined : bytes / rate;
    const passed = now - this.#at;
    this.#at = now;
    if (expected === undefined || expected > LONGEST) return (this.#left = undefined);
    const counted = this.#left === undefined ? 0 : this.#left - passed / 1000;
    const difference = expected - counted;
    const mayDiffer = Math.max(MAY_DIFFER.seconds, MAY_DIFFER.share * expected);
    if (counted <= 0 || Math.abs(difference) > mayDiffer) return (this.#left = expected);
    return (this.#left = counted + difference * (1 - Math.exp(-passed / GIVING_WAY)));
  }
}
