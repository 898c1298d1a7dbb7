/** How many connections to one server a program may have at the most, unless a person says otherwise. */
export const DEFAULT_CONNECTIONS = 8;

const MEBIBYTE = 1024 ** 2;
const FEW = 4;
// Where each of several connections is that fast, the processor may be what limits them, and one may do as well.
const FAST = 100 * MEBIBYTE;
// So much of what several brought is enough of one.
const AS_GOOD = 0.8;
// Above it, even taking checksums on the way is felt.
const VERY_FAST = 200 * MEBIBYTE;
// More connections have to bring that much more to be worth it.
const GAIN = 1.1;
/** Milliseconds between a change of the number and a look at what it brought. */
const SETTLE = 120;
const SETTLE_FIRST = 10;
// After a refusal the number stays down for that long.
const CALM = 10_000;
// That many connections that break off within so many milliseconds are no accident.
const BURST = 2000;
const BURST_SIZE = 3;

/** `first`: nothing is known; `trial`: whether one is as good; `single`: it is; `climbing` and `settled`: it is not. */
type Phase = 'first' | 'trial' | 'single' | 'climbing' | 'settled';

/**
 * Decides how many connections a transfer has: a few to begin with; one, where that is tried and found as good; more, while
 * that brings more; half as many when the server refuses.
 */
export class ConcurrencyController {
  readonly #most: () => number;
  readonly #enough: number;
  #wanted = FEW;
  #phase: Phase = 'first';
  /** The rate that the present number has to be compared with. */
  #rate = 0;
  #latest = 0;
  #isFast = false;
  #wasHeld = false;
  #since: number | undefined;
  #bytes = 0;
  #calmUntil = 0;
  #failures: readonly number[] = [];

  /** `most`: connections allowed just now; `limit`: bytes a second that a person allows. */
  constructor(most: () => number, limit = Infinity) {
    this.#most = most;
    this.#enough = limit * AS_GOOD;
  }

  /** The connections that there should be. */
  get connections(): number {
    return Math.max(1, Math.min(this.#wanted, this.#most()));
  }

  /** Bytes a second of all connections, when it was measured last; 0: not yet. */
  get rate(): number {
    return this.#latest;
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
    if (elapsed < (this.#phase === 'first' ? SETTLE_FIRST : SETTLE)) return;
    const rate = ((bytes - this.#bytes) / elapsed) * 1000;
    const wasHeld = this.#wasHeld;
    this.#restart(now, bytes);
    this.#latest = rate;
    this.#isFast = rate >= VERY_FAST || wasHeld;
    if (now >= this.#calmUntil) this.#decide(rate, wasHeld);
  }

  #decide(rate: number, wasHeld: boolean): void {
    if (rate >= this.#enough) this.#become('single', 1, rate);
    else if (this.#phase === 'first' && (wasHeld || rate / this.connections >= FAST)) this.#become('trial', 1, rate);
    else if (this.#phase === 'trial' && (wasHeld || rate >= this.#rate * AS_GOOD)) this.#become('single', 1, rate);
    else if (this.#phase === 'trial') this.#become('climbing', FEW, 0);
    else if (this.#phase === 'single' && !wasHeld && rate < FAST) this.#become('climbing', FEW, 0);
    else if (this.#phase === 'climbing' && rate < this.#rate * GAIN) this.#become('settled', this.#wanted / 2, rate);
    else if (this.#phase === 'first' || this.#phase === 'climbing') this.#climb(rate);
  }

  #climb(rate: number): void {
    if (this.#wanted >= this.#most()) this.#become('settled', this.#wanted, rate);
    else this.#become('climbing', this.#wanted * 2, rate);
  }

  #become(phase: Phase, wanted: number, rate: number): void {
    this.#phase = phase;
    this.#wanted = wanted;
    this.#rate = rate;
  }

  /** A connection failed; `isRefusal`: the server does not want so many, or is out of order. */
  failed(now: number, isRefusal: boolean): void {
    this.#failures = [...this.#failures.filter((time) => now - time < BURST), now];
    if (now < this.#calmUntil || (!isRefusal && this.#failures.length < BURST_SIZE)) return;
    this.#calmUntil = now + CALM;
    this.#become('climbing', Math.max(1, Math.floor(this.connections / 2)), 0);
  }

  #restart(now: number, bytes: number): void {
    this.#since = now;
    this.#bytes = bytes;
    this.#wasHeld = false;
  }
}
