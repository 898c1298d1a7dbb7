import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { HEADER_BYTES } from '../../core/formats/header.ts';
import { type FileFacts, wholeSize } from '../../core/hub/answer.ts';
import type { TransferSettings } from './byte-source.ts';
import type { HttpAnswer } from './client.ts';
import { headerProblem, requireFile } from './content-check.ts';
import type { FileSource } from './file-source.ts';
import { withRetries } from './retry.ts';

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
