import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { type FileFacts, readFileFacts, wholeSize } from '../../core/hub/answer.ts';
import { sizeUnknown } from '../../core/messages/hub.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { HubAccess } from './access.ts';
import type { ByteSource } from './byte-source.ts';
import type { HttpClient } from './client.ts';

/** The largest answer of the hub's API that is read, in bytes: a repository of thousands of files. */
const MOST = 8 * 1024 * 1024;

/**
 * Asks the hub's API for the files of a repository with their sizes and hashes, and for the commit. `undefined` where there is no
 * such API, as on plain mirrors: then the answers for the file itself have to do. Never throws for what the hub says.
 */
export async function askRepo(
  client: HttpClient,
  hub: HubAccess,
  { repo, revision }: Pick<CatalogueEntry, 'repo' | 'revision'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileFacts> | undefined> {
  const base = hub.endpoint.href.replace(/\/+$/, '');
  const url = new URL(`${base}/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`);
  await hub.holds.passed(url.origin, signal);
  const { token } = hub;
  try {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { status, body } = await client.get(url, headers, signal);
    const text = await body.text(MOST);
    return status === 200 ? readFileFacts(text) : undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    // Whether the hub can be reached at all is told when the file itself is asked for.
    return undefined;
  }
}

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
