import type { FileFacts } from '../../core/hub/answer.ts';
import type { Range } from '../../core/hub/ranges.ts';
import type { HttpAnswer } from './client.ts';
import type { ConnectionBudget } from '../../core/hub/limits.ts';
import type { HubAccess } from './access.ts';

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

export interface TransferSettings {
  readonly hub: HubAccess;
  readonly budget: ConnectionBudget;
  /** Bytes a second that a person allows over all connections. */
  readonly limitRate: number | undefined;
  readonly signal: AbortSignal;
  /** Called with each answer that brings bytes. */
  readonly onAnswer: (answer: Answered) => void;
  /**
   * Called with the number of bytes that just came in; the promise, where there is one, holds the next ones back, and
   * rejects when `until` is aborted.
   */
  readonly onBytes: (bytes: number, until: AbortSignal) => Promise<void> | undefined;
  /** Called now and then with the bytes that are there, and how many connections bring more. */
  readonly onProgress: (received: number, size: number, connections: number) => void;
  /** Called when the transfer has to begin again, with a sentence for a person. */
  readonly onNotice: (notice: string) => void;
  /** Called when a request has to be made again after `wait` milliseconds; `trouble`: the message of what broke it off. */
  readonly onRetry: (trouble: string, wait: number) => void;
  /** What would be a notice, for those who want to know everything. */
  readonly onDetail: (detail: string) => void;
  /** Waits; rejects when the program is being ended or `until` is aborted. */
  readonly delay: (milliseconds: number, until?: AbortSignal) => Promise<void>;
}

/** The head of an answer to a request from byte `from` on; the address is without its query, which may hold a signature. */
export interface Answered {
  readonly url: string;
  readonly status: number;
  readonly commit: string | undefined;
  readonly from: number;
}
