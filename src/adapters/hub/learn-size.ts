import { wholeSize } from '../../core/hub/answer.ts';
import { sizeUnknown } from '../../core/messages/hub.ts';
import type { CatalogueEntry } from '../../core/models/catalogue.ts';
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
  if (size === undefined) throw sizeUnknown(entry.file);
  await partial.learn({ ...facts, size });
  return size;
}
