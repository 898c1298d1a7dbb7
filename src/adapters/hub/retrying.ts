import { backoff, MAX_CONNECT_FAILURES, MAX_FAILURES } from '../../core/hub/retry.ts';
import { afterTries, Interruption } from './interruption.ts';
import type { TransferSettings } from './transfer.ts';

/** Does a small request again while that may help; then throws the `WhisperError` that it ended with. */
export async function retrying<T>(
  request: () => Promise<T>,
  { delay, onRetry }: Pick<TransferSettings, 'delay' | 'onRetry'>,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      const most = error.error.code === 'hub-unreachable' ? MAX_CONNECT_FAILURES : MAX_FAILURES;
      if (failures >= most) throw afterTries(error, failures);
      const wait = error.wait ?? backoff(failures, Math.random());
      if (wait === 0) continue;
      onRetry(error.error.message, wait);
      await delay(wait);
    }
  }
}
