import { asErrorOfItsPath } from '../../adapters/disk-error.ts';
import { WhisperError, type ErrorCode } from '../../core/errors.ts';
import { asWarning } from '../../core/messages/notices.ts';
import type { WatchEvent } from '../../core/watch/events.ts';

/** A trouble as an event. Throws what is no trouble but a bug. */
export function troubleEvent(thrown: unknown): Extract<WatchEvent, { event: 'error' }> & { readonly code: ErrorCode } {
  const error = asErrorOfItsPath(thrown);
  if (!(error instanceof WhisperError)) throw error;
  return { event: 'error', code: error.code, message: asWarning(error) };
}
