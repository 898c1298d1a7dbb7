import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { FileFacts } from '../../core/hub/answer.ts';
import type { ConnectionBudget } from '../../core/hub/limits.ts';
import type { Range } from '../../core/hub/ranges.ts';
import type { Server } from '../../core/messages/transfer/network.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { ServerAccess } from './access.ts';
import type { HttpAnswer } from './client.ts';

/** An answer with bytes, and what the hub itself says about the file, which the content server does not know. */
export interface Opened {
  readonly answer: HttpAnswer;
  readonly facts: FileFacts;
  /** Called when the answer has bytes of the file. */
  readonly confirm?: () => void;
  /** Called when the answer is wrong: the next request goes to another URL. */
  readonly reject?: () => void;
}

/** Where the bytes of one file come from, for all connections. */
export interface ByteSource {
  /** For messages and records: without password and signature. */
  readonly url: string;
  readonly server: Server;
  /** Requests a range of a file of `size` bytes. Throws a `RetryableError` where a retry may help, else a `WhisperError`. */
  readonly open: (range: Range, size: number | undefined, signal: AbortSignal) => Promise<Opened>;
}

export interface Download {
  readonly entry: CatalogueEntry;
  readonly partial: PartialFile;
  readonly source: ByteSource;
  readonly settings: TransferSettings;
}

export interface TransferSettings {
  /** The hub, or the server of the model. */
  readonly server: ServerAccess;
  readonly budget: ConnectionBudget;
  /** Bytes a second that the user allows over all connections; `undefined`: no limit. */
  readonly limitRate: number | undefined;
  readonly signal: AbortSignal;
  /** Called with each answer that brings bytes. */
  readonly onAnswer: (answer: Answered) => void;
  /** Called with the bytes that just arrived. The next ones wait for the promise, which rejects when `until` is aborted. */
  readonly onBytes: (bytes: number, until: AbortSignal) => Promise<void> | undefined;
  /** Called regularly with the bytes received so far, and the number of connections that bring more. */
  readonly onProgress: (received: number, size: number | undefined, connections: number) => void;
  /** Called when the transfer has to start again, with a sentence for the user. */
  readonly onNotice: (notice: string) => void;
  /** Called when a request is sent again after `wait` milliseconds; `trouble`: the message of the error that ended it. */
  readonly onRetry: (trouble: string, wait: number) => void;
  /** Called with a sentence for the log. */
  readonly onDetail: (detail: string) => void;
  /** Waits; rejects when the program is being stopped or `until` is aborted. */
  readonly delay: (milliseconds: number, until?: AbortSignal) => Promise<void>;
}

/** The head of an answer to a request from byte `from` on; the URL is without its query, which may hold a signature. */
interface Answered {
  readonly url: string;
  readonly status: number;
  readonly commit: string | undefined;
  readonly from: number;
}
