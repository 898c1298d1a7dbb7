import type { Range } from '../hub/ranges.ts';

/**
 * Nix's archive format, as far as one plain file needs it: words with their length before and zeros after, up to the next
 * multiple of eight (https://nix.dev/manual/nix/latest/protocols/nix-archive).
 */

const WORD = 8;

/** Bytes that packing may add, and one byte in 64 besides. */
const MOST_ADDED = 4096;

/** Bytes before the content of a file. */
export const NAR_START = 96;

/** What stands before the content of a file of `size` bytes; one that may be executed has another start. */
export function narStart(size: number): Uint8Array {
  const words = ['nix-archive-1', '(', 'type', 'regular', 'contents'].map(word);
  return join([...words, lengthOf(size)]);
}

/** What stands after it. */
export function narEnd(size: number): Uint8Array {
  return join([new Uint8Array(padding(size)), word(')')]);
}

/** Bytes of the whole archive. */
export function narSizeOf(size: number): number {
  return NAR_START + size + narEnd(size).length;
}

/** Bytes that the archive of a file of `size` bytes can have when it is packed: nothing that packs makes more of it. */
export function mostPacked(size: number): number {
  return narSizeOf(size) + Math.ceil(size / 64) + MOST_ADDED;
}

/** What is around the content in the archive of a file of `size` bytes. */
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

  /** Whether bytes that begin at `from` in the archive are as they must be, wherever they are not content. */
  fits(bytes: Uint8Array, from: number): boolean {
    if (from + bytes.length > this.narSize) return false;
    const holds = (part: Uint8Array, offset: number): boolean =>
      part.every((byte, index) => (bytes[offset + index - from] ?? byte) === byte);
    const isInside = from >= NAR_START && from + bytes.length <= this.#contentEnd;
    return isInside || (holds(this.#start, 0) && holds(this.#end, this.#contentEnd));
  }

  /** Which of the bytes that begin at `from` in the archive are content. */
  content(bytes: Uint8Array, from: number): Range {
    const within = (position: number): number => Math.min(Math.max(0, position - from), bytes.length);
    return { start: within(NAR_START), end: within(this.#contentEnd) };
  }
}

function word(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return join([lengthOf(bytes.length), bytes, new Uint8Array(padding(bytes.length))]);
}

function lengthOf(length: number): Uint8Array {
  const bytes = new Uint8Array(WORD);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  return bytes;
}

function padding(length: number): number {
  return (WORD - (length % WORD)) % WORD;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
