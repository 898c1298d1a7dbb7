import type { EXIT } from '../core/errors.ts';

/** What each exit code says, for help and the manual page. */
export const EXIT_MEANINGS = {
  done: 'done',
  unexpected: 'a bug: the stack is shown',
  usage: 'usage: an unknown command, option or model',
  registry: 'the list: not found, does not parse, ambiguous, cannot be evaluated or edited; nothing was touched',
  hub: 'the hub, or a cache to push to: not reachable, refused, not found, rate-limited',
  integrity: 'the bytes are not what was pinned, or no complete model',
  disk: 'the disk: no space, no permission, read-only, a file that cannot be read, a model that path or env names and is not downloaded',
  busy: 'another process is at work in the folder',
  drift: 'check found a difference or a warning, or --dry-run with --exit-code something to do',
  interrupted: 'interrupted',
  terminated: 'terminated',
} as const satisfies Record<keyof typeof EXIT, string>;
