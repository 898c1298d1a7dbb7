/** The most connections over all files, unless `--connections` says otherwise. */
export const DEFAULT_CONNECTIONS = 8;
const MEBIBYTE = 1024 ** 2;
const INITIAL = 4;
// Bytes a second of each connection from which the processor may be the limit, so that one connection may be as good.
const FAST = 100 * MEBIBYTE;
// One connection is as good as several where it has this share of their rate.
const AS_GOOD = 0.8;
// Bytes a second from which computing checksums slows the transfer down.
const VERY_FAST = 200 * MEBIBYTE;
// More connections are kept where the rate has grown by this factor.
const GAIN = 1.1;
/** Milliseconds between a change of the number of connections and the measurement of its effect. */
const MEASURE_AFTER = 120;
const MEASURE_FIRST_AFTER = 10;
// Milliseconds for which the number of connections does not grow after a refusal.
const BACK_OFF = 10_000;
// So many failed connections within so many milliseconds count as a refusal.
const BURST = 2000;
const BURST_SIZE = 3;

// `first`: nothing is measured yet; `trial`: measures one connection; `single`: one is as good as several;
// `climbing`: measures twice as many; `steady`: more are not better.
type Phase = 'first' | 'trial' | 'single' | 'climbing' | 'steady';

/** Decides the number of connections: 4, then 1 if as fast, else doubled while that is faster; halved on a refusal. */
export class ConcurrencyController {
  /** The latest measured rate of all connections, in bytes a second; 0: none yet. */
  rate = 0;
  /** Whether bytes arrive so fast that computing checksums would take longer than fetching lost ones again. */
  isFast = false;
  readonly #allowed: () => number;
  readonly #sufficientRate: number;
  #wanted = INITIAL;
  #phase: Phase = 'first';
  #comparedRate = 0;
  #wasPaused = false;
  #since: number | undefined;
  #bytes = 0;
  #backOffUntil = 0;
  #failures: readonly number[] = [];

  /** `allowed`: returns the connections that the file may have now; `limit`: bytes a second that the user allows. */
  constructor(allowed: () => number, limit = Infinity) {
    this.#allowed = allowed;
    this.#sufficientRate = limit * AS_GOOD;
  }

  get connections(): number {
    return Math.max(1, Math.min(this.#wanted, this.#allowed()));
  }

  /** Call regularly: time in milliseconds, bytes received so far, whether this computer is slower than the network. */
  observe(now: number, bytes: number, isPaused = false): void {
    if (this.#since === undefined || bytes === 0) {
      this.#restart(now, bytes);
      return;
    }
    this.#wasPaused ||= isPaused;
    const elapsed = now - this.#since;
    if (elapsed < (this.#phase === 'first' ? MEASURE_FIRST_AFTER : MEASURE_AFTER)) return;
    const rate = ((bytes - this.#bytes) / elapsed) * 1000;
    const wasPaused = this.#wasPaused;
    this.#restart(now, bytes);
    this.rate = rate;
    this.isFast = rate >= VERY_FAST || wasPaused;
    if (now >= this.#backOffUntil) this.#decide(rate, wasPaused);
  }

  #decide(rate: number, wasPaused: boolean): void {
    if (rate >= this.#sufficientRate) this.#enter('single', 1, rate);
    else if (this.#phase === 'first' && (wasPaused || rate / this.connections >= FAST)) this.#enter('trial', 1, rate);
    else if (this.#phase === 'trial' && (wasPaused || rate >= this.#comparedRate * AS_GOOD))
      this.#enter('single', 1, rate);
    else if (this.#phase === 'trial') this.#enter('climbing', INITIAL, 0);
    else if (this.#phase === 'single' && !wasPaused && rate < FAST) this.#enter('climbing', INITIAL, 0);
    else if (this.#phase === 'climbing' && rate < this.#comparedRate * GAIN)
      this.#enter('steady', this.#wanted / 2, rate);
    else if (this.#phase === 'first' || this.#phase === 'climbing') this.#climb(rate);
  }

  #climb(rate: number): void {
    if (this.#wanted >= this.#allowed()) this.#enter('steady', this.#wanted, rate);
    else this.#enter('climbing', this.#wanted * 2, rate);
  }

  #enter(phase: Phase, wanted: number, comparedRate: number): void {
    this.#phase = phase;
    this.#wanted = wanted;
    this.#comparedRate = comparedRate;
  }

  /** To be called when a connection fails; `isRefusal`: the server is overloaded, or limits the requests. */
  failed(now: number, isRefusal: boolean): void {
    this.#failures = [...this.#failures.filter((time) => now - time < BURST), now];
    if (now < this.#backOffUntil || (!isRefusal && this.#failures.length < BURST_SIZE)) return;
    this.#backOffUntil = now + BACK_OFF;
    this.#enter('climbing', Math.max(1, Math.floor(this.connections / 2)), 0);
  }

  #restart(now: number, bytes: number): void {
    this.#since = now;
    this.#bytes = bytes;
    this.#wasPaused = false;
  }
}
