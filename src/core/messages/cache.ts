import { WhisperError } from '../errors.ts';
import { shortName } from '../catalogue/names.ts';

/** Binary caches of Nix. `cache` is an address fit to be shown, `file` a model's file name. */

const NAMED = 'WHISPER_SUBSTITUTERS, or in "substituters" of the lock file';
const TAKE_OUT = `Nothing was published. Tell who runs the cache; to go without it, take it out where it is named: in ${NAMED}.`;
const CHECK = `Check the address of the cache in ${NAMED}.`;

/** What a cache is asked for, and what is pinned of it. */
export interface CacheRequest {
  readonly cache: string;
  readonly file: string;
  /** In hex. */
  readonly sha256: string | undefined;
}

/** What a cache says about a file contradicts what is known of it. */
export function invalidNarInfo(wanted: CacheRequest, problem: string): WhisperError {
  const message = `${wanted.cache} does not tell the truth about ${shortName(wanted.file)}: ${problem}`;
  return new WhisperError('bad-narinfo', message, TAKE_OUT, { details: detailsOf(wanted, problem) });
}

/** What a cache gives for a file has other bytes than it must. */
export function archiveMismatch(wanted: CacheRequest, problem: string): WhisperError {
  const message = `${wanted.cache} has other bytes for ${shortName(wanted.file)} than are pinned: ${problem}`;
  return new WhisperError('wrong-bytes', message, TAKE_OUT, { details: detailsOf(wanted, problem) });
}

function detailsOf({ file, cache, sha256 }: CacheRequest, problem: string): Record<string, unknown> {
  return { file, cache, problem, sha256: sha256 ?? null };
}

/** An archive that cannot be unpacked here. */
export function unsupportedArchive(file: string, obstacle: string): WhisperError {
  const hint = 'whisper push packs with zstd or not at all.';
  return new WhisperError('hub-not-found', `${shortName(file)}: ${obstacle}`, hint);
}

/** An archive that is well, as far as is known, and would take too much memory. */
export function archiveNeedsTooMuchMemory(file: string): WhisperError {
  const message = `${shortName(file)}: its archive is packed so that unpacking it takes too much memory`;
  return new WhisperError('hub-not-found', message, 'whisper push packs it with less.');
}

/** It has neither what was asked for nor the file that every cache has: a mistyped address, or a disk that is away. */
export function notACache(cache: string): WhisperError {
  return new WhisperError('hub-refused', `${cache} has no nix-cache-info, and not what was asked for`, CHECK);
}

export function missingCacheInfo(cache: string): WhisperError {
  return new WhisperError('hub-not-found', `${cache} has no nix-cache-info`, CHECK);
}

/** What a cache does that ends the asking. */
export type CacheFault =
  | { readonly kind: 'page' | 'long' | 'circles' }
  | { readonly kind: 'status'; readonly path: string; readonly status: number }
  | { readonly kind: 'encoded'; readonly path: string; readonly encoding: string };

export function cacheFailed(cache: string, conduct: CacheFault): WhisperError {
  return new WhisperError(codeOf(conduct), `${cache} ${describe(conduct)}`, CHECK, { details: { cache } });
}

function codeOf(conduct: CacheFault): 'hub-refused' | 'hub-broken' | 'hub-not-found' {
  if (conduct.kind === 'circles') return 'hub-broken';
  if (conduct.kind !== 'status') return 'hub-refused';
  if (conduct.status === 404) return 'hub-not-found';
  return conduct.status >= 500 ? 'hub-broken' : 'hub-refused';
}

function describe(conduct: CacheFault): string {
  switch (conduct.kind) {
    case 'page':
      return 'answers with a web page';
    case 'long':
      return 'answers at great length';
    case 'circles':
      return 'redirects in circles';
    case 'status':
      return `answers ${conduct.path} with status ${conduct.status}`;
    case 'encoded':
      return `answers ${conduct.path} encoded (${conduct.encoding})`;
  }
}

/** A file of a cache in a folder. */
export function unreadableCacheFile(path: string, reason: string, cause: unknown): WhisperError {
  const hint = 'Check the folder of the cache.';
  return new WhisperError('file-unreadable', `${path} cannot be read: ${reason}`, hint, {
    cause,
    details: { path, reason },
  });
}

const PUSHING = {
  'no-space': 'Free some space there.',
  'no-permission': 'Check owner and rights of the target.',
  'push-failed': 'Check that Nix works for this user, the address of the cache, and your rights there.',
} as const;

/** `said`: the last that Nix said. */
export function pushFailed(code: keyof typeof PUSHING, target: string, said: string): WhisperError {
  return new WhisperError(code, `Nix cannot write to ${target}: ${said}`, PUSHING[code], { details: { target, said } });
}
