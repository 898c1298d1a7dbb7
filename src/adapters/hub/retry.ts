import { WhisperError } from '../../core/errors.ts';
import { backoff, MAX_CONNECT_FAILURES, MAX_FAILURES } from '../../core/hub/retry.ts';
import { retriesExhausted, retrying } from '../../core/messages/network.ts';
import { type Asked, isLastingNetworkError, isNetworkError, noAnswer } from './network-error.ts';
import type { TransferSettings } from './byte-source.ts';

/** A request that failed and may be made again, after `wait` milliseconds if the server named a time. */
export class RetryableError extends Error {
  readonly error: WhisperError;
  readonly wait: number | undefined;

  constructor(error: WhisperError, wait?: number) {
    super(error.message, { cause: error });
    this.error = error;
    this.wait = wait;
  }
}

/** What a failed request means: an `Interruption` where trying again may help. */
export function asRetryable(error: unknown, asked: Asked, signal: AbortSignal): unknown {
  if (error instanceof WhisperError || error instanceof RetryableError || signal.aborted) return error;
  if (!isNetworkError(error)) return error;
  const failure = noAnswer(asked, error);
  return isLastingNetworkError(error) ? failure : new RetryableError(failure);
}

/** The error that several tries in a row ended with. */
export function afterTries({ error }: RetryableError, tries: number): WhisperError {
  return retriesExhausted(error, tries);
}

/** Does a small request again while that may help; then throws the `WhisperError` that it ended with. */
export async function withRetries<T>(
  request: () => Promise<T>,
  { delay, onRetry }: Pick<TransferSettings, 'delay' | 'onRetry'>,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      const most = error.error.code === 'hub-unreachable' ? MAX_CONNECT_FAILURES : MAX_FAILURES;
      if (failures >= most) throw afterTries(error, failures);
      const wait = error.wait ?? backoff(failures, Math.random());
      if (wait === 0) continue;
      onRetry(error.error.message, wait);
      await delay(wait);
    }
  }
}

/** Milliseconds a person may wait without being told why. */
const PATIENCE = 2000;

export interface PauseSettings {
  /** Whether nothing else is going on meanwhile. */
  readonly isAlone: boolean;
  /** Aborted when the wait is not worth it any more. */
  readonly until: AbortSignal;
  readonly settings: Pick<TransferSettings, 'delay' | 'signal' | 'onRetry' | 'onDetail'>;
}

/** Waits before a request is made again, as long as the server said, or longer after each failure. */
export async function pause(
  error: RetryableError,
  failures: number,
  { isAlone, until, settings }: PauseSettings,
): Promise<void> {
  const wait = error.wait ?? backoff(failures, Math.random());
  if (wait === 0) return;
  const { message } = error.error;
  if (isAlone || wait >= PATIENCE) settings.onRetry(message, wait);
  else settings.onDetail(retrying(message, wait));
  try {
    await settings.delay(wait, until);
  } catch {
    // The rest has come meanwhile over another connection, unless the program is being ended.
    settings.signal.throwIfAborted();
  }
}
