import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import zlib from 'node:zlib';
import { mostPacked, NarFrame } from '../../core/binary-cache/nar.ts';
import { archiveMismatch, type Compression, type NarInfo, requireHash } from '../../core/binary-cache/narinfo.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import type { WhisperError } from '../../core/errors.ts';
import type { Range } from '../../core/hub/ranges.ts';
import { MAX_FAILURES } from '../../core/hub/retry.ts';
import { archiveNeedsTooMuchMemory } from '../../core/messages/cache.ts';
import { afterTries, RetryableError, pause } from '../hub/retry.ts';
import { SegmentWriter } from '../hub/segment-writer.ts';
import type { TransferSettings } from '../hub/byte-source.ts';
import type { PartialFile } from '../store/partial-file.ts';
import { type CacheFiles, OtherSize } from './cache-files.ts';

/**
 * Unpacks a model out of an archive of a cache while the archive comes, and writes what the partial file does not have yet. A
 * connection that breaks off is taken up where it broke, as long as the program runs. Returns how many bytes came. Throws
 * `wrong-bytes` or `bad-narinfo` (exit 5) where the archive is not what it should be, else a `WhisperError`.
 */
export async function streamNar(
  files: CacheFiles,
  info: NarInfo,
  entry: PinnedEntry,
  partial: PartialFile,
  settings: TransferSettings,
): Promise<number> {
  return new NarStream(files, info, entry, partial, settings).run();
}

class NarStream {
  readonly #files: CacheFiles;
  readonly #info: NarInfo;
  readonly #entry: PinnedEntry;
  readonly #settings: TransferSettings;
  readonly #writer: GapWriter;
  readonly #decoder;
  readonly #frame: NarFrame;
  readonly #fileHash = createHash('sha256');
  readonly #narHash = createHash('sha256');
  /** Bytes that have come, and bytes that were unpacked from them. */
  #at = 0;
  #unpacked = 0;

  constructor(files: CacheFiles, info: NarInfo, entry: PinnedEntry, partial: PartialFile, settings: TransferSettings) {
    this.#files = files;
    this.#info = info;
    this.#entry = entry;
    this.#settings = settings;
    this.#writer = new GapWriter(partial, entry.size);
    this.#decoder = createDecoder(info.compression);
    this.#frame = new NarFrame(entry.size);
  }

