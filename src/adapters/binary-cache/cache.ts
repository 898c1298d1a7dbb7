import { narInfoMismatch } from '../../core/binary-cache/mismatch.ts';
import { readNarInfo, readStoreDir, type NarInfo } from '../../core/binary-cache/narinfo.ts';
import { archiveAddress, shownAddress } from '../../core/binary-cache/substituters.ts';
import { hashPartOf, STORE_DIR } from '../../core/binary-cache/store-path.ts';
import { notACache, unsupportedArchive } from '../../core/messages/cache.ts';
import type { PinnedEntry } from '../../core/models/entries.ts';
import type { CacheFiles } from './cache-files.ts';
import { canUnpack } from './decoder.ts';
import { modelStorePath } from './store-path.ts';

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
