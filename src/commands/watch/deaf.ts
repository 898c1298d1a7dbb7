import type { Deaf } from '../../adapters/watcher.ts';
import { silentDisk, watchesUsedUp } from '../../core/messages/notices.ts';

/** Why a session looks at the clock, and what helps. */
export function describeDeaf({ reason, cause }: Deaf): string {
  return reason === 'silent' ? silentDisk(cause) : watchesUsedUp(cause);
}
