import { backoff } from '../../core/hub/retry.ts';
import { retrying } from '../../core/messages/network.ts';
import type { Interruption } from './interruption.ts';
import type { TransferSettings } from './transfer.ts';

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
  error: Interruption,
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
