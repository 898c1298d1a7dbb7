import type { Output } from '../adapters/host.ts';
import { shortName } from '../core/models/name.ts';
import { formatBytes } from './style.ts';

// Ten pictures a second; more only costs time.
const INTERVAL = 100;
const BAR_WIDTH = 20;

interface Part {
  readonly first: number;
  received: number;
  size: number | undefined;
}

/** One line on a terminal that shows how far downloads are: of one the name, of several how many, and all together. */
export class ProgressLine {
  readonly #output: Output;
  readonly #parts = new Map<string, Part>();
  #startTime = 0;
  #lastDrawn = 0;
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  update(name: string, received: number, size: number | undefined, now: number): void {
    if (this.#parts.size === 0) this.#startTime = now;
    const part = this.#parts.get(name) ?? { first: received, received, size };
    this.#parts.set(name, Object.assign(part, { received, size }));
    if (this.#isShown && now - this.#lastDrawn < INTERVAL && !this.#isComplete) return;
    this.#lastDrawn = now;
    this.#isShown = true;
    const line = this.#text(name, now);
    this.#output.write(`\r${line.slice(0, Math.max(0, (this.#output.columns ?? 80) - 1))}\x1b[K`);
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.#isShown) this.#output.write('\r\x1b[K');
    this.#isShown = false;
  }

  /** Whether all has arrived: there is no later picture to wait for. */
  get #isComplete(): boolean {
    return [...this.#parts.values()].every(({ received, size }) => received === size);
  }

  #text(name: string, now: number): string {
    const parts = [...this.#parts.values()];
    const sum = (pick: (part: Part) => number): number => parts.reduce((total, part) => total + pick(part), 0);
    const received = sum((part) => part.received);
    const size = parts.some((part) => part.size === undefined) ? undefined : sum((part) => part.size ?? 0);
    const rate = ((received - sum((part) => part.first)) / Math.max(1, now - this.#startTime)) * 1000;
    return progressText(parts.length === 1 ? shortName(name) : `${parts.length} models`, received, size, rate);
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
