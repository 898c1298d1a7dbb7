import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { printable } from '../../core/catalogue/names.ts';
import type { WhisperError } from '../../core/errors.ts';
import { firstLine, HEADER_BYTES, identifyHeader, MAGIC_BYTES } from '../../core/formats/header.ts';
import {
  type Content,
  type FileFacts,
  readContent,
  readContentRange,
  wholeSize,
  withoutToken,
} from '../../core/hub/answer.ts';
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
 * Checks by the head of an answer that it is about a file of that size, and returns which part of the file its body is. Throws a
 * `RetryableError` for another part, a `WhisperError` for anything else. `token` is removed from what messages quote.
 */
export async function checkContent(
  entry: CatalogueEntry,
  { headers, body, ...head }: HttpAnswer,
  range: Range,
  size: number,
  token: string | undefined,
): Promise<Exclude<Content, { kind: 'wrong-length' | 'other' }>> {
  const content = readContent({ headers, ...head }, range, size);
  const wrongLength = async (length: number, isBeginning = true): Promise<WhisperError> => {
    const bytes = isBeginning ? Buffer.from(await body.text(HEADER_BYTES), 'latin1') : undefined;
    return (bytes && headerProblem(entry, bytes, token)) ?? contentMismatch(entry, { size }, { size: length });
  };
  switch (content.kind) {
    case 'wrong-length':
      throw await wrongLength(content.length);
    case 'other': {
      const part = entry.url === undefined ? undefined : readContentRange(headers['content-range']);
      const { total = size, start } = part ?? {};
      throw total !== size && isPinned(entry)
        ? await wrongLength(total, start === 0)
        : new RetryableError(wrongRange());
    }
    case 'part':
    case 'whole':
      return content;
  }
}

/** Whether it is known which bytes are right, so that a file of another size is another file for good. */
function isPinned({ size, sha256 }: CatalogueEntry): boolean {
  return size !== undefined || sha256 !== undefined;
}

/** Throws where an answer is encoded or a page, so that its body is not the file. */
export async function requireFile(
  entry: CatalogueEntry,
  { headers, body }: Pick<HttpAnswer, 'headers' | 'body'>,
  token: string | undefined,
): Promise<void> {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
  if (encoding !== 'identity') throw interceptedByEncoding(entry, encoding);
  if (/^text\/html\b/i.test(type))
    throw interceptedByPage(entry, printable(firstLine(withoutToken(await body.text(), token))));
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
export function headerProblem(entry: CatalogueEntry, bytes: Buffer, token?: string): WhisperError | undefined {
  const header = identifyHeader(bytes);
  return header.kind === 'other' ? notAModel(entry, withoutToken(header.looksLike, token)) : undefined;
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
