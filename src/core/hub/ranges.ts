/** The bytes of a file from `start` up to, but without, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A set of bytes as sorted ranges that do not touch each other. */
export class Ranges {
  #ranges: readonly Range[] = [];
  #total = 0;

  constructor(ranges: Iterable<Range> = []) {
    for (const range of ranges) this.add(range);
  }

  get total(): number {
    return this.#total;
  }

  /** The number of bytes from byte 0 to the first gap. */
  get prefix(): number {
    const [first] = this.#ranges;
    return first?.start === 0 ? first.end : 0;
  }

  get end(): number {
    return this.#ranges.at(-1)?.end ?? 0;
  }

  [Symbol.iterator](): Iterator<Range> {
    return this.#ranges[Symbol.iterator]();
  }

  add({ start, end }: Range): void {
    if (start >= end) return;
    const before = this.#ranges.filter((range) => range.end < start);
    const after = this.#ranges.filter((range) => range.start > end);
    const touched = this.#ranges.slice(before.length, this.#ranges.length - after.length);
    const merged = {
      start: Math.min(start, touched[0]?.start ?? start),
      end: Math.max(end, touched.at(-1)?.end ?? end),
    };
    this.#set([...before, merged, ...after]);
  }

  remove({ start, end }: Range): void {
    this.#set(
      this.#ranges.flatMap((range) =>
        [
          { start: range.start, end: Math.min(range.end, start) },
          { start: Math.max(range.start, end), end: range.end },
        ].filter((left) => left.start < left.end),
      ),
    );
  }

  /** The ranges before `size` that are not in the set. */
  gaps(size: number): readonly Range[] {
    const edges = [0, ...this.#ranges.flatMap(({ start, end }) => [start, end]), size];
    const gaps: Range[] = [];
    for (let index = 0; index < edges.length; index += 2) {
      const start = edges[index] ?? size;
      const end = Math.min(edges[index + 1] ?? size, size);
      if (start < end) gaps.push({ start, end });
    }
    return gaps;
  }

  #set(ranges: readonly Range[]): void {
    this.#ranges = ranges;
    this.#total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  }
}

/** Ranges in words, for messages: `bytes 0 to 4194303 and 8388608 to 9000000`. */
export function describeRanges(ranges: readonly Range[]): string {
  const [first, second, ...more] = ranges.map(({ start, end }) => `${start} to ${end - 1}`);
  if (second === undefined) return `bytes ${first}`;
  return more.length === 0
    ? `bytes ${first} and ${second}`
    : `${ranges.length} parts, the first of them bytes ${first}`;
}
