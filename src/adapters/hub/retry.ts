import { backoff, RetryBudget } from '../../core/hub/retry.ts';
import { retriesExhausted, retrying } from '../../core/messages/transfer/network.ts';
import { RetryableError } from './network-error.ts';
import type { TransferSettings } from './byte-source.ts';

/** Milliseconds that a wait may take without a notice, while other connections bring bytes. */
const UNNOTICED = 2000;

interface PauseSettings extends Pick<TransferSettings, 'delay' | 'signal' | 'onRetry' | 'onDetail'> {
  /** Whether nothing else is downloading, so that every wait is reported. */
  readonly isAlone: boolean;
  /** Aborted when the request is no longer needed. */
  readonly until: AbortSignal;
}

/** Waits before a request is sent again: as long as the server asks for, or longer after each of `failures`. */
export async function pause(
  { error, wait: requested }: RetryableError,
  failures: number,
  { delay, signal, onRetry, onDetail, isAlone, until }: PauseSettings,
): Promise<void> {
  const wait = requested ?? backoff(failures, Math.random());
  if (wait === 0) return;
  if (isAlone || wait >= UNNOTICED) onRetry(error.message, wait);
  else onDetail(retrying(error.message, wait));
  try {
    await delay(wait, until);
  } catch {
    // Another connection has brought the rest, unless the program is being stopped.
    signal.throwIfAborted();
  }
}

/** Repeats a request while that may help; `received`: its bytes so far. Throws the `WhisperError` of the last try. */
export async function withRetries<T>(
  request: () => Promise<T>,
  settings: Omit<PauseSettings, 'isAlone' | 'until'>,
  received: () => number = () => 0,
): Promise<T> {
  const budget = new RetryBudget(received());
  for (let failures = 0; ;) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      failures = budget.count(failures, received());
      if (budget.isOver(failures, error.error.code)) throw retriesExhausted(error.error, failures);
      await pause(error, failures, { ...settings, isAlone: true, until: settings.signal });
    }
  }
}
