import { contentMismatch } from '../../core/messages/transfer/bytes.ts';
import { sizeUnknown } from '../../core/messages/transfer/hub.ts';
import type { Download } from './byte-source.ts';
import type { HttpAnswer } from './client.ts';
import { HeaderCheck, requireFile } from './content-check.ts';
import { RetryableError } from './network-error.ts';
import { SegmentWriter } from './segment-writer.ts';

/** Bytes that are written with one call. */
const BLOCK = 1024 * 1024;

/**
 * Downloads a file whose server does not say how long it is: from the beginning, in one stream, and returns its size. Throws a
 * `RetryableError` where the stream breaks off; the bytes until then do not count.
 */
export async function receiveUnsized({ entry, partial, source, settings }: Download): Promise<number> {
  await partial.reset();
  // With this range and size, the whole file is asked for.
  const { answer, facts } = await source.open({ start: 0, end: 0 }, 0, settings.signal);
  const { origin, pathname } = answer.url;
  settings.onAnswer({ url: origin + pathname, status: answer.status, commit: facts.commit, from: 0 });
  await requireFile(entry, answer, settings.server.givenToken);
  requireEnd(entry.file, answer, entry.sha256 !== undefined);
  const writer = new SegmentWriter(partial, 0, { blockSize: BLOCK, hasCrc: false });
  const header = new HeaderCheck(entry, settings.server.givenToken);
  let received = 0;
  await answer.body.deliver((chunk) => {
    const problem = header.push(chunk);
    if (problem) return Promise.reject(problem);
    received += chunk.length;
    const waits = [writer.push(chunk), settings.onBytes(chunk.length, settings.signal)].filter(isPending);
    settings.onProgress(received, undefined, 1);
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
  });
  await writer.flush();
  const problem = header.end();
  if (problem) throw problem;
  if (received === 0) throw new RetryableError(contentMismatch(entry, {}, { size: 0 }));
  await partial.learn({ ...facts, size: received });
  return received;
}

/** Without a length, only chunks tell whether a body is complete; any other ends when the connection does. */
function requireEnd(file: string, { headers, body }: HttpAnswer, isPinned: boolean): void {
  if (isPinned || /\bchunked\b/i.test(headers['transfer-encoding'] ?? '')) return;
  body.discard();
  throw sizeUnknown(file);
}

function isPending<T>(wait: Promise<T> | undefined): wait is Promise<T> {
  return wait !== undefined;
}
