import { asErrorOfItsPath } from '../../adapters/fs/errors.ts';
import { type ErrorCode, WhisperError } from '../../core/errors.ts';
import { asWarning } from '../../core/messages/notices.ts';
import type { PauseReason, WatchEvent } from '../../core/watch/events.ts';

/** What stands in the way of pruning, since when (milliseconds of the session's clock), and what to do. */
export interface WatchPause {
  readonly reason: PauseReason;
  readonly message: string;
  readonly since: number;
}

/** Milliseconds after which a trouble is worth a word: most of them are a save, or git, that is not over yet. */
const PATIENCE: Readonly<Record<PauseReason, number>> = {
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

/** Says what stands in the way, once, and that it is over. */
export class PauseReporter {
  readonly #tell: (event: WatchEvent) => void;
  #shown: string | undefined;

  constructor(tell: (event: WatchEvent) => void) {
    this.#tell = tell;
  }

  /** Returns the milliseconds until it has to be shown; `undefined`: it is. */
  show({ reason, message, since }: WatchPause, now: number): number | undefined {
    const left = since + PATIENCE[reason] - now;
    if (left > 0) return left;
    if (this.#shown !== message) this.#tell({ event: 'hold', reason, message });
    this.#shown = message;
    return undefined;
  }

  /** A change of the list was told, which says as much. */
  forget(): void {
    this.#shown = undefined;
  }

  /** Nothing stands in the way any more. */
  release(active: readonly string[]): void {
    if (this.#shown !== undefined) this.#tell({ event: 'ready', active });
    this.#shown = undefined;
  }
}

/** A trouble as an event. Throws what is no trouble but a bug. */
export function troubleEvent(thrown: unknown): Extract<WatchEvent, { event: 'error' }> & { readonly code: ErrorCode } {
  const error = asErrorOfItsPath(thrown);
  if (!(error instanceof WhisperError)) throw error;
  return { event: 'error', code: error.code, message: asWarning(error) };
}
