import { WhisperError } from '../../core/errors.ts';
import { wholeSize } from '../../core/hub/answer.ts';
import type { CatalogueEntry } from '../../core/models/catalogue.ts';
import { shortName } from '../../core/models/name.ts';
import type { PartialFile } from '../partial-file.ts';
import type { ByteSource } from './byte-source.ts';

/** Asks for the first byte of a file to learn how many it has, where nothing pins that. */
export async function learnSize(
  entry: CatalogueEntry,
  partial: PartialFile,
  source: ByteSource,
  signal: AbortSignal,
): Promise<number> {
  const { answer, facts } = await source.open({ start: 0, end: 1 }, undefined, signal);
  answer.body.discard();
  const size = facts.size ?? wholeSize(answer);
  if (size === undefined) {
    throw new WhisperError(
      'hub-refused',
      `The server does not say how large ${shortName(entry.file)} is, and nothing else does`,
      'Give the entry of WHISPER_CATALOG its size and sha256.',
      { details: { file: entry.file } },
    );
  }
  await partial.learn({ ...facts, size });
  return size;
}
