import { Ranges, type Range } from './ranges.ts';

/** A range that one connection is fetching. `end` becomes smaller when another connection takes over the tail. */
export interface Segment {
  readonly start: number;
  end: number;
  /** The end of the bytes that have arrived. */
  at: number;
  /** When it was taken, in milliseconds. */
  readonly since: number;
}

const MEBIBYTE = 1024 ** 2;
/** Bytes from which a file is split: for a smaller one, opening connections takes longer than they save. */
export const MIN_SIZE_TO_SPLIT = 32 * MEBIBYTE;
const MIN_LENGTH = 4 * MEBIBYTE;
const MAX_LENGTH = 64 * MEBIBYTE;
/** The number of segments that each connection should get, so that the last one of a slow connection is short. */
const SHARE = 8;
/** Towards the end segments become shorter, so that all connections finish at about the same time. */
const SHARE_AT_END = 2;
const MIN_LENGTH_AT_END = MEBIBYTE;
/** A segment is at least so many times as long as the bytes that its request costs. */
const COST_FACTOR = 10;
const COST_FACTOR_AT_END = 3;
/** A smaller tail gets no request of its own. */
const MIN_TAIL = MEBIBYTE / 2;
/** Neither does one that will have arrived in so many milliseconds, because most of it would arrive twice. */
const SOON = 1000;

/** Hands out the missing bytes of a file in order, one segment to each connection. */
export class Segments {
  readonly #size: number;
  readonly #have: Ranges;
  readonly #taken = new Set<Segment>();
  #hasBegun = false;

  /** `size`: bytes of the file; `have`: those on the disk, to which the caller adds. */
  constructor(size: number, have: Ranges) {
    this.#size = size;
    this.#have = have;
  }

  /**
   * The next segment for one of `connections` at the time `now` (milliseconds); `undefined`: everything that is missing is
   * being fetched and will arrive soon. `cost`: the bytes that a connection could bring while it waits for the answer to a
   * request.
   */
  take(connections: number, now: number, cost = 0): Segment | undefined {
    const gaps = this.#free();
    const [gap] = gaps;
    if (!gap) return this.#takeTail(now);
    const isWhole = this.#size < MIN_SIZE_TO_SPLIT;
    const free = gaps.reduce((sum, { start, end }) => sum + end - start, 0);
    const length = isWhole ? Infinity : this.#length(connections, free, cost);
    // A rest that is too small for its own request is part of this one.
    const end = gap.end - gap.start < length + MIN_TAIL ? gap.end : gap.start + length;
    return this.#begin({ start: gap.start, end }, now);
  }

  /** Ends a segment; those of its bytes that have not arrived can be taken again. */
  release(segment: Segment): void {
    this.#taken.delete(segment);
  }

  /** Takes the whole file as one segment, for a server that ignores ranges. */
  takeWhole(now: number): Segment {
    return this.#begin({ start: 0, end: this.#size }, now);
  }

  #begin({ start, end }: Range, since: number): Segment {
    this.#hasBegun = true;
    const segment = { start, end, at: start, since };
    this.#taken.add(segment);
    return segment;
  }

  #free(): readonly Range[] {
    return new Ranges([...this.#have, ...this.#taken]).gaps(this.#size);
  }

  #length(connections: number, free: number, cost: number): number {
    // The rate is unknown until the first segment has arrived, so that one is short.
    if (!this.#hasBegun) return MIN_LENGTH;
    if (connections === 1) return MAX_LENGTH;
    const left = this.#size - this.#have.total;
    const wanted = Math.min(MAX_LENGTH, Math.max(MIN_LENGTH, COST_FACTOR * cost, left / (SHARE * connections)));
    const length = Math.max(
      MIN_LENGTH_AT_END,
      COST_FACTOR_AT_END * cost,
      Math.min(wanted, free / (SHARE_AT_END * connections)),
    );
    return Math.ceil(length / MEBIBYTE) * MEBIBYTE;
  }

  /** The second half of the segment that will take longest. */
  #takeTail(now: number): Segment | undefined {
    if (this.#size < MIN_SIZE_TO_SPLIT) return undefined;
    const [slowest] = [...this.#taken].toSorted((a, b) => timeLeft(b, now) - timeLeft(a, now));
    if (!slowest || slowest.end - slowest.at < 2 * MIN_TAIL || timeLeft(slowest, now) < SOON) return undefined;
    const middle = slowest.at + Math.ceil((slowest.end - slowest.at) / 2);
    const tail = { start: middle, end: slowest.end };
    slowest.end = middle;
    return this.#begin(tail, now);
  }
}

function timeLeft({ start, end, at, since }: Segment, now: number): number {
  // Where no byte has arrived, the estimate is the time so far.
  return at === start ? now - since : ((end - at) / (at - start)) * (now - since);
}
