import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { printable } from '../../core/catalogue/names.ts';
import type { WhisperError } from '../../core/errors.ts';
import { firstLine, HEADER_BYTES, identifyHeader, MAGIC_BYTES } from '../../core/formats/header.ts';
import { type Content, type FileFacts, readContent, wholeSize, withoutToken } from '../../core/hub/answer.ts';
import type { Range } from '../../core/hub/ranges.ts';
import {
  contentMismatch,
  interceptedByEncoding,
  interceptedByPage,
  notAModel,
} from '../../core/messages/transfer/bytes.ts';
import { wrongRange } from '../../core/messages/transfer/hub.ts';
import type { TransferSettings } from './byte-source.ts';
import type { HttpAnswer } from './client.ts';
import type { FileSource } from './file-source.ts';
import { RetryableError } from './network-error.ts';
import { withRetries } from './retry.ts';

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
  await requireFile(entry, { headers, body }, token);
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

/** Throws where an answer is encoded or a page, so that its body is not the file. */
export async function requireFile(
  { file }: CatalogueEntry,
  { headers, body }: Pick<HttpAnswer, 'headers' | 'body'>,
  token: string | undefined,
): Promise<void> {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
  if (encoding !== 'identity') throw interceptedByEncoding(file, encoding);
  if (/^text\/html\b/i.test(type))
    throw interceptedByPage(file, printable(firstLine(withoutToken(await body.text(), token))));
}

/** Checks the first bytes of a file as they arrive, so that gigabytes of something else are not downloaded. */
export class HeaderCheck {
  readonly #entry: CatalogueEntry;
  readonly #token: string | undefined;
  #bytes = Buffer.alloc(0);

  constructor(entry: CatalogueEntry, token: string | undefined) {
    this.#entry = entry;
    this.#token = token;
  }

  push(chunk: Buffer): WhisperError | undefined {
    if (this.#bytes.length === HEADER_BYTES) return undefined;
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, HEADER_BYTES - this.#bytes.length)]);
    return this.#bytes.length === HEADER_BYTES ? this.end() : undefined;
  }

  /** Checks the bytes that have arrived, however few they are. */
  end(): WhisperError | undefined {
    return this.#bytes.length < MAGIC_BYTES ? undefined : headerProblem(this.#entry, this.#bytes, this.#token);
  }
}

/** The error for a file that begins with these bytes; `undefined`: it may be a model. */
export function headerProblem({ file }: CatalogueEntry, bytes: Buffer, token?: string): WhisperError | undefined {
  const header = identifyHeader(bytes);
  return header.kind === 'other' ? notAModel(file, withoutToken(header.looksLike, token)) : undefined;
}

/** Asks a server for the first bytes of a file, and returns what it says of all. Throws where they are not those of a model. */
export async function probe(entry: CatalogueEntry, source: FileSource, settings: TransferSettings): Promise<FileFacts> {
  const { signal, server } = settings;
  return withRetries(async () => {
    const { answer, facts } = await source.open({ start: 0, end: HEADER_BYTES }, undefined, signal);
    await requireFile(entry, answer, server.givenToken);
    const size = facts.size ?? wholeSize(answer);
    const problem = headerProblem(entry, await beginningOf(answer), server.givenToken);
    if (problem) throw problem;
    return { ...facts, size };
  }, settings);
}

/** The first bytes of a body; a server without ranges sends all of it, which is not read. */
async function beginningOf({ body }: HttpAnswer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    await body.deliver((chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= HEADER_BYTES) body.abort();
      return undefined;
    }, true);
  } catch (error) {
    if (size < HEADER_BYTES) throw error;
  }
  return Buffer.concat(chunks).subarray(0, HEADER_BYTES);
}
