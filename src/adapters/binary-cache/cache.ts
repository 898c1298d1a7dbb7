import { narInfoMismatch, readNarInfo, readStoreDir } from '../../core/binary-cache/narinfo.ts';
import { hashPartOf, STORE_DIR } from '../../core/binary-cache/store-path.ts';
import { archiveAddress, shownAddress } from '../../core/binary-cache/substituters.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import { notACache, unsupportedArchive } from '../../core/messages/transfer/cache.ts';
import type { CacheFiles } from './cache-files.ts';
import { type Archive, unpackObstacle } from './nar-stream.ts';
import { modelStorePath } from './store-path.ts';

/** A Nix binary cache: which models it has, and where their archives are. */
export class BinaryCache {
  readonly files: CacheFiles;
  #storeDir: Promise<string | undefined> | undefined;

  constructor(files: CacheFiles) {
    this.files = files;
  }

  /** The archive of a model; `undefined`: there is none. Throws `bad-narinfo` (exit 5), `WhisperError` or `RetryableError`. */
  async find(entry: PinnedEntry, signal: AbortSignal): Promise<Archive | undefined> {
    this.#storeDir ??= this.#readStoreDir(signal).catch((error: unknown) => {
      this.#storeDir = undefined;
      throw error;
    });
    const storeDir = await this.#storeDir;
    const storePath = modelStorePath(entry, storeDir ?? STORE_DIR);
    const text = await this.files.text(`${hashPartOf(storePath)}.narinfo`, signal);
    if (text === undefined && storeDir !== undefined) return undefined;
    // A mistyped URL, or a disk that is not mounted, must not lead to the hub without a notice.
    if (text === undefined) throw notACache(shownAddress(this.files.url));
    const info = readNarInfo(text, { storePath, ...entry });
    if ('problem' in info) throw narInfoMismatch(this.files.url, entry, info.problem);
    if ('unsupported' in info) throw unsupportedArchive(entry.file, info.unsupported);
    if (!archiveAddress(this.files.url, info.url))
      throw narInfoMismatch(this.files.url, entry, `it has its archive at ${info.url}`);
    const obstacle = unpackObstacle(info.compression);
    if (obstacle !== undefined) throw unsupportedArchive(entry.file, obstacle);
    return { files: this.files, info, entry };
  }

  /** The store directory of the cache, on which all store paths depend; `undefined`: it has no `nix-cache-info`. */
  async #readStoreDir(signal: AbortSignal): Promise<string | undefined> {
    const text = await this.files.text('nix-cache-info', signal);
    return text === undefined ? undefined : (readStoreDir(text) ?? STORE_DIR);
  }
}
