import { asErrorOfItsPath } from '../../adapters/fs/errors.ts';
import { type ErrorCode, WhisperError } from '../../core/errors.ts';
import { asWarning } from '../../core/messages/notices.ts';
import type { PauseReason, WatchEvent } from '../../core/watch/events.ts';

/** Why pruning is paused, since when (milliseconds of `performance.now()`), and what to do. */
export interface WatchPause {
  readonly reason: PauseReason;
  readonly message: string;
  readonly since: number;
}

/** Milliseconds after which a pause is reported: most pauses end with the save, or with git's work. */
const REPORT_AFTER: Readonly<Record<PauseReason, number>> = {
  absent: 300,
  empty: 300,
  invalid: 300,
  git: 300,
  busy: 1000,
  open: 1000,
  'empty-list': 0,
  root: 0,
  'models-dir': 0,
};

/** Reports each pause once, and its end. */
export class PauseReporter {
  readonly #emit: (event: WatchEvent) => void;
  #shown: string | undefined;

  constructor(emit: (event: WatchEvent) => void) {
    this.#emit = emit;
  }

  /** Returns the milliseconds until a pause is reported; `undefined`: it has been reported. */
  show({ reason, message, since }: WatchPause, now: number): number | undefined {
    const left = since + REPORT_AFTER[reason] - now;
    if (left > 0) return left;
    if (this.#shown !== message) this.#emit({ event: 'hold', reason, message });
    this.#shown = message;
    return undefined;
  }

  forget(): void {
    this.#shown = undefined;
  }

  release(active: readonly string[]): void {
    if (this.#shown !== undefined) this.#emit({ event: 'ready', active });
    this.#shown = undefined;
  }
}

/** An error as an event. Throws it again where it is a bug. */
export function errorEvent(thrown: unknown): Extract<WatchEvent, { event: 'error' }> & { readonly code: ErrorCode } {
  const error = asErrorOfItsPath(thrown);
  if (!(error instanceof WhisperError)) throw error;
  return { event: 'error', code: error.code, message: asWarning(error) };
}
