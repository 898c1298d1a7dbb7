import { Ranges, type Range } from './ranges.ts';

/** A range that one connection is fetching. `end` moves to the front when another connection takes over the tail. */
export interface Segment {
  readonly start: number;
  end: number;
  /** Up to where the bytes have arrived. */
  at: number;
}

const MEBIBYTE = 1024 ** 2;
/** Files below this size come in one stream: what segments gain is lost in opening connections. */
export const LEAST_TO_SPLIT = 32 * MEBIBYTE;
const LEAST = 4 * MEBIBYTE;
const MOST = 64 * MEBIBYTE;
/** The segments that each connection should get, so that slow ones hold the others up little. */
const SHARE = 8;
/** A tail that is smaller is not worth a request of its own. */
const LEAST_TAIL = MEBIBYTE;

/** What is still to be fetched of a file of `size` bytes, handed out in order, a segment a connection. */
export class Segments {
  readonly #size: number;
  readonly #have: Ranges;
  readonly #taken = new Set<Segment>();
  #isBegun = false;

  /** `have` is what is there already; it is only read, and grows as bytes are written. */
  constructor(size: number, have: Ranges) {
    this.#size = size;
    this.#have = have;
  }

  get inFlight(): ReadonlySet<Segment> {
    return this.#taken;
  }

  /** The next segment for one of `connections`; `undefined`: nothing is left that is not being fetched already. */
  take(connections: number): Segment | undefined {
    const [gap] = this.#free();
    if (!gap) return this.#takeTail();
    const isWhole = this.#size < LEAST_TO_SPLIT;
    const length = isWhole ? Infinity : this.#length(connections);
    // A rest that is too small for a request of its own goes along.
    const end = gap.end - gap.start < length + LEAST_TAIL ? gap.end : gap.start + length;
    return this.#begin({ start: gap.start, end });
  }

  /** Ends a segment, whether its bytes have arrived or not: those that have not are free again. */
  release(segment: Segment): void {
    this.#taken.delete(segment);
  }

  /** Takes the whole file as one segment: for a server that sends all of it whatever is asked for. */
  takeWhole(): Segment {
    return this.#begin({ start: 0, end: this.#size });
  }

  #begin({ start, end }: Range): Segment {
    this.#isBegun = true;
    const segment = { start, end, at: start };
    this.#taken.add(segment);
    return segment;
  }

  #free(): readonly Range[] {
    return new Ranges([...this.#have, ...this.#taken]).gaps(this.#size);
  }

  #length(connections: number): number {
    // The first segment tells how fast a connection is; until then it should be over soon.
    if (!this.#isBegun) return LEAST;
    if (connections === 1) return MOST;
    const left = this.#size - this.#have.total;
    const wanted = Math.ceil(left / (SHARE * connections) / MEBIBYTE) * MEBIBYTE;
    return Math.min(MOST, Math.max(LEAST, wanted));
  }

  /** Nothing is free: the second half of what the furthest behind has still to fetch. */
  #takeTail(): Segment | undefined {
    if (this.#size < LEAST_TO_SPLIT) return undefined;
    const [slowest] = [...this.#taken].toSorted((a, b) => b.end - b.at - (a.end - a.at));
    if (!slowest || slowest.end - slowest.at < 2 * LEAST_TAIL) return undefined;
    const middle = slowest.at + Math.ceil((slowest.end - slowest.at) / 2);
    const tail = { start: middle, end: slowest.end };
    slowest.end = middle;
    return this.#begin(tail);
  }
}
