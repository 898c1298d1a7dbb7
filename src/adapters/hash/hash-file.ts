import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { LargeFile } from '../fs/large-file.ts';
import { type HashReport, type HashRequest, LEAST_FOR_THREAD } from './running-hash.ts';

/** Bytes between two reports of progress. */
const STEP = 16 * 1024 * 1024;

/** The sha256 of a file in hex; of a large one in a thread. Throws `file-unreadable` (exit 6) or the signal's reason. */
export async function hashFile(
  path: string,
  isLink: boolean,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  return LargeFile.use(path, async (file) => {
    // The thread opens the file again, and follows no link.
    if (isLink || file.size < LEAST_FOR_THREAD) return file.sha256(signal, onBytes);
    signal.throwIfAborted();
    return hashInThread(path, file.size, signal, onBytes);
  });
}

async function hashInThread(
  path: string,
  size: number,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const script = createRequire(import.meta.url).resolve('#hash-worker');
  const worker = new Worker(script, {
    workerData: { path, claims: [] },
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  const ended = new AbortController();
  try {
    return await new Promise<string>((resolve, reject) => {
      let done = 0;
      const next = (): void => {
        const to = Math.min(size, done + STEP);
        worker.postMessage({ epoch: 0, to, isEnd: to === size } satisfies HashRequest);
      };
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: ended.signal });
      worker.on('error', reject);
      worker.on('message', ({ sha256 }: HashReport) => {
        const to = Math.min(size, done + STEP);
        onBytes(to - done);
        done = to;
        if (sha256 === undefined) next();
        else resolve(sha256);
      });
      next();
    });
  } finally {
    ended.abort();
    await worker.terminate();
  }
}
