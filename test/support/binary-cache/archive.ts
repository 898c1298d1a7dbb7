import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import type { SampleModel } from '../models.ts';

/** How Nix writes a file down for a binary cache, said again without the program's own words. */

export type Packing = 'none' | 'gzip' | 'br' | 'zstd' | 'xz';

// Since Node 22.15.
const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (bytes: Buffer) => Buffer };

/** Whether this Node knows zstd; an archive that is said to be packed with it is not packed where Node does not. */
export const KNOWS_ZSTD = zstdCompressSync !== undefined;

/** How archives can be packed so that the program unpacks them. */
export const PACKINGS: readonly Packing[] = ['none', 'gzip', 'br', ...(KNOWS_ZSTD ? ['zstd' as const] : [])];

export interface Archived {
  /** Path from the cache's address → content. */
  readonly narInfoPath: string;
  readonly narInfo: string;
  readonly narPath: string;
  readonly nar: Buffer;
}

export interface ArchiveOptions {
  readonly packing?: Packing;
  readonly storeDir?: string;
  /** What is in the archive, in place of the model. */
  readonly content?: Buffer;
  /** Makes another narinfo of the right one. */
  readonly change?: (narInfo: string) => string;
}

const DIGITS = '0123456789abcdfghijklmnpqrsvwxyz';

export function archive({ content: own, entry }: SampleModel, options: ArchiveOptions = {}): Archived {
  const { packing = 'none', storeDir = '/nix/store', content = own, change = (text) => text } = options;
  const plain = narOf(content);
  const nar = pack(plain, packing);
  const path = storePath(entry.file, entry.sha256, storeDir);
  const hash = path.slice(storeDir.length + 1, storeDir.length + 33);
  const narPath = `nar/${nix32(sha256(nar))}.nar${packing === 'none' ? '' : `.${packing}`}`;
  const lines = [
    `StorePath: ${path}`,
    `URL: ${narPath}`,
    `Compression: ${packing}`,
    `FileHash: sha256:${nix32(sha256(nar))}`,
    `FileSize: ${nar.length}`,
    `NarHash: sha256:${nix32(sha256(plain))}`,
    `NarSize: ${plain.length}`,
    'References: ',
    `CA: fixed:sha256:${nix32(Buffer.from(entry.sha256, 'hex'))}`,
  ];
  return { narInfoPath: `${hash}.narinfo`, narInfo: change(`${lines.join('\n')}\n`), narPath, nar };
}

export function storePath(name: string, hash: string, storeDir = '/nix/store'): string {
  const inner = sha256(`fixed:out:sha256:${hash}:`).toString('hex');
  const outer = sha256(`output:out:sha256:${inner}:${storeDir}:${name}`);
  const short = Buffer.alloc(20);
  outer.forEach((byte, index) => (short[index % 20] = (short[index % 20] ?? 0) ^ byte));
  return `${storeDir}/${nix32(short)}-${name}`;
}

export function narOf(content: Buffer): Buffer {
  const text = (bytes: Buffer | string): Buffer[] => {
    const word = Buffer.from(bytes);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(word.length));
    return [length, word, Buffer.alloc((8 - (word.length % 8)) % 8)];
  };
  const words = ['nix-archive-1', '(', 'type', 'regular', 'contents', content, ')'];
  return Buffer.concat(words.flatMap(text));
}

function pack(plain: Buffer, packing: Packing): Buffer {
  if (packing === 'gzip') return zlib.gzipSync(plain);
  if (packing === 'zstd' && zstdCompressSync) return zstdCompressSync(plain);
  return packing === 'br' ? zlib.brotliCompressSync(plain) : plain;
}

function sha256(bytes: Buffer | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** A number in base 32, its least byte first. */
function nix32(bytes: Buffer): string {
  let rest = BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
  let text = '';
  for (let digits = Math.ceil((bytes.length * 8) / 5); digits > 0; digits -= 1) {
    text = `${DIGITS[Number(rest & 31n)] ?? ''}${text}`;
    rest >>= 5n;
  }
  return text;
}
