import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { notARegularFile, unreadableFile } from '../../core/messages/transfer/bytes.ts';
import { errnoCode } from './errors.ts';
import { writeAll } from './write.ts';

const READ_SIZE = 1024 * 1024;

export class LargeFile {
  readonly size: number;
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle, size: number) {
    this.#path = path;
    this.#file = file;
    this.size = size;
  }

  /** Opens a regular file, through links, during `work`. Anything else throws `file-unreadable` (exit 6), also a pipe. */
  static async use<T>(path: string, work: (file: LargeFile) => Promise<T>): Promise<T> {
    const opened = await guard(path, async () => {
      const found = await stat(path);
      if (!found.isFile()) throw notARegularFile(path, found.isDirectory());
      // Without waiting, in case it has become a pipe since.
      return new LargeFile(path, await open(path, constants.O_RDONLY | constants.O_NONBLOCK), found.size);
    });
    try {
      return await work(opened);
    } finally {
      await opened.#file.close();
    }
  }

  /** The first bytes of the file, `length` of them or all. */
  async beginning(length: number): Promise<Uint8Array> {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    for (;;) {
      const read = await this.#read(buffer.subarray(filled), filled);
      filled += read;
      if (read === 0) return buffer.subarray(0, filled);
    }
  }

  /** The sha256, in hex, of all bytes with `before` and `after` around them; `onBytes` is called after each part. */
  async sha256(
    signal: AbortSignal,
    onBytes: (bytes: number) => void = () => {},
    [before, after]: readonly [Uint8Array, Uint8Array] = [Buffer.alloc(0), Buffer.alloc(0)],
  ): Promise<string> {
    const hash = createHash('sha256').update(before);
    for await (const block of this.#blocks(signal)) {
      hash.update(block);
      onBytes(block.length);
    }
    return hash.update(after).digest('hex');
  }

  /** Writes all bytes to another file, from its start on, and returns the sha256 of what was written, in hex. */
  async copyTo(target: FileHandle, signal: AbortSignal): Promise<string> {
    const hash = createHash('sha256');
    let offset = 0;
    for await (const block of this.#blocks(signal)) {
      hash.update(block);
      offset += await writeAll(target, [block], offset);
    }
    return hash.digest('hex');
  }

  /** The bytes in order; each block is overwritten by the next. */
  async *#blocks(signal: AbortSignal): AsyncGenerator<Buffer> {
    const buffer = Buffer.allocUnsafe(READ_SIZE);
    for (let offset = 0; ;) {
      signal.throwIfAborted();
      const read = await this.#read(buffer, offset);
      if (read === 0) return;
      yield buffer.subarray(0, read);
      offset += read;
    }
  }

  async #read(buffer: Buffer, offset: number): Promise<number> {
    return guard(this.#path, async () => (await this.#file.read(buffer, 0, buffer.length, offset)).bytesRead);
  }
}

async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = errnoCode(cause);
    if (code === undefined) throw cause;
    throw unreadableFile(path, code, cause);
  }
}
