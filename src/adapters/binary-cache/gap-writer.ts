import type { Range } from '../../core/hub/ranges.ts';
import { SegmentWriter } from '../hub/segment-writer.ts';
import type { PartialFile } from '../partial-file.ts';

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
