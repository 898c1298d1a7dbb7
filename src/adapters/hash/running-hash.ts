import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Range } from '../../core/hub/ranges.ts';
import type { Chunks } from '../../core/state/chunks.ts';
import type { Piece } from '../../core/state/journal.ts';
import { requireWhisperFolders } from '../fs/whisper-folder.ts';
import { PrefixHash } from './prefix-hash.ts';

/** A request to the thread: hash up to byte `to`, and at the end return the digest. */
export interface HashRequest {
  readonly epoch: number;
  readonly to: number;
  readonly isEnd: boolean;
}

export interface HashReport {
  readonly bad?: Range;
  readonly sha256?: string;
}

/** The sha256 of a file that is being written: it follows the bytes up to the first gap. */
interface RunningHash {
  /** All bytes before `to` are in the file now. */
  advance(to: number): void;
  /** The sha256 in hex of the bytes before `size`, or a damaged piece that has to be downloaded again. */
  finish(size: number): Promise<string | Range>;
  close(): void;
}

/** Files below this size are hashed faster than a thread starts. */
export const LEAST_FOR_THREAD = 32 * 1024 * 1024;

/** Bytes between two requests to the thread. */
const STEP = 8 * 1024 * 1024;

function startHash(path: string, claims: readonly Piece[], size: number | undefined): RunningHash {
  requireWhisperFolders(path);
  return (size ?? 0) < LEAST_FOR_THREAD ? new InlineHash(path, claims) : new ThreadHash(path, claims);
}

class InlineHash implements RunningHash {
  readonly #hash: PrefixHash;
  #bad: Range | undefined;

  constructor(path: string, claims: readonly Piece[]) {
    this.#hash = new PrefixHash(path, claims);
  }

  advance(to: number): void {
    this.#bad ??= this.#hash.advance(to);
  }

  async finish(size: number): Promise<string | Range> {
    this.advance(size);
    const bad = this.#bad;
    this.#bad = undefined;
    return bad ?? this.#hash.digest();
  }

  close(): void {
    this.#hash.close();
  }
}

class ThreadHash implements RunningHash {
  readonly #worker: Worker;
  #epoch = 0;
  #wanted = 0;
  #sent = 0;
  #isBusy = false;
  #bad: Range | undefined;
  #onEnd: ((result: string | Range) => void) | undefined;
  #onError: ((error: unknown) => void) | undefined;
  #error: unknown;

  constructor(path: string, claims: readonly Piece[]) {
    const script = createRequire(import.meta.url).resolve('#hash-worker');
    // It needs little more memory than a buffer.
    this.#worker = new Worker(script, {
      workerData: { path, claims },
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    this.#worker.unref();
    this.#worker.on('message', (report: HashReport) => this.#take(report));
    this.#worker.on('error', (error) => {
      this.#error = error;
      this.#onError?.(error);
    });
  }

  advance(to: number): void {
    if (this.#bad) return;
    this.#wanted = to;
    if (!this.#isBusy && to >= this.#sent + STEP) this.#send({ epoch: this.#epoch, to, isEnd: false });
  }

  async finish(size: number): Promise<string | Range> {
    const result = await new Promise<string | Range>((done, fail) => {
      this.#onEnd = done;
      this.#onError = fail;
      if (this.#error !== undefined) fail(this.#error);
      else if (this.#bad) done(this.#bad);
      else {
        this.#worker.ref();
        this.#send({ epoch: this.#epoch, to: size, isEnd: true });
      }
    });
    this.#worker.unref();
    this.#onEnd = undefined;
    this.#bad = undefined;
    return result;
  }

  close(): void {
    void this.#worker.terminate();
  }

  #send(request: HashRequest): void {
    this.#sent = request.to;
    this.#isBusy = true;
    this.#worker.postMessage(request);
  }

  #take({ bad, sha256 }: HashReport): void {
    this.#isBusy = false;
    if (bad) {
      this.#epoch += 1;
      this.#bad = bad;
    }
    const result = bad ?? sha256;
    if (result !== undefined) this.#onEnd?.(result);
    else this.advance(this.#wanted);
  }
}

/** Hashes the file at `path` as its bytes arrive, and starts again after hashed bytes were dropped. */
export class FollowingHash {
  readonly #path: string;
  #hash: RunningHash | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Hashes up to the first gap between the pieces of a file of `size` bytes, and checks earlier pieces. */
  follow(pieces: Chunks, size: number | undefined): RunningHash {
    this.#hash ??= startHash(this.#path, pieces.all, size);
    this.#hash.advance(pieces.have.prefix);
    return this.#hash;
  }

  drop(): void {
    this.#hash?.close();
    this.#hash = undefined;
  }
}
