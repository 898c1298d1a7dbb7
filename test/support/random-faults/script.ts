import type { Fault } from '../fake-hub/faults.ts';
import { Random } from './random.ts';

/** What one download has to go through, as data, so that it can be printed; a seed decides all of it. */
export interface Script {
  readonly seed: number;
  readonly size: number;
  readonly steps: readonly Step[];
  /** Where the first process is killed. */
  readonly kill?: Kill;
}

/** A fault, or something that a fault cannot say as data. */
export interface Step {
  readonly fault: Fault;
  /** All URLs that were signed so far expire with the fault. */
  readonly expire?: true;
  /** Milliseconds before the answer. */
  readonly slow?: number;
  /** The hub redirects to another origin. */
  readonly astray?: true;
}

/** After so many bytes of content, or so many requests where faults let none through. */
export interface Kill {
  readonly bytes: number;
  readonly requests: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const PAGE = '<!DOCTYPE html><html><title>Log in</title></html>';

export function makeScript(seed: number): Script {
  const random = new Random(seed);
  const size = sizeOf(random);
  const count = random.between(0, 10);
  const steps = Array.from({ length: count }, () => random.pick(KINDS)(random, size)).map((step) =>
    random.chance(0.3) ? { ...step, fault: { ...step.fault, passes: random.between(1, 3) } } : step,
  );
  const kill = { bytes: random.between(1, size), requests: random.between(2, 8) };
  return { seed, size, steps, ...(random.chance(0.2) && { kill }) };
}

/** Most are small, because the faults are the same for them; one in four is large enough for several connections. */
function sizeOf(random: Random): number {
  const share = random.next();
  if (share < 0.6) return random.between(200 * KIB, 4 * MIB);
  return share < 0.75 ? random.between(4 * MIB, 32 * MIB - 1) : random.between(32 * MIB, 80 * MIB);
}

/** A place in the body: often one of the first bytes, where the header of a model is. */
function place(random: Random, size: number): number {
  return random.chance(0.2) ? random.between(0, 2000) : random.between(0, size);
}

const cdn = (effect: Omit<Fault, 'where'>): Step => ({ fault: { where: 'cdn', ...effect } });
const resolve = (effect: Omit<Fault, 'where'>): Step => ({ fault: { where: 'resolve', ...effect } });
const either = (random: Random, effect: Omit<Fault, 'where'>): Step => (random.chance(0.5) ? cdn : resolve)(effect);

const KINDS: readonly ((random: Random, size: number) => Step)[] = [
  (random, size) => cdn({ reset: place(random, size) }),
  (random, size) => cdn({ reset: place(random, size) }),
  (random, size) => cdn({ end: place(random, size) }),
  (random, size) => cdn({ end: place(random, size) }),
  (random, size) => cdn({ stall: place(random, size) }),
  (random, size) => cdn({ short: place(random, size) }),
  (random, size) => cdn({ shortLength: place(random, size) }),
  (random, size) => cdn({ flip: random.between(0, size - 1) }),
  (random) => either(random, { status: random.pick([500, 502, 503, 504, 408]) }),
  (random) => either(random, { status: 503, retryAfter: 1 }),
  // An outage that lasts longer than the retry budget of a transfer.
  (random) => either(random, { status: 503, passes: random.between(1, 3), times: 12 }),
  (random) => resolve({ refuse: true, passes: random.between(1, 3), times: 12 }),
  (random) => either(random, { status: 429, resetSeconds: 1 }),
  (random) => either(random, { status: 429, retryAfter: 1, resetSeconds: 1 }),
  () => cdn({ status: 403, message: 'Request has expired' }),
  () => cdn({ status: 416 }),
  () => ({ ...cdn({}), expire: true }),
  () => cdn({ ignoreRange: true }),
  () => cdn({ okWithContentRange: true }),
  (random, size) => cdn({ contentRange: `bytes ${place(random, size)}-${size - 1}/${size}` }),
  () => cdn({ contentRange: 'bytes what' }),
  (random) => cdn({ dropHeaders: [random.pick(['content-length', 'content-range', 'etag', 'accept-ranges'])] }),
  (random) => either(random, { html: PAGE }),
  (random) => either(random, { html: PAGE, htmlAs: 'application/octet-stream' }),
  (random) => ({ ...either(random, {}), slow: random.pick([10, 600]) }),
  (random) => either(random, { refuse: true }),
  (random, size) => cdn({ bytesPerSecond: Math.ceil(size * random.between(3, 20)) }),
  () => cdn({ gzip: true }),
  () => resolve({ direct: true }),
  () => resolve({ dropHeaders: ['x-repo-commit', 'x-linked-size', 'x-linked-etag'] }),
  () => ({ ...resolve({}), astray: true }),
];
