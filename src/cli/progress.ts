import type { Output } from '../adapters/host.ts';
import { shortName } from '../core/models/name.ts';
import { formatBytes } from './style.ts';

// Ten pictures a second; more only costs time.
const INTERVAL = 100;
const BAR_WIDTH = 20;

/** One line on a terminal that shows how far a download is. */
export class ProgressLine {
  readonly #output: Output;
  #name = '';
  #startTime = 0;
  #startBytes = 0;
  #lastDrawn = 0;
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  update(name: string, received: number, size: number | undefined, now: number): void {
    if (name !== this.#name) {
      this.#name = name;
      this.#startTime = now;
      this.#startBytes = received;
    } else if (now - this.#lastDrawn < INTERVAL) {
      return;
    }
    this.#lastDrawn = now;
    this.#isShown = true;
    const rate = ((received - this.#startBytes) / Math.max(1, now - this.#startTime)) * 1000;
    const line = progressText(shortName(name), received, size, rate);
    this.#output.write(`\r${line.slice(0, Math.max(0, (this.#output.columns ?? 80) - 1))}\x1b[K`);
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.#isShown) this.#output.write('\r\x1b[K');
    this.#isShown = false;
  }
}

/** `base.en-q5_1  [#####     ]  52 %  31.0 MB of 59.7 MB  12.1 MB/s  2 s left`; `rate` in bytes a second. */
export function progressText(name: string, received: number, size: number | undefined, rate: number): string {
  const speed = `${formatBytes(rate)}/s`;
  if (size === undefined || size === 0) return `${name}  ${formatBytes(received)}  ${speed}`;
  const share = Math.min(1, received / size);
  const bar = '#'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH);
  const left = rate > 0 ? `  ${formatSeconds((size - received) / rate)} left` : '';
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `${name}  [${bar}] ${percent} %  ${formatBytes(received)} of ${formatBytes(size)}  ${speed}${left}`;
}

/** `8 s`, `3 min 5 s`, `1 h 2 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
