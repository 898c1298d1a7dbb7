import type { ErrorCode } from '../errors.ts';
import { MAX_CONNECT_FAILURES, MAX_FAILURES } from './retry.ts';

/** How often a transfer may fail: any byte that it gets further makes it begin to count again. */
export class Patience {
  #furthest: number;

  constructor(received: number) {
    this.#furthest = received;
  }

  /** How many failures in a row it is with one more, where there were `before`; `received`: bytes that are there by now. */
  count(before: number, received: number): number {
    const hasAdvanced = received > this.#furthest;
    this.#furthest = Math.max(this.#furthest, received);
    return hasAdvanced ? 1 : before + 1;
  }

  /** Whether that many failures, the last of them of this kind, are too many. */
  isOver(failures: number, code: ErrorCode): boolean {
    const neverConnected = this.#furthest === 0 && code === 'hub-unreachable';
    return failures >= (neverConnected ? MAX_CONNECT_FAILURES : MAX_FAILURES);
  }
}
