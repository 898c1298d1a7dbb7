import { type NarInfo, narInfoMismatch, readNarInfo, readStoreDir } from '../../core/binary-cache/narinfo.ts';
import { hashPartOf, STORE_DIR, storePathOf } from '../../core/binary-cache/store-path.ts';
import { archiveAddress, shownAddress } from '../../core/binary-cache/substituters.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import { notACache, unsupportedArchive } from '../../core/messages/cache.ts';
import type { HttpClient } from '../hub/client.ts';
import type { CacheFiles } from './cache-files.ts';
import { FolderCache } from './folder-cache.ts';
import { HttpCache } from './http-cache.ts';
import { canUnpack } from './nar-stream.ts';

/** A Nix binary cache: which models it has, and where their archives are. */
export class BinaryCache {
  readonly files: CacheFiles;
  #storeDir: Promise<string | undefined> | undefined;

  constructor(files: CacheFiles) {
    this.files = files;
  }

  /**
   * What the cache has of a model; `undefined`: it does not have it. Throws `bad-narinfo` (exit 5) where what it says
   * contradicts what is known, any other `WhisperError` where the cache is of no use.
   */
  async find(entry: PinnedEntry, signal: AbortSignal): Promise<NarInfo | undefined> {
    this.#storeDir ??= this.#askStoreDir(signal).catch((error: unknown) => {
      this.#storeDir = undefined;
      throw error;
    });
    const storeDir = await this.#storeDir;
    const storePath = modelStorePath(entry, storeDir ?? STORE_DIR);
    const text = await this.files.text(`${hashPartOf(storePath)}.narinfo`, signal);
    // A mistyped address, or a disk that is away: bytes would come from afar, and nobody would know why.
    if (text === undefined && storeDir === undefined) throw notACache(shownAddress(this.files.url));
    if (text === undefined) return undefined;
    const info = readNarInfo(text, { storePath, ...entry });
    if ('problem' in info) throw narInfoMismatch(this.files.url, entry, info.problem);
    if ('url' in info && !archiveAddress(this.files.url, info.url))
      throw narInfoMismatch(this.files.url, entry, `it has its archive at ${info.url}`);
    const obstacle = 'unsupported' in info ? info.unsupported : canUnpack(info.compression);
    if (obstacle === undefined) return info as NarInfo;
    throw unsupportedArchive(entry.file, obstacle);
  }

  /** Caches of another store than the usual one have other paths for the same bytes. `undefined`: it says nothing of itself. */
  async #askStoreDir(signal: AbortSignal): Promise<string | undefined> {
    const text = await this.files.text('nix-cache-info', signal);
    return text === undefined ? undefined : (readStoreDir(text) ?? STORE_DIR);
  }
}

/** The files of the cache at an address. */
export function openCache(url: URL, client: HttpClient): CacheFiles {
  return url.protocol === 'file:' ? new FolderCache(url) : new HttpCache(url, client);
}

/** The path that a model has in the store of a Nix, `/nix/store` unless another one is named. */
export function modelStorePath({ file, sha256 }: Pick<PinnedEntry, 'file' | 'sha256'>, storeDir?: string): string {
  // Loading it takes a good part of the time of a command that only looks, and most of them need no store path.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return storePathOf(file, sha256, (text) => createHash('sha256').update(text).digest(), storeDir);
}
