import { WhisperError, type ErrorCode } from '../errors.ts';
import { plain } from '../evaluation/nix-log.ts';
import { shownAddress } from './substituters.ts';

const KINDS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/No space left on device/i, 'no-space', 'Free some space there.'],
  [/Permission denied|Read-only file system|not permitted/i, 'no-permission', 'Check owner and rights of the target.'],
];

/** What Nix said when it could not do something with `target`, as an error of the program. */
export function readComplaint(stderr: string, target: string): WhisperError {
  const lines = plain(stderr).split('\n');
  const said = lines.findLast((line) => line.startsWith('error:')) ?? lines.findLast((line) => line.trim() !== '');
  const message = shownAddress((said ?? 'it says nothing').replace(/^error:\s*/, ''));
  const [, code = 'push-failed', hint = 'Check the address of the cache, and your rights there.'] =
    KINDS.find(([pattern]) => pattern.test(stderr)) ?? [];
  return new WhisperError(code, `Nix cannot write to ${target}: ${message}`, hint, {
    details: { target, said: message },
  });
}
