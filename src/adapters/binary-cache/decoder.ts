import { PassThrough, type Duplex } from 'node:stream';
import zlib from 'node:zlib';
import type { Compression } from '../../core/binary-cache/narinfo.ts';

// Since Node 22.15; the types are those of the oldest Node that is supported.
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Duplex };

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
      if (createZstdDecompress) return createZstdDecompress();
      throw new Error('zstd was not ruled out');
  }
}
