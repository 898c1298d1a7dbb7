import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WhisperError } from '../../core/errors.ts';
import { unreadableCacheFile } from '../../core/messages/cache.ts';
import { AnyFile } from '../fs/read.ts';
import { errnoCode } from '../fs/errors.ts';
import type { Sink } from '../hub/body.ts';
import { MOST_TEXT, OtherSize, type CacheFiles, type Part } from './cache-files.ts';

const READ_SIZE = 1024 * 1024;

/** A binary cache in a folder of this machine, or of a disk that is shared. */
export class FolderCache implements CacheFiles {
  readonly url: URL;
  readonly isRemote = false;

  constructor(url: URL) {
    this.url = url;
  }

  async text(path: string): Promise<string | undefined> {
    const file = this.#inside(path);
    try {
      return await AnyFile.use(file, async (opened) => Buffer.from(await opened.beginning(MOST_TEXT)).toString());
    } catch (error) {
      const cause = error instanceof WhisperError ? error.cause : undefined;
      // A folder that is not there has nothing either: the disk that it is on may be away.
      if (errnoCode(cause) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async read(path: string, { from, size }: Part, sink: Sink, signal: AbortSignal): Promise<void> {
    // Without waiting: nobody may ever write to a pipe.
    const file = await open(this.#inside(path), constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    try {
      const found = await file.stat();
      if (!found.isFile()) throw unreadable(path, new Error('it is not a regular file'));
      if (size !== undefined && found.size !== size) throw new OtherSize(found.size);
      for (let at = from; ;) {
        signal.throwIfAborted();
        const buffer = Buffer.allocUnsafe(READ_SIZE);
        const { bytesRead } = await file.read(buffer, 0, READ_SIZE, at).catch((cause: unknown) => {
          throw unreadable(path, cause);
        });
        if (bytesRead === 0) return;
        await sink(buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  }

  /** The path of a file of the cache: what a cache says must not lead out of it. */
  #inside(path: string): string {
    const url = new URL(path, this.url);
    if (!url.href.startsWith(this.url.href) || /%(2f|00)/i.test(url.pathname))
      throw unreadable(path, new Error('it is outside of the cache'));
    try {
      return fileURLToPath(url);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
}

function unreadable(path: string, cause: unknown): WhisperError {
  const reason = errnoCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return unreadableCacheFile(path, reason, cause);
}
