import { crc32 } from 'node:zlib';
import type { GrowingPiece } from '../../core/models/pieces.ts';
import type { PartialFile } from '../partial-file.ts';

/** Bytes that go to the disk with one call; single chunks would take twice the time. */
const BLOCK = 1024 * 1024;
/** Bytes that may wait for the disk, until the sender has to wait too. */
const MOST_WAITING = 4 * BLOCK;

/** Writes what comes over one connection, in blocks, while more is coming. */
export class SegmentWriter {
  readonly #partial: PartialFile;
  readonly #piece: GrowingPiece;
  #crc: number | undefined;
  #waiting: Buffer[] = [];
  #size = 0;
  #inWriting = 0;
  #writing: Promise<void> | undefined;
  #error: unknown;

  /** `hasCrc`: whether the CRC-32 of the bytes is taken, which costs a third of a second for each GiB. */
  constructor(partial: PartialFile, start: number, hasCrc: boolean) {
    this.#partial = partial;
    this.#piece = partial.begin(start);
    this.#crc = hasCrc ? 0 : undefined;
  }

  /** Bytes that were taken and are not written yet. */
  get unwritten(): number {
    return this.#size + this.#inWriting;
  }

  /** Takes the next bytes; the promise, where there is one, is of a moment at which more are welcome. */
  push(chunk: Buffer): Promise<void> | undefined {
    this.#waiting.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= BLOCK) this.write();
    if (this.#error !== undefined) return this.flush();
    return this.#size >= MOST_WAITING ? this.#writing : undefined;
  }

  /** Writes what is waiting, unless a write is under way. */
  write(): void {
    if (this.#writing || this.#size === 0 || this.#error !== undefined) return;
    this.#writing = this.#writeBlocks().finally(() => (this.#writing = undefined));
  }

  /** Resolves when everything is written; throws what kept it from that. */
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
    } while (this.#size >= BLOCK && this.#error === undefined);
  }
}
