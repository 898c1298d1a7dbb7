import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import zlib from 'node:zlib';
import { maxPacked, NarFrame } from '../../core/binary-cache/nar.ts';
import { archiveMismatch, type Compression, type NarInfo, requireHash } from '../../core/binary-cache/narinfo.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import type { WhisperError } from '../../core/errors.ts';
import type { Range } from '../../core/hub/ranges.ts';
import { archiveNeedsTooMuchMemory } from '../../core/messages/transfer/cache.ts';
import type { TransferSettings } from '../hub/byte-source.ts';
import { RetryableError } from '../hub/network-error.ts';
import { withRetries } from '../hub/retry.ts';
import { SegmentWriter } from '../hub/segment-writer.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { CacheFiles } from './cache-files.ts';

export interface Archive {
  readonly files: CacheFiles;
  readonly info: NarInfo;
  readonly entry: PinnedEntry;
}

/**
 * Unpacks a model while its archive arrives, and writes what the partial file does not have yet. A connection that fails is
 * resumed at the same byte, but not by a later run. Returns the bytes that arrived. Throws `wrong-bytes` or `bad-narinfo` (exit
 * 5) where the archive is wrong, else a `WhisperError`.
 */
export async function streamNar(archive: Archive, partial: PartialFile, settings: TransferSettings): Promise<number> {
  const { files, info, entry } = archive;
  const { onBytes, signal } = settings;
  const { fileSize, fileHash } = info;
  const decoder = createDecoder(info.compression);
  const unpacked = unpack(decoder, archive, partial, settings);
  // `feed` passes the error on; before that, it must not count as unhandled.
  unpacked.catch(() => undefined);
  const hash = createHash('sha256');
  let received = 0;

  const requireSize = (size: number): void => {
    if (size !== (fileSize ?? size)) throw mismatch(archive, `its archive has ${size} bytes`);
  };
  const refuseMore = async (): Promise<never> => {
    throw mismatch(archive, 'its archive has data after its end');
  };
  const feed = (chunk: Buffer): Promise<void> | undefined => {
    if (decoder.destroyed) return unpacked.then(refuseMore);
    received += chunk.length;
    if (received > (fileSize ?? maxPacked(entry.size))) return refuseMore();
    hash.update(chunk);
    const limited = onBytes(chunk.length, signal);
    const isFull = !decoder.write(chunk);
    const drained = isFull ? Promise.race([once(decoder, 'drain').catch(() => unpacked), unpacked]) : undefined;
    return limited || drained ? Promise.all([limited, drained]).then(() => undefined) : undefined;
  };
  const read = async (): Promise<void> => {
    try {
      await files.read(info.url, { from: received, requireSize }, feed, signal);
      if (received < (fileSize ?? 0)) throw new RetryableError(mismatch(archive, 'it ends too early'));
    } catch (error) {
      // A server that has sent all bytes may fail to end its answer.
      if (!(error instanceof RetryableError) || received !== fileSize) throw error;
    }
  };

  try {
    await withRetries(read, settings, () => received);
    decoder.end();
    await unpacked;
    if (fileHash !== undefined) requireHash(files.url, entry, 'FileHash', fileHash, hash.digest('hex'));
    return received;
  } finally {
    decoder.destroy();
    await unpacked.catch(() => undefined);
  }
}

async function unpack(
  decoder: Duplex,
  archive: Archive,
  partial: PartialFile,
  { onProgress }: TransferSettings,
): Promise<void> {
  const { files, info, entry } = archive;
  const frame = new NarFrame(entry.size);
  const writer = new GapWriter(partial, entry.size);
  const hash = createHash('sha256');
  let at = 0;
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (!frame.fits(chunk, at)) throw mismatch(archive, `its archive is not that of one file of ${entry.size} bytes`);
      const content = frame.content(chunk, at);
      at += chunk.length;
      await writer.write(chunk.subarray(content.start, content.end));
      onProgress(writer.position, entry.size, 1);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ZSTD_error_frameParameter_windowTooLarge') throw archiveNeedsTooMuchMemory(entry.file);
    const isOfDecoder = /^(Z_|ZSTD_|BROTLI_|ERR_BROTLI|ERR__)/.test(code);
    throw isOfDecoder ? mismatch(archive, `its archive cannot be unpacked: ${(error as Error).message}`) : error;
  } finally {
    await writer.flush();
  }
  if (at < frame.narSize) throw mismatch(archive, 'its archive ends too early');
  requireHash(files.url, entry, 'NarHash', info.narHash, hash.digest('hex'));
}

function mismatch({ files, entry }: Archive, problem: string): WhisperError {
  return archiveMismatch(files.url, entry, problem);
}

// Since Node 22.15; the types are those of the oldest Node that is supported.
const { createZstdDecompress, constants } = zlib as unknown as {
  readonly createZstdDecompress?: (options: { readonly params: Readonly<Record<number, number>> }) => Duplex;
  readonly constants: { readonly ZSTD_d_windowLogMax: number };
};

/** log2 of the bytes that zstd may look back over and has to keep: more than its level 19 needs. */
const MAX_WINDOW = 25;

/** Why an archive with this compression cannot be unpacked; `undefined`: it can. */
export function unpackObstacle(compression: Compression): string | undefined {
  if (compression !== 'zstd' || createZstdDecompress) return undefined;
  return `its archive is packed with zstd, which needs Node 22.15 or newer (this is ${process.version})`;
}

function createDecoder(compression: Compression): Duplex {
  switch (compression) {
    case 'none':
      return new PassThrough();
    case 'gzip':
      return zlib.createGunzip();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      if (createZstdDecompress)
        return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW } });
      throw new Error('unpackObstacle has not been called');
  }
}

const WRITING = { blockSize: 2 * 1024 * 1024, hasCrc: true };

/** Takes all bytes of a file in order, and writes those that the partial file does not have. */
class GapWriter {
  position = 0;
  readonly #partial: PartialFile;
  readonly #gaps: Range[];
  #writer: SegmentWriter | undefined;

  /** `size`: bytes of the whole file. */
  constructor(partial: PartialFile, size: number) {
    this.#partial = partial;
    this.#gaps = [...partial.have.gaps(size)];
  }

  async write(bytes: Buffer): Promise<void> {
    const [start, end] = [this.position, this.position + bytes.length];
    this.position = end;
    for (let gap = this.#gaps[0]; gap && gap.start < end; gap = this.#gaps[0]) {
      this.#writer ??= new SegmentWriter(this.#partial, gap.start, WRITING);
      await this.#writer.push(bytes.subarray(Math.max(gap.start, start) - start, gap.end - start));
      if (gap.end > end) return;
      await this.flush();
      this.#gaps.shift();
    }
  }

  async flush(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.flush();
    this.#partial.checkpoint(true);
  }
}
