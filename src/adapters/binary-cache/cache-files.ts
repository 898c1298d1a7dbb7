import type { Sink } from '../hub/body.ts';

/** Which bytes of a file are wanted. */
export interface Part {
  readonly from: number;
  /** Bytes that all of the file must have, where that is known. */
  readonly size: number | undefined;
}

/** The files of a binary cache, wherever they are. Paths are meant from the cache's address, or whole addresses. */
export interface CacheFiles {
  /** The address of the cache; it may hold a password. */
  readonly url: URL;
  /** Whether it is reached over the network. */
  readonly isRemote: boolean;
  /** A short file as text; `undefined`: the cache does not have it. Throws a `WhisperError`. */
  readonly text: (path: string, signal: AbortSignal) => Promise<string | undefined>;
  /**
   * Hands bytes of a file to the sink. A file of another size than it must have rejects with `OtherSize`; one that breaks off
   * with an `Interruption`.
   */
  readonly read: (path: string, part: Part, sink: Sink, signal: AbortSignal) => Promise<void>;
}

/** Bytes of a file that is read as text at the most. */
export const MOST_TEXT = 64 * 1024;

/** A file is not of the size that it has to be. */
export class OtherSize extends Error {
  constructor(size: number) {
    super(`its archive has ${size} bytes`);
  }
}
