import { PassThrough, type Duplex } from 'node:stream';
import zlib from 'node:zlib';
import type { Compression } from '../../core/binary-cache/narinfo.ts';

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
      throw new Error('zstd was not ruled out');
  }
}

/** Whether an archive is well, as far as is known, and would only take too much memory. */
export function isTooWide(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ZSTD_error_frameParameter_windowTooLarge';
}
