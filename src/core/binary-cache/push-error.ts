import type { WhisperError } from '../errors.ts';
import { plain } from '../evaluation/nix-log.ts';
import { pushFailed } from '../messages/transfer/cache.ts';
import { shownAddress } from './substituters.ts';

const KINDS = [
  [/No space left on device/i, 'no-space'],
  [/Permission denied|Read-only file system|not permitted/i, 'no-permission'],
] as const;

/** The error for a Nix command that could not write to `target`. */
export function nixPushFailed(stderr: string, target: string): WhisperError {
  const lines = plain(stderr).split('\n');
  const last = lines.findLast((line) => line.startsWith('error:')) ?? lines.findLast((line) => line.trim() !== '');
  const said = shownAddress((last ?? 'no output').replace(/^error:\s*/, ''));
  const [, code = 'push-failed'] = KINDS.find(([pattern]) => pattern.test(stderr)) ?? [];
  return pushFailed(code, target, said);
}
