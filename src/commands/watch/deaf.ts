import type { Deaf } from '../../adapters/watcher.ts';

/** Why a session looks at the clock, and what helps. */
export function describeDeaf({ reason, cause }: Deaf): string {
  if (reason === 'silent')
    return `The registry lies on ${cause}, which tells nobody of changes: looking four times a second.`;
  const help =
    cause === 'ENOSPC'
      ? 'Raise fs.inotify.max_user_watches (sysctl) to be told at once.'
      : 'Close programs that watch many files, or raise fs.inotify.max_user_instances (sysctl), to be told at once.';
  return `The kernel watches no more files (${cause}): looking four times a second. ${help}`;
}
