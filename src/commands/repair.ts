import { WhisperError } from '../core/errors.ts';
import type { CatalogueEntry } from '../core/models/catalogue.ts';
import { shortName } from '../core/models/name.ts';
import { expectedOf, mayBeReplaced } from '../core/models/verification.ts';
import { fetchModels } from './fetch.ts';
import type { Context, Session } from './session.ts';
import type { Inspected, VerifyOptions } from './verify.ts';

/**
 * Fetches again what is corrupt, and what is active and missing; a bad file stays until the right one takes its place.
 * Returns the names of what is right now.
 */
export async function repair(
  context: Context,
  session: Session,
  options: VerifyOptions,
  models: readonly Inspected[],
): Promise<readonly string[]> {
  const { modelsDir } = session;
  const entries = models.flatMap((model) => wantedEntry(context, session, model) ?? []);
  requireRoom(session, entries);
  const fetched = await fetchModels(context, modelsDir, entries, { ...options, refetch: true }, async () => {});
  return fetched.map(({ name }) => name);
}

function wantedEntry({ talk }: Context, session: Session, model: Inspected): CatalogueEntry | undefined {
  const { name, status, file, identity } = model;
  const { active, catalogue, modelsDir } = session;
  const isWanted = status === 'corrupt' || (status === 'missing' && active.some((entry) => entry.name === name));
  const entry = isWanted ? expectedOf(name, file, catalogue) : undefined;
  if (!entry) return undefined;
  if (!file || !identity) return entry;
  if (mayBeReplaced(file, identity, catalogue)) return entry;
  const path = modelsDir.modelPath(name);
  talk.notice(
    file.isLink
      ? `${path} is a link and was left alone; remove it, and run the same command again`
      : `${path} may be a model of your own and was left alone; whisper download --force ${shortName(name)} replaces it`,
  );
  return undefined;
}

function requireRoom({ modelsDir }: Session, entries: readonly CatalogueEntry[]): void {
  const needed = entries.reduce((sum, { size = 0 }) => sum + size, 0);
  const { free } = modelsDir.scan();
  if (needed <= free) return;
  throw new WhisperError(
    'no-space',
    `${needed} bytes are needed in ${modelsDir.path} while the bad files are still there, and ${free} are free`,
    'Free some space, or remove the bad files and run whisper sync.',
    { details: { needed, free } },
  );
}
