import type { WhisperError } from '../errors.ts';
import { plain } from '../evaluation/nix-log.ts';
import { pushFailed } from '../messages/cache.ts';
import { shownAddress } from './substituters.ts';

const KINDS = [
  [/No space left on device/i, 'no-space'],
  [/Permission denied|Read-only file system|not permitted/i, 'no-permission'],
] as const;

/** What Nix said when it could not do something with `target`, as an error of the program. */
export function readComplaint(stderr: string, target: string): WhisperError {
  const lines = plain(stderr).split('\n');
  const said = lines.findLast((line) => line.startsWith('error:')) ?? lines.findLast((line) => line.trim() !== '');
  const words = shownAddress((said ?? 'it says nothing').replace(/^error:\s*/, ''));
  const [, code = 'push-failed'] = KINDS.find(([pattern]) => pattern.test(stderr)) ?? [];
  return pushFailed(code, target, words);
}
