import { WhisperError } from '../../core/errors.ts';
import { retriesExhausted } from '../../core/messages/network.ts';
import { isLastingNetworkError, isNetworkError, noAnswer, type Asked } from './network-error.ts';

/** A request that failed and may be made again, after `wait` milliseconds if the server named a time. */
export class Interruption extends Error {
  readonly error: WhisperError;
  readonly wait: number | undefined;

  constructor(error: WhisperError, wait?: number) {
    super(error.message, { cause: error });
    this.error = error;
    this.wait = wait;
  }
}

/** What a failed request means: an `Interruption` where trying again may help. */
export function asInterruption(error: unknown, asked: Asked, signal: AbortSignal): unknown {
  if (error instanceof WhisperError || error instanceof Interruption || signal.aborted) return error;
  if (!isNetworkError(error)) return error;
  const failure = noAnswer(asked, error);
  return isLastingNetworkError(error) ? failure : new Interruption(failure);
}

/** The error that several tries in a row ended with. */
export function afterTries({ error }: Interruption, tries: number): WhisperError {
  return retriesExhausted(error, tries);
}
