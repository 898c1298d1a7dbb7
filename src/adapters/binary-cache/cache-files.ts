import type { Sink } from '../hub/body.ts';

/** The files of a binary cache, wherever they are. Paths are meant from the cache's address, or whole addresses. */
export interface CacheFiles {
  /** The address of the cache; it may hold a password. */
  readonly url: URL;
  /** Whether it is reached over the network. */
  readonly isRemote: boolean;
  /** A short file as text; `undefined`: the cache does not have it. Throws a `WhisperError`. */
  readonly text: (path: string, signal: AbortSignal) => Promise<string | undefined>;
  /**
   * Hands the bytes of a file from `from` on to the sink. `size`: bytes that all of it must have, where that is known; a file
   * of another size rejects with `OtherSize`. Throws an `Interruption` where it breaks off.
   */
  readonly read: (
    path: string,
    part: { readonly from: number; readonly size: number | undefined },
    sink: Sink,
    signal: AbortSignal,
  ) => Promise<void>;
}

/** Bytes of a file that is read as text at the most. */
export const MOST_TEXT = 64 * 1024;

/** A file is not of the size that it has to be. */
export class OtherSize extends Error {
  constructor(size: number) {
    super(`its archive has ${size} bytes`);
  }
}
