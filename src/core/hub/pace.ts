/** How many connections to one server a program may have at the most, unless a person says otherwise. */
export const DEFAULT_CONNECTIONS = 8;

const MEBIBYTE = 1024 ** 2;
// A connection that is this fast is bound by the processor, not by the network: a second one would only get in its way.
const FAST_ENOUGH = 100 * MEBIBYTE;
// More connections have to bring that much more to be worth it.
const GAIN = 1.1;
const FEW = 4;
/** Milliseconds between a change of the number and a look at what it brought. */
const SETTLE = 150;
const SETTLE_FIRST = 40;
// After a refusal the number stays down for that long.
const CALM = 10_000;
// That many connections that break off within so many milliseconds are no accident.
const BURST = 2000;
const BURST_SIZE = 3;

/**
 * Decides how many connections a transfer has: one to begin with, several where one is not fast, more while that brings
 * more, half as many when the server refuses.
 */
export class Pace {
  readonly #most: () => number;
  readonly #enough: number;
  #wanted = 1;
  #rate = 0;
  #isFast = false;
  #wasHeld = false;
  #since: number | undefined;
  #bytes = 0;
  #calmUntil = 0;
  #isSettled = false;
  #failures: readonly number[] = [];

  /** `most`: connections allowed just now; `limit`: bytes a second that a person allows. */
  constructor(most: () => number, limit = Infinity) {
    this.#most = most;
    this.#enough = limit * 0.8;
  }

  /** The connections that there should be. */
  get connections(): number {
    return Math.max(1, Math.min(this.#wanted, this.#most()));
  }

  /** Whether bytes come so fast that guarding them takes longer than fetching them again. */
  get isFast(): boolean {
    return this.#isFast;
  }

  /**
   * To be told now and then: the time in milliseconds, the bytes that have come since the transfer began, and whether
   * connections are being held back because this computer is the slow part.
   */
  observe(now: number, bytes: number, isHeld = false): void {
    if (this.#since === undefined || bytes === 0) {
      this.#restart(now, bytes);
      return;
    }
    this.#wasHeld ||= isHeld;
    const elapsed = now - this.#since;
    if (elapsed < (this.#wanted === 1 ? SETTLE_FIRST : SETTLE)) return;
    const rate = ((bytes - this.#bytes) / elapsed) * 1000;
    const wasHeld = this.#wasHeld;
    this.#restart(now, bytes);
    this.#isFast = rate / this.connections >= FAST_ENOUGH || wasHeld;
    if (now < this.#calmUntil || rate >= this.#enough || this.#isFast) return;
    if (this.#wanted > 1 && rate < this.#rate * GAIN) this.#isSettled = true;
    this.#rate = Math.max(this.#rate, rate);
    if (this.#isSettled || this.#wanted >= this.#most()) return;
    this.#wanted = this.#wanted < FEW ? FEW : this.#wanted * 2;
  }

  /** A connection failed; `isRefusal`: the server does not want so many, or is out of order. */
  failed(now: number, isRefusal: boolean): void {
    this.#failures = [...this.#failures.filter((time) => now - time < BURST), now];
    if (now < this.#calmUntil || (!isRefusal && this.#failures.length < BURST_SIZE)) return;
    this.#calmUntil = now + CALM;
    this.#wanted = Math.max(1, Math.floor(this.connections / 2));
    this.#rate = 0;
    this.#isSettled = false;
  }

  #restart(now: number, bytes: number): void {
    this.#since = now;
    this.#bytes = bytes;
    this.#wasHeld = false;
  }
}
