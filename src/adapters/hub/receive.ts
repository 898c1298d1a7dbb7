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
import { RetryableError } from './retry.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** Makes sure that an answer is about the file at all, and tells which part of it the body is. */
export async function checkContent(
  entry: CatalogueEntry,
  { headers, body, ...head }: HttpAnswer,
  asked: Range,
  size: number,
  token: string | undefined,
): Promise<Exclude<Content, { kind: 'wrong-length' | 'other' }>> {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
  if (encoding !== 'identity') throw interceptedByEncoding(entry.file, encoding);
  if (/^text\/html\b/i.test(type))
    throw interceptedByPage(entry.file, printable(firstLine(withoutToken(await body.text(), token))));
  const content = readContent({ headers, ...head }, asked, size);
  switch (content.kind) {
    case 'wrong-length': {
      const header = identifyHeader(Buffer.from(await body.text(HEADER_BYTES), 'latin1'));
      if (header.kind === 'other') throw notAModel(entry.file, withoutToken(header.looksLike, token));
      throw contentMismatch(entry.file, { size }, { size: content.length });
    }
    case 'other':
      throw new RetryableError(wrongRange());
    case 'part':
    case 'whole':
      return content;
  }
}

export interface Receiving {
  readonly entry: CatalogueEntry;
  readonly answer: HttpAnswer;
  readonly segment: Segment;
  readonly writer: SegmentWriter;
  readonly size: number;
  /** What must not be shown, should a page repeat it. */
  readonly token: string | undefined;
  /** Called with the bytes that just came in; the promise, where there is one, holds the next ones back. */
  readonly onBytes: (bytes: number) => Promise<void> | undefined;
}

/**
 * Takes the bytes of a segment from an answer. Resolves when they are all written; rejects where the connection breaks
 * off, with what has come written all the same.
 */
export async function receive(receiving: Receiving): Promise<void> {
  const { entry, answer, segment, writer, size } = receiving;
  const header = new HeaderCheck(entry, segment.start, receiving.token);
  const { body } = answer;
  try {
    await body.deliver((chunk) => {
      const wanted = chunk.subarray(0, Math.max(0, segment.end - segment.at));
      const isTooLong = wanted.length < chunk.length && segment.end === size;
      const problem = header.look(wanted) ?? (isTooLong ? contentMismatch(entry.file, { size }, {}) : undefined);
      if (problem) return Promise.reject(problem);
      segment.at += wanted.length;
      const holds = [writer.push(wanted), receiving.onBytes(chunk.length)].filter((hold) => hold !== undefined);
      // Another connection took over the tail: what follows is not wanted here.
      if (wanted.length < chunk.length) body.abort();
      return holds.length > 0 ? Promise.all(holds).then(() => undefined) : undefined;
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

/** Three gigabytes of something else are not worth waiting for: the first bytes tell whether it is a model. */
class HeaderCheck {
  readonly #entry: CatalogueEntry;
  readonly #token: string | undefined;
  #bytes: Buffer | undefined;

  constructor(entry: CatalogueEntry, start: number, token: string | undefined) {
    this.#entry = entry;
    this.#token = token;
    this.#bytes = start === 0 ? Buffer.alloc(0) : undefined;
  }

  look(chunk: Buffer): WhisperError | undefined {
    if (!this.#bytes) return undefined;
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, HEADER_BYTES - this.#bytes.length)]);
    return this.#bytes.length < HEADER_BYTES ? undefined : this.end();
  }

  /** No more is coming: what there is has to do. */
  end(): WhisperError | undefined {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    if (!bytes || bytes.length < MAGIC_BYTES) return undefined;
    const header = identifyHeader(bytes);
    return header.kind === 'other'
      ? notAModel(this.#entry.file, withoutToken(header.looksLike, this.#token))
      : undefined;
  }
}
