import { crc32 } from 'node:zlib';
import type { GrowingPiece } from '../../core/state/chunks.ts';
import type { PartialFile } from '../store/partial-file.ts';

const MEBIBYTE = 1024 * 1024;
/** Bytes of the blocks of all connections together; fewer, larger writes cost less time between threads. */
const BLOCKS = 4 * MEBIBYTE;
/** Blocks that may wait for the disk before the sender is paused. */
const MAX_WAITING = 2;

/** Bytes that each of so many connections should write with one call. */
export function blockSize(connections: number): number {
  return Math.max(MEBIBYTE / 2, Math.min(2 * MEBIBYTE, BLOCKS / connections));
}

export interface WriterOptions {
  /** Bytes to write with one call. */
  readonly blockSize: number;
  /** Whether to compute the CRC-32 of the bytes, which costs a third of a second for each GiB. */
  readonly hasCrc: boolean;
}

export class SegmentWriter {
  readonly #partial: PartialFile;
  readonly #piece: GrowingPiece;
  readonly #block: number;
  #crc: number | undefined;
  #waiting: Buffer[] = [];
  #size = 0;
  #inWriting = 0;
  #writing: Promise<void> | undefined;
  #error: unknown;

  constructor(partial: PartialFile, start: number, options: WriterOptions) {
    this.#partial = partial;
    this.#block = options.blockSize;
    this.#piece = partial.begin(start);
    this.#crc = options.hasCrc ? 0 : undefined;
  }

  /** Bytes that were pushed and are not written yet. */
  get unwritten(): number {
    return this.#size + this.#inWriting;
  }

  /** Takes the next bytes; returns a promise where the sender has to wait for the disk. */
  push(chunk: Buffer): Promise<void> | undefined {
    // zlib's crc32 of an empty buffer may be 0, whatever value it continues from.
    if (chunk.length > 0) this.#waiting.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= this.#block) this.write();
    if (this.#error !== undefined) return this.flush();
    return this.#size >= MAX_WAITING * this.#block ? this.#writing : undefined;
  }

  /** Starts to write what is waiting, unless a write is running. */
  write(): void {
    if (this.#writing || this.#size === 0 || this.#error !== undefined) return;
    this.#writing = this.#writeBlocks().finally(() => (this.#writing = undefined));
  }

  /** Resolves when everything is written; rejects with the error of the disk. */
  async flush(): Promise<void> {
    while (this.#error === undefined && (this.#writing || this.#size > 0)) {
      this.write();
      await this.#writing;
    }
    if (this.#error !== undefined) throw this.#error;
  }

  async #writeBlocks(): Promise<void> {
    do {
      const blocks = this.#waiting;
      this.#inWriting = this.#size;
      this.#waiting = [];
      this.#size = 0;
      if (this.#crc !== undefined) for (const block of blocks) this.#crc = crc32(block, this.#crc);
      try {
        await this.#partial.write(this.#piece, blocks, this.#crc);
      } catch (error) {
        this.#error = error;
      }
      this.#inWriting = 0;
    } while (this.#size >= this.#block && this.#error === undefined);
  }
}
