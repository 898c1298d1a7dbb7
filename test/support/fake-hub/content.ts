import { createHash, type Hash } from 'node:crypto';

/** Content made from its offset, so that a gigabyte costs neither memory nor disk. */
export interface Generated {
  readonly size: number;
  readonly seed: number;
}

export type Content = Buffer | Generated;

/** Random access to the bytes of a file. */
export interface Source {
  readonly size: number;
  /** The bytes of `start` (included) to `end` (excluded): a view on `scratch`, where one is given and needed. */
  read(start: number, end: number, scratch?: Buffer): Buffer;
}

/** A source with the names that the hub gives its bytes; the costly ones are computed when asked for. */
export interface Blob {
  readonly source: Source;
  readonly sha256: () => string;
  /** What `git hash-object` says. */
  readonly gitSha1: () => string;
  /** 64 hex digits that look like the sha256 and are not. */
  readonly xetHash: () => string;
}

export function blobOf(content: Content): Blob {
  const source = sourceOf(content);
  const key = Buffer.isBuffer(content) ? undefined : `${content.seed}:${content.size}`;
  const sha256 = once(() => remembered(key, () => digest(source, createHash('sha256'))));
  return {
    source,
    sha256,
    gitSha1: once(() => digest(source, createHash('sha1').update(`blob ${source.size}\0`))),
    xetHash: once(() =>
      createHash('sha256')
        .update(`xet ${key ?? sha256()}`)
        .digest('hex'),
    ),
  };
}

export function sourceOf(content: Content): Source {
  return Buffer.isBuffer(content) ? bufferSource(content) : generatedSource(content);
}

export const CHUNK = 256 * 1024;

/** With `reuse` each chunk overwrites the one before: right where a chunk is used up before the next is asked for. */
export function* chunksOf(
  source: Source,
  start: number,
  end: number,
  { length = CHUNK, reuse = true }: { length?: number; reuse?: boolean } = {},
): Generator<Buffer> {
  const scratch = reuse ? Buffer.allocUnsafe(Math.min(length, Math.max(0, end - start))) : undefined;
  for (let at = start; at < end; at += length) {
    yield source.read(at, Math.min(end, at + length), scratch);
  }
}

function bufferSource(bytes: Buffer): Source {
  return { size: bytes.length, read: (start, end) => bytes.subarray(start, end) };
}

// The pattern fits the processor's cache; the stamps make every 4 KiB differ from every other,
// so that bytes written at the wrong offset never hash to the right digest.
const PATTERN = 64 * 1024;
const BLOCK = 4096;
const GGML_MAGIC = 0x67676d6c;

function generatedSource({ size, seed }: Generated): Source {
  const pattern = once(() => randomBytes(seed));
  return {
    size,
    read(start, end, scratch) {
      const length = Math.max(0, Math.min(end, size) - start);
      const target = scratch?.subarray(0, length) ?? Buffer.allocUnsafe(length);
      for (let at = 0; at < length;) at += pattern().copy(target, at, (start + at) % PATTERN);
      for (let block = Math.floor(start / BLOCK); block * BLOCK < start + length; block++) {
        const stamp = block === 0 ? GGML_MAGIC : (block ^ seed) >>> 0;
        const at = block * BLOCK - start;
        if (at >= 0 && at + 4 <= length) target.writeUInt32LE(stamp, at);
        else stampInPart(target, at, stamp);
      }
      return target;
    },
  };
}

function stampInPart(target: Buffer, at: number, stamp: number): void {
  for (let i = 0; i < 4; i++) {
    if (at + i >= 0 && at + i < target.length) target[at + i] = (stamp >>> (8 * i)) & 0xff;
  }
}

/** Mulberry32, which is short and passes for noise. */
function randomBytes(seed: number): Buffer {
  const words = new Uint32Array(PATTERN / 4);
  let state = seed >>> 0;
  for (let i = 0; i < words.length; i++) {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    words[i] = word ^ (word >>> 14);
  }
  return Buffer.from(words.buffer);
}

function digest(source: Source, hash: Hash): string {
  for (const chunk of chunksOf(source, 0, source.size)) hash.update(chunk);
  return hash.digest('hex');
}

// Hashing a large generated file takes a second, and many hubs in one process serve the same one.
const digests = new Map<string, string>();

function remembered(key: string | undefined, make: () => string): string {
  if (key === undefined) return make();
  const known = digests.get(key) ?? make();
  digests.set(key, known);
  return known;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
