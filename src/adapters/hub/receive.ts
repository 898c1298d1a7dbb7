import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { printable } from '../../core/catalogue/names.ts';
import { WhisperError } from '../../core/errors.ts';
import { firstLine, HEADER_BYTES, identifyHeader, MAGIC_BYTES } from '../../core/formats/header.ts';
import { type Content, readContent, withoutToken } from '../../core/hub/answer.ts';
import type { Range } from '../../core/hub/ranges.ts';
import type { Segment } from '../../core/hub/segments.ts';
import { contentMismatch, interceptedByEncoding, interceptedByPage, notAModel } from '../../core/messages/bytes.ts';
import { wrongRange } from '../../core/messages/hub.ts';
import type { HttpAnswer } from './client.ts';
import { RetryableError } from './network-error.ts';
import type { SegmentWriter } from './segment-writer.ts';

/**
 * Checks by the head of an answer that it is about the file, and returns which part of the file its body is. Throws a
 * `RetryableError` for another part, a `WhisperError` for anything else. `token` is removed from what messages quote.
 */
export async function checkContent(
  entry: CatalogueEntry,
  { headers, body, ...head }: HttpAnswer,
  range: Range,
  size: number,
  token: string | undefined,
): Promise<Exclude<Content, { kind: 'wrong-length' | 'other' }>> {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
  if (encoding !== 'identity') throw interceptedByEncoding(entry.file, encoding);
  if (/^text\/html\b/i.test(type))
    throw interceptedByPage(entry.file, printable(firstLine(withoutToken(await body.text(), token))));
  const content = readContent({ headers, ...head }, range, size);
  switch (content.kind) {
    case 'wrong-length': {
      const bytes = Buffer.from(await body.text(HEADER_BYTES), 'latin1');
      throw headerProblem(entry, bytes, token) ?? contentMismatch(entry.file, { size }, { size: content.length });
    }
    case 'other':
      throw new RetryableError(wrongRange());
    case 'part':
    case 'whole':
      return content;
  }
}

interface Receiving {
  readonly entry: CatalogueEntry;
  readonly answer: HttpAnswer;
  readonly segment: Segment;
  readonly writer: SegmentWriter;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Removed from what messages quote. */
  readonly token: string | undefined;
  /** Called with the number of bytes that have just arrived; the next ones wait for the promise that it returns. */
  readonly onBytes: (bytes: number) => Promise<void> | undefined;
}

/**
 * Writes the bytes of a segment from an answer. Resolves when all are written; where the connection fails, rejects after what
 * has arrived is written.
 */
export async function receive(receiving: Receiving): Promise<void> {
  const { entry, answer, segment, writer, size, token } = receiving;
  const header = new HeaderCheck(entry, segment.start, token);
  const { body } = answer;
  try {
    await body.deliver((chunk) => {
      const wanted = chunk.subarray(0, Math.max(0, segment.end - segment.at));
      const isTooLong = wanted.length < chunk.length && segment.end === size;
      const problem = header.push(wanted) ?? (isTooLong ? contentMismatch(entry.file, { size }, {}) : undefined);
      if (problem) return Promise.reject(problem);
      segment.at += wanted.length;
      const waits = [writer.push(wanted), receiving.onBytes(chunk.length)].filter((wait) => wait !== undefined);
      // Another connection has taken over the tail of the segment, so the rest of this body is not needed.
      if (wanted.length < chunk.length) body.abort();
      return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
    });
  } catch (error) {
    if (segment.at < segment.end || error instanceof WhisperError) {
      await writer.flush();
      throw error;
    }
  }
  await writer.flush();
  const problem = header.end();
  if (problem) throw problem;
}

/** Checks the first bytes of a file as they arrive, so that gigabytes of something else are not downloaded. */
class HeaderCheck {
  readonly #entry: CatalogueEntry;
  readonly #token: string | undefined;
  /** `undefined`: there is nothing left to check. */
  #bytes: Buffer | undefined;

  constructor(entry: CatalogueEntry, start: number, token: string | undefined) {
    this.#entry = entry;
    this.#token = token;
    this.#bytes = start === 0 ? Buffer.alloc(0) : undefined;
  }

  push(chunk: Buffer): WhisperError | undefined {
    if (!this.#bytes) return undefined;
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, HEADER_BYTES - this.#bytes.length)]);
    return this.#bytes.length < HEADER_BYTES ? undefined : this.end();
  }

  /** Checks the bytes that have arrived, however few they are. */
  end(): WhisperError | undefined {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    return bytes && bytes.length >= MAGIC_BYTES ? headerProblem(this.#entry, bytes, this.#token) : undefined;
  }
}

/** The error for a file that begins with these bytes; `undefined`: it may be a model. */
export function headerProblem({ file }: CatalogueEntry, bytes: Buffer, token?: string): WhisperError | undefined {
  const header = identifyHeader(bytes);
  return header.kind === 'other' ? notAModel(file, withoutToken(header.looksLike, token)) : undefined;
}
