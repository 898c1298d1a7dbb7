import type { Range } from '../hub/ranges.ts';

// Nix's archive of one regular file: words, each with its length in front and padded with zeros to a multiple of
// eight bytes (https://nix.dev/manual/nix/latest/protocols/nix-archive).

const WORD = 8;
/** Bytes that compression may add, besides one in 64. */
const MAX_ADDED = 4096;
/** Bytes before the content of a file. */
export const NAR_START = 96;

/** The bytes before the content of a file of `size` bytes that is not executable. */
export function narStart(size: number): Buffer {
  return Buffer.concat([...['nix-archive-1', '(', 'type', 'regular', 'contents'].map(word), lengthOf(size)]);
}

export function narEnd(size: number): Buffer {
  return Buffer.concat([padding(size), word(')')]);
}

export function narSizeOf(size: number): number {
  return NAR_START + size + narEnd(size).length;
}

/** The most bytes that the archive of a file of `size` bytes can have with any compression. */
export function maxPacked(size: number): number {
  return narSizeOf(size) + Math.ceil(size / 64) + MAX_ADDED;
}

/** The bytes around the content in the archive of a file of `size` bytes. */
export class NarFrame {
  readonly narSize: number;
  readonly #contentEnd: number;
  readonly #start: Uint8Array;
  readonly #end: Uint8Array;

  constructor(size: number) {
    this.narSize = narSizeOf(size);
    this.#contentEnd = NAR_START + size;
    this.#start = narStart(size);
    this.#end = narEnd(size);
  }

  /** Whether bytes at the offset `from` of the archive are correct, apart from those of the content. */
  fits(bytes: Uint8Array, from: number): boolean {
    if (from + bytes.length > this.narSize) return false;
    const matches = (part: Uint8Array, offset: number): boolean =>
      part.every((byte, index) => (bytes[offset + index - from] ?? byte) === byte);
    const isInside = from >= NAR_START && from + bytes.length <= this.#contentEnd;
    return isInside || (matches(this.#start, 0) && matches(this.#end, this.#contentEnd));
  }

  /** The range of the content in bytes at the offset `from` of the archive. */
  content(bytes: Uint8Array, from: number): Range {
    const within = (position: number): number => Math.min(Math.max(0, position - from), bytes.length);
    return { start: within(NAR_START), end: within(this.#contentEnd) };
  }
}

function word(text: string): Buffer {
  return Buffer.concat([lengthOf(text.length), Buffer.from(text), padding(text.length)]);
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(WORD);
  bytes.writeBigUInt64LE(BigInt(length));
  return bytes;
}

function padding(length: number): Buffer {
  return Buffer.alloc((WORD - (length % WORD)) % WORD);
}
