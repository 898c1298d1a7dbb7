import { Ranges, type Range } from './ranges.ts';

/** A range that one connection is fetching. `end` moves to the front when another connection takes over the tail. */
export interface Segment {
  readonly start: number;
  end: number;
  /** Up to where the bytes have arrived. */
  at: number;
  /** When it was begun, in milliseconds. */
  readonly since: number;
}

const MEBIBYTE = 1024 ** 2;
/** Files below this size come in one stream: what segments gain is lost in opening connections. */
export const LEAST_TO_SPLIT = 32 * MEBIBYTE;
const LEAST = 4 * MEBIBYTE;
const MOST = 64 * MEBIBYTE;
/** The segments that each connection should get, so that slow ones hold the others up little. */
const SHARE = 8;
/** Towards the end they become shorter, so that all connections are done at about the same time. */
const SHARE_OF_END = 2;
const LEAST_AT_END = MEBIBYTE;
/** How many times what a request costs it should bring, where the server is far away. */
const WORTH = 10;
const WORTH_AT_END = 3;
/** A tail that is smaller is not worth a request of its own. */
const LEAST_TAIL = MEBIBYTE / 2;
/** Nor is one that will be over in so many milliseconds: what is under way to the first connection comes in vain. */
const SOON = 1000;

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

  /**
   * The next segment for one of `connections` at the time `now` (milliseconds); `undefined`: nothing is left that is not
   * being fetched already, and will be there soon. `price`: the bytes that a connection could bring while it waits for the
   * answer to a request.
   */
  take(connections: number, now: number, price = 0): Segment | undefined {
    const gaps = this.#free();
    const [gap] = gaps;
    if (!gap) return this.#takeTail(now);
    const isWhole = this.#size < LEAST_TO_SPLIT;
    const free = gaps.reduce((sum, { start, end }) => sum + end - start, 0);
    const length = isWhole ? Infinity : this.#length(connections, free, price);
    // A rest that is too small for a request of its own goes along.
    const end = gap.end - gap.start < length + LEAST_TAIL ? gap.end : gap.start + length;
    return this.#begin({ start: gap.start, end }, now);
  }

  /** Ends a segment, whether its bytes have arrived or not: those that have not are free again. */
  release(segment: Segment): void {
    this.#taken.delete(segment);
  }

  /** Takes the whole file as one segment: for a server that sends all of it whatever is asked for. */
  takeWhole(now: number): Segment {
    return this.#begin({ start: 0, end: this.#size }, now);
  }

  #begin({ start, end }: Range, since: number): Segment {
    this.#isBegun = true;
    const segment = { start, end, at: start, since };
    this.#taken.add(segment);
    return segment;
  }

  #free(): readonly Range[] {
    return new Ranges([...this.#have, ...this.#taken]).gaps(this.#size);
  }

  #length(connections: number, free: number, price: number): number {
    // The first segment tells how fast a connection is; until then it should be over soon.
    if (!this.#isBegun) return LEAST;
    if (connections === 1) return MOST;
    const left = this.#size - this.#have.total;
    const wanted = Math.min(MOST, Math.max(LEAST, WORTH * price, left / (SHARE * connections)));
    const length = Math.max(LEAST_AT_END, WORTH_AT_END * price, Math.min(wanted, free / (SHARE_OF_END * connections)));
    return Math.ceil(length / MEBIBYTE) * MEBIBYTE;
  }

  /** Nothing is free: the second half of what will take longest. */
  #takeTail(now: number): Segment | undefined {
    if (this.#size < LEAST_TO_SPLIT) return undefined;
    const [slowest] = [...this.#taken].toSorted((a, b) => timeLeft(b, now) - timeLeft(a, now));
    if (!slowest || slowest.end - slowest.at < 2 * LEAST_TAIL || timeLeft(slowest, now) < SOON) return undefined;
    const middle = slowest.at + Math.ceil((slowest.end - slowest.at) / 2);
    const tail = { start: middle, end: slowest.end };
    slowest.end = middle;
    return this.#begin(tail, now);
  }
}

/** Milliseconds that a segment will still take, going by what it took so far. */
function timeLeft({ start, end, at, since }: Segment, now: number): number {
  // One that has not begun to come may do so at any moment.
  return at === start ? now - since : ((end - at) / (at - start)) * (now - since);
}
