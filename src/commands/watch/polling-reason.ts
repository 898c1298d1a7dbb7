import type { Deaf } from '../../adapters/registry/watcher.ts';
import { pollingFileSystem, watchLimitReached } from '../../core/messages/notices.ts';

/** Why a session looks at the clock, and what helps. */
export function describeDeaf({ reason, cause }: Deaf): string {
  return reason === 'silent' ? pollingFileSystem(cause) : watchLimitReached(cause);
}