  async run(): Promise<number> {
    const unpacked = this.#unpack();
    // Whoever feeds it is told; nobody else need be.
    unpacked.catch(() => undefined);
    try {
      await this.#feedAll(unpacked);
      this.#decoder.end();
      await unpacked;
      const { fileHash } = this.#info;
      if (fileHash !== undefined)
        requireHash(this.#files.url, this.#entry, 'FileHash', fileHash, this.#fileHash.digest('hex'));
      return this.#at;
    } catch (error) {
      throw error instanceof OtherSize ? archiveMismatch(this.#files.url, this.#entry, error.message) : error;
    } finally {
      this.#decoder.destroy();
      await unpacked.catch(() => undefined);
    }
  }

  /** Has the decoder take the whole file, however often the connection breaks off. */
  async #feedAll(unpacked: Promise<void>): Promise<void> {
    const { signal } = this.#settings;
    const { url, fileSize: size } = this.#info;
    for (let failures = 0; ;) {
      const from = this.#at;
      try {
        await this.#files.read(url, { from, size }, (chunk) => this.#feed(chunk, unpacked), signal);
        if (this.#at >= (size ?? 0)) return;
        throw new RetryableError(this.#bad('it ends too early'));
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        // All is here; the server only does not end.
        if (size !== undefined && this.#at >= size) return;
        failures = this.#at > from ? 1 : failures + 1;
        if (failures >= MAX_FAILURES) throw afterTries(error, failures);
        await pause(error, failures, { isAlone: true, until: signal, settings: this.#settings });
      }
    }
  }

  #feed(chunk: Buffer, unpacked: Promise<void>): Promise<void> | undefined {
    const { onBytes, signal } = this.#settings;
    // It had ended before, for better or worse.
    if (this.#decoder.destroyed) return unpacked.then(() => this.#refuseMore());
    this.#at += chunk.length;
    if (this.#at > (this.#info.fileSize ?? mostPacked(this.#entry.size))) return this.#refuseMore();
    this.#fileHash.update(chunk);
    const held = onBytes(chunk.length, signal);
    const isWelcome = this.#decoder.write(chunk);
    const drained = isWelcome
      ? undefined
      : Promise.race([once(this.#decoder, 'drain').catch(() => unpacked), unpacked]);
    return held || drained ? Promise.all([held, drained]).then(() => undefined) : undefined;
  }

  async #refuseMore(): Promise<never> {
    throw this.#bad('its archive has data after its end');
  }

  async #unpack(): Promise<void> {
    const { size } = this.#entry;
    try {
      for await (const chunk of this.#decoder as AsyncIterable<Buffer>) {
        this.#narHash.update(chunk);
        if (!this.#frame.fits(chunk, this.#unpacked))
          throw this.#bad(`its archive is not that of one file of ${size} bytes`);
        const content = this.#frame.content(chunk, this.#unpacked);
        this.#unpacked += chunk.length;
        await this.#writer.write(chunk.subarray(content.start, content.end));
        this.#settings.onProgress(this.#writer.position, size, 1);
      }
    } catch (error) {
      if (isTooWide(error)) throw archiveNeedsTooMuchMemory(this.#entry.file);
      throw isDecoderError(error) ? this.#bad(`its archive cannot be unpacked: ${error.message}`) : error;
    } finally {
      await this.#writer.flush();
    }
    if (this.#unpacked < this.#frame.narSize) throw this.#bad('its archive ends too early');
    requireHash(this.#files.url, this.#entry, 'NarHash', this.#info.narHash, this.#narHash.digest('hex'));
  }

  #bad(problem: string): WhisperError {
    return archiveMismatch(this.#files.url, this.#entry, problem);
  }
}

/** Whether what came cannot be unpacked, in the words of zlib. */
function isDecoderError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^(Z_|ZSTD_|BROTLI_|ERR_BROTLI|ERR__)/.test(String(error.code));
}

// Since Node 22.15; the types are those of the oldest Node that is supported.
const { createZstdDecompress, constants } = zlib as unknown as Zstd;

interface Zstd {
  readonly createZstdDecompress?: (options: { readonly params: Readonly<Record<number, number>> }) => Duplex;
  readonly constants: { readonly ZSTD_d_windowLogMax?: number };
}

/** log2 of the bytes that zstd may look back over, and has to keep: more than its level 19 asks for, and no burden. */
const MOST_WINDOW = 25;

/** Why an archive that is packed in this way cannot be unpacked here; `undefined`: it can. */
export function canUnpack(compression: Compression): string | undefined {
  if (compression !== 'zstd' || createZstdDecompress) return undefined;
  return `its archive is packed with zstd, which needs Node 22.15 or newer (this is ${process.version})`;
}

/** Unpacks what is written to it. */
export function createDecoder(compression: Compression): Duplex {
  switch (compression) {
    case 'none':
      return new PassThrough();
    case 'gzip':
      return zlib.createGunzip();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      if (createZstdDecompress && constants.ZSTD_d_windowLogMax !== undefined)
        return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: MOST_WINDOW } });
      throw new Error('zstd was not excluded');
  }
}

/** Whether an archive is well, as far as is known, and would only take too much memory. */
export function isTooWide(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ZSTD_error_frameParameter_windowTooLarge';
}

const WRITING = { blockSize: 2 * 1024 * 1024, hasCrc: true };

/** Takes a file from its first byte on, and writes what is not there yet. */
export class GapWriter {
  readonly #partial: PartialFile;
  readonly #gaps: Range[];
  #writer: SegmentWriter | undefined;
  #at = 0;

  /** `size`: bytes of the whole file. */
  constructor(partial: PartialFile, size: number) {
    this.#partial = partial;
    this.#gaps = [...partial.have.gaps(size)];
  }

  /** How many bytes have come, those included that were there. */
  get position(): number {
    return this.#at;
  }

  /** Takes the next bytes; resolves when more are welcome. */
  async write(bytes: Buffer): Promise<void> {
    const [start, end] = [this.#at, this.#at + bytes.length];
    this.#at = end;
    for (let gap = this.#gaps[0]; gap && gap.start < end; gap = this.#gaps[0]) {
      this.#writer ??= new SegmentWriter(this.#partial, gap.start, WRITING);
      await this.#writer.push(bytes.subarray(Math.max(gap.start, start) - start, gap.end - start));
      if (gap.end > end) return;
      await this.flush();
      this.#gaps.shift();
    }
  }

  /** Resolves when everything that has come is on the disk. */
  async flush(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.flush();
    this.#partial.checkpoint(true);
  }
}
