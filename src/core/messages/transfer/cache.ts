import { WhisperError } from '../../errors.ts';
import { shortName } from '../../catalogue/names.ts';

/** Binary caches of Nix. `cache`: an address without credentials; `file`: a model's file name. */

const NAMED = 'WHISPER_SUBSTITUTERS or "substituters" in the lock file';
const TAKE_OUT = `Report this to the operator of the cache; to stop using it, remove it from ${NAMED}`;
const CHECK = `Check the URL of the cache in ${NAMED}`;

export interface CacheRequest {
  readonly cache: string;
  readonly file: string;
  /** In hex. */
  readonly sha256: string | undefined;
}

export function invalidNarInfo(wanted: CacheRequest, problem: string): WhisperError {
  const message = `${wanted.cache} has an invalid narinfo for ${shortName(wanted.file)}: ${problem}`;
  return new WhisperError('bad-narinfo', message, TAKE_OUT, { details: detailsOf(wanted, problem) });
}

/** What a cache gives for a file has other bytes than it must. */
export function archiveMismatch(wanted: CacheRequest, problem: string): WhisperError {
  const message = `${shortName(wanted.file)} from ${wanted.cache} does not match its pin: ${problem}`;
  return new WhisperError('wrong-bytes', message, TAKE_OUT, { details: detailsOf(wanted, problem) });
}

function detailsOf({ file, cache, sha256 }: CacheRequest, problem: string): Record<string, unknown> {
  return { file, cache, problem, sha256: sha256 ?? null };
}

export function unsupportedArchive(file: string, obstacle: string): WhisperError {
  const hint = 'Push it again with whisper push, which uses zstd or no compression';
  return new WhisperError('hub-not-found', `${shortName(file)}: ${obstacle}`, hint);
}

export function archiveNeedsTooMuchMemory(file: string): WhisperError {
  const message = `${shortName(file)}: unpacking its archive would take too much memory`;
  return new WhisperError('hub-not-found', message, 'Push it again with whisper push, which uses a smaller window');
}

export function notACache(cache: string): WhisperError {
  return new WhisperError(
    'hub-refused',
    `${cache} is not a binary cache: it has neither nix-cache-info nor the requested file`,
    CHECK,
  );
}

export function missingCacheInfo(cache: string): WhisperError {
  return new WhisperError('hub-not-found', `${cache} is not a binary cache: it has no nix-cache-info`, CHECK);
}

export type CacheFault =
  | { readonly kind: 'page' | 'long' | 'circles' }
  | { readonly kind: 'status'; readonly path: string; readonly status: number }
  | { readonly kind: 'encoded'; readonly path: string; readonly encoding: string };

export function cacheFailed(cache: string, fault: CacheFault): WhisperError {
  return new WhisperError(codeOf(fault), `${cache} ${describe(fault)}`, CHECK, { details: { cache } });
}

function codeOf(fault: CacheFault): 'hub-refused' | 'hub-broken' | 'hub-not-found' {
  if (fault.kind === 'circles') return 'hub-broken';
  if (fault.kind !== 'status') return 'hub-refused';
  if (fault.status === 404) return 'hub-not-found';
  return fault.status >= 500 ? 'hub-broken' : 'hub-refused';
}

function describe(fault: CacheFault): string {
  switch (fault.kind) {
    case 'page':
      return 'answered with a web page';
    case 'long':
      return 'sent a response that is too long';
    case 'circles':
      return 'redirects too many times';
    case 'status':
      return `answered ${fault.status} for ${fault.path}`;
    case 'encoded':
      return `sent ${fault.path} with the content encoding ${fault.encoding}`;
  }
}

export function unreadableCacheFile(path: string, reason: string, cause: unknown): WhisperError {
  const hint = 'Check the directory of the cache';
  return new WhisperError('file-unreadable', `${path} cannot be read: ${reason}`, hint, {
    cause,
    details: { path, reason },
  });
}

const PUSHING = {
  'no-space': 'Free some space there, then run the same command again',
  'no-permission': 'Check the owner and permissions of the target',
  'push-failed': 'Check the URL of the cache, your permissions there, and that Nix works for this user',
} as const;

/** `said`: the last line that Nix printed. */
export function pushFailed(code: keyof typeof PUSHING, target: string, said: string): WhisperError {
  return new WhisperError(code, `Nix cannot write to ${target}: ${said}`, PUSHING[code], { details: { target, said } });
}
