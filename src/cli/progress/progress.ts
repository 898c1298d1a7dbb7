import type { Coming, Step } from '../../commands/session/context.ts';
import { Rows, type View } from './rows.ts';

/** The time, and repeated work; both in milliseconds. */
export interface Clock {
  now(): number;
  /** Returns what ends it. */
  every(milliseconds: number, work: () => void): () => void;
}

export interface Display {
  /** Milliseconds between two pictures. */
  readonly interval: number;
  /** Whether the first picture is shown at once, or only after the interval. */
  readonly isPrompt: boolean;
  show(view: View): void;
  over(): void;
}

/** Shows the progress of models at intervals until all of them have ended. */
export class Progress {
  readonly #display: Display;
  readonly #clock: Clock;
  readonly #rows = new Rows();
  #stop: (() => void) | undefined;
  #shownAt = -Infinity;

  constructor(display: Display, clock: Clock) {
    this.#display = display;
    this.#clock = clock;
  }

  begin(models: readonly Coming[]): void {
    this.#rows.begin(models, this.#clock.now());
    if (!this.#display.isPrompt) this.#start();
  }

  step(step: Step): void {
    this.#rows.step(step, this.#clock.now());
    this.#start();
  }

  waiting(milliseconds: number): void {
    this.#rows.waiting(milliseconds, this.#clock.now());
    this.#start();
  }

  end(names: readonly string[]): void {
    this.#rows.end(names);
    if (!this.#rows.isEmpty) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#display.over();
  }

  /** No timer runs while there is nothing to show. */
  #start(): void {
    if (this.#stop || this.#rows.isEmpty) return;
    const { interval, isPrompt } = this.#display;
    if (isPrompt && this.#clock.now() - this.#shownAt >= interval) this.#show();
    this.#stop = this.#clock.every(interval, () => this.#show());
  }

  #show(): void {
    const now = this.#clock.now();
    this.#shownAt = now;
    this.#display.show(this.#rows.view(now));
  }
}
