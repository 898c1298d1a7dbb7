import { completeInFile } from '../../adapters/registry/write-registry.ts';
import { asPinned, type PinnedEntry } from '../../core/catalogue/entries.ts';
import { WhisperError } from '../../core/errors.ts';
import { asWarning } from '../../core/messages/notices.ts';
import { pinByRecord } from '../../core/lockfile/lockfile.ts';
import { entryOfSource, type ModelSource, type NewSource } from '../../core/registry/sources/source.ts';
import { HubLink } from '../apply/hub-link.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';

/**
 * Writes the missing hashes and sizes of `modelSources`: of a file that was downloaded from there, or as the hub states them.
 * Returns the models; those that nothing is known of, and those that have no place for more attributes, stay as they are.
 */
export async function completeSources(context: Context, session: Session): Promise<readonly string[]> {
  const { sources } = session.registry;
  const declared = sources && 'sources' in sources && sources.written.length > 0 ? sources.sources : [];
  const incomplete = declared.filter(({ sha256, size }) => sha256 === undefined || size === undefined);
  if (incomplete.length === 0) return [];
  const onDisk = new Map((await session.modelsDir.scan()).files.map((file) => [file.name, file]));
  const link = new HubLink(context, {});
  try {
    const pins: NewSource[] = [];
    for (const source of incomplete) {
      const { file } = source;
      const known = asPinned(session.catalogue.get(file)) ?? pinByRecord(entryOfSource(source), onDisk.get(file));
      const pin = pinOf(source, known) ?? (await askHub(context, link, source));
      if (pin) pins.push(pin);
    }
    return pins.length === 0 ? [] : await completeInFile(session.read, pins);
  } finally {
    await link.close();
  }
}

/** What is known of a source, where that is all; never bytes other than those that it names itself. */
function pinOf({ file, url, sha256, size }: ModelSource, known: PinnedEntry | undefined): NewSource | undefined {
  if (!known || known.sha256 !== (sha256 ?? known.sha256) || known.size !== (size ?? known.size)) return undefined;
  return { file, url, sha256: known.sha256, size: known.size };
}

async function askHub(context: Context, link: HubLink, source: ModelSource): Promise<NewSource | undefined> {
  const entry = entryOfSource(source);
  if (entry.url !== undefined || link.isOffline) return undefined;
  try {
    const [pinned] = await link.pin([entry]);
    return pinOf(source, asPinned(pinned));
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    context.reporter.notice(asWarning(error));
    return undefined;
  }
}
