import { BinaryCache } from '../../adapters/binary-cache/cache.ts';
import { openCache } from '../../adapters/binary-cache/cache-files.ts';
import { takeFromCache } from '../../adapters/binary-cache/take.ts';
import { RetryableError } from '../../adapters/hub/network-error.ts';
import type { Transferred } from '../../adapters/hub/transfer.ts';
import type { PartialFile } from '../../adapters/store/partial-file.ts';
import { shownAddress, type Substituters } from '../../core/binary-cache/substituters.ts';
import { asPinned, type PinnedEntry, type CatalogueEntry } from '../../core/catalogue/entries.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { cacheSkipped, continuingWithoutCache } from '../../core/messages/transfer/network.ts';
import type { Context } from '../session/context.ts';
import type { HubLink } from './hub-link.ts';

/** Milliseconds before a cache that did not answer is asked again. */
const SECOND_TRY = 500;

/** The binary caches of one command, which are asked before the hub. */
export class SubstituterLink {
  readonly #context: Context;
  readonly #link: HubLink;
  readonly #caches: Set<BinaryCache>;

  constructor(context: Context, { caches, ignored }: Substituters, link: HubLink) {
    const { reporter } = context;
    this.#context = context;
    this.#link = link;
    const all = caches.map((url) => openCache(url, link.client));
    const allowed = all.filter(({ isRemote }) => !isRemote || !link.isOffline);
    this.#caches = new Set(allowed.map((files) => new BinaryCache(files)));
    for (const { address, reason } of ignored) reporter.notice(cacheSkipped(address, reason));
  }

  /**
   * Brings a model from the first cache that has it; `undefined` where none has, or none can be used. Throws where a cache has
   * something else under its name (exit 5): that is not hidden by asking the hub.
   */
  async bring(
    entry: CatalogueEntry,
    partial: PartialFile,
  ): Promise<(Transferred & { readonly cache: string }) | undefined> {
    const pinned = asPinned(entry);
    if (!pinned || partial.received === pinned.size) return undefined;
    for (const cache of this.#caches) {
      try {
        const done = await this.#bringFrom(cache, pinned, partial);
        if (done) return { ...done, cache: shownAddress(cache.files.url) };
      } catch (thrown) {
        const error = thrown instanceof RetryableError ? thrown.error : thrown;
        if (this.#context.host.signal.aborted || !isTrouble(error)) throw error;
        // A missing model concerns that model only; any other failure is the cache's, and is reported once.
        if (error.code === 'hub-not-found' || this.#caches.delete(cache)) this.#reportSkipped(cache, error);
      }
    }
    return undefined;
  }

  #reportSkipped({ files }: BinaryCache, { message }: WhisperError): void {
    this.#context.reporter.notice(continuingWithoutCache(message, shownAddress(files.url)));
  }

  async #bringFrom(cache: BinaryCache, entry: PinnedEntry, partial: PartialFile): Promise<Transferred | undefined> {
    const { host, reporter } = this.#context;
    const find = async (): ReturnType<BinaryCache['find']> => cache.find(entry, host.signal);
    const archive = await find().catch(async (error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
      await host.delay(error.wait ?? SECOND_TRY);
      return find();
    });
    const address = shownAddress(cache.files.url);
    reporter.log('debug', 'substituter', { name: entry.file, cache: address, has: archive !== undefined });
    return archive && takeFromCache(archive, partial, this.#link.settingsOf(entry));
  }
}

function isTrouble(error: unknown): error is WhisperError {
  return error instanceof WhisperError && (error.exitCode === EXIT.hub || error.code === 'file-unreadable');
}
