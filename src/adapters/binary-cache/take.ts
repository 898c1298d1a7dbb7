import { narEnd, narStart } from '../../core/binary-cache/nar.ts';
import { archiveMismatch, type NarInfo, requireHash } from '../../core/binary-cache/narinfo.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { AnyFile } from '../fs/read.ts';
import { transfer, type Transferred } from '../hub/transfer.ts';
import type { TransferSettings } from '../hub/byte-source.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { CacheFiles } from './cache-files.ts';
import { HttpCache } from './http-cache.ts';
import { narAddress, NarSource } from './nar-source.ts';
import { streamNar } from './nar-stream.ts';

/**
 * Brings a model out of a binary cache into its partial file, complete and verified: over several connections where the archive
 * is not packed, else in one stream. Throws a `WhisperError`, with exit code 5 where the cache is wrong.
 */
export async function takeFromCache(
  files: CacheFiles,
  info: NarInfo,
  entry: PinnedEntry,
  partial: PartialFile,
  settings: TransferSettings,
): Promise<Transferred> {
  const hasParts = files instanceof HttpCache && info.compression === 'none';
  try {
    return await (hasParts
      ? takeParts(files, info, entry, partial, settings)
      : takeStream(files, info, entry, partial, settings));
  } catch (error) {
    // Nothing of it is to be used later.
    if (isWrong(error)) await partial.restart();
    throw error;
  }
}

function isWrong(error: unknown): error is WhisperError {
  return error instanceof WhisperError && error.exitCode === EXIT.integrity;
}

async function takeParts(
  cache: HttpCache,
  info: NarInfo,
  entry: PinnedEntry,
  partial: PartialFile,
  settings: TransferSettings,
): Promise<Transferred> {
  const done = await transfer(entry, partial, new NarSource(cache, info, entry), settings).catch((error: unknown) => {
    throw isWrong(error) && !('cache' in error.details) ? archiveMismatch(cache.url, entry, error.message) : error;
  });
  // Nix takes no archive with another hash, so a narinfo that has one is not what Nix wrote.
  const frame = [narStart(entry.size), narEnd(entry.size)] as const;
  const narHash = await AnyFile.use(partial.path, (file) => file.sha256(settings.signal, () => {}, frame));
  requireHash(cache.url, entry, 'NarHash', info.narHash, narHash);
  return done;
}

async function takeStream(
  files: CacheFiles,
  info: NarInfo,
  entry: PinnedEntry,
  partial: PartialFile,
  settings: TransferSettings,
): Promise<Transferred> {
  const { size, sha256: expected, revision } = entry;
  let received = 0;
  for (let isFirst = true; ; isFirst = false) {
    settings.budget.enter();
    received += await streamNar(files, info, entry, partial, settings).finally(() => settings.budget.leave());
    const sha256 = await partial.digest();
    if (sha256 === expected) {
      const connections = files.isRemote ? 1 : 0;
      return {
        size,
        sha256,
        url: narAddress(files.url, info),
        revision,
        received: connections * received,
        connections,
      };
    }
    // What an earlier run left may be what is wrong.
    if (sha256 !== undefined) await partial.restart();
    if (sha256 !== undefined && !isFirst)
      throw archiveMismatch(files.url, entry, `its sha256 is ${sha256}, not ${expected}`);
  }
}
