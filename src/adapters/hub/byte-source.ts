import type { FileFacts } from '../../core/hub/answer.ts';
import type { Range } from '../../core/hub/ranges.ts';
import type { HttpAnswer } from './client.ts';

/** An answer with bytes, and what the hub itself says about the file: the content server behind it knows none of that. */
export interface Opened {
  readonly answer: HttpAnswer;
  readonly facts: FileFacts;
  /** The address did not give what it should: the next request is to go to another one. */
  readonly leave: () => void;
  /** The address has given bytes of the file. */
  readonly prove: () => void;
}

/** Where the bytes of one file come from, whichever of many connections asks. */
export interface ByteSource {
  /** For messages and records: no password, no signature. */
  readonly url: string;
  /** Whether its answers should name a commit. */
  readonly isHub: boolean;
  /**
   * Asks for bytes of a file of `size` bytes. Throws an `Interruption` where asking again may help, else a `WhisperError`.
   */
  readonly open: (asked: Range, size: number | undefined, signal: AbortSignal) => Promise<Opened>;
}
