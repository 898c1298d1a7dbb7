import { notEnoughSpaceForRepair } from '../core/messages/disk.ts';
import { linkSkipped, ownFileSkipped, movedAside } from '../core/messages/notices.ts';
import type { CatalogueEntry } from '../core/catalogue/entries.ts';
import { expectedOf, fateOf, type Verified } from '../core/plan/managed.ts';
import { fetchModels } from './apply/fetch.ts';
import type { Context, Session, CommonOptions } from './session/session.ts';
import { occupied } from './apply/preflight.ts';
import { fingerprint } from './plan/hash-unverified.ts';
import type { Identity } from '../core/formats/identify.ts';
import type { ModelFile } from '../core/plan/plan.ts';
import type { LinkOptions } from './apply/hub-link.ts';

/**
 * Fetches again what is corrupt, and what is active and missing; a bad file stays until the right one takes its place, and
 * is left alone if it is another one by then. Returns the names of what is right now.
 */
export async function repair(
  context: Context,
  session: Session,
  options: VerifyOptions,
  models: readonly Inspected[],
): Promise<readonly string[]> {
  const { modelsDir } = session;
  const missing = models.flatMap((model) => missingEntry(context, session, model) ?? []);
  const corrupt = models.flatMap((model) => corruptEntry(context, session, model) ?? []);
  requireRoom(session, [...missing, ...corrupt]);
  const inspected = new Map(models.map((model) => [model.name, model]));
  const makeWay = async (name: string): Promise<void> => {
    const { file, identity, fingerprint: print } = inspected.get(name) ?? {};
    if ((await fingerprint(modelsDir.modelPath(name))) !== print) throw occupied(modelsDir, name);
    const entry = corrupt.find((each) => each.file === name);
    if (!file || !identity || !entry || fateOf(file, identity, entry) !== 'set aside') return;
    context.reporter.notice(movedAside(name, modelsDir.setAside(name)));
  };
  const fetched = [
    ...(await fetchModels(context, session, missing, { ...options, refetch: false }, async () => {})),
    ...(await fetchModels(context, session, corrupt, { ...options, refetch: true }, makeWay)),
  ];
  return fetched.map(({ name }) => name);
}

function missingEntry(
  { reporter }: Context,
  session: Session,
  { name, status }: Inspected,
): CatalogueEntry | undefined {
  const { active, catalogue, modelsDir } = session;
  if (status !== 'missing' || !active.some((entry) => entry.name === name)) return undefined;
  if (!modelsDir.isOccupied(name)) return expectedOf(name, undefined, catalogue);
  // A folder, or a link to a disk that may only be away for now.
  reporter.notice(occupied(modelsDir, name).message);
  return undefined;
}

function corruptEntry({ reporter }: Context, session: Session, model: Inspected): CatalogueEntry | undefined {
  const { name, status, file, identity } = model;
  const { catalogue, modelsDir } = session;
  const entry = status === 'corrupt' ? expectedOf(name, file, catalogue) : undefined;
  if (!entry || !file || !identity) return undefined;
  if (fateOf(file, identity, entry) !== 'stays') return entry;
  const path = modelsDir.modelPath(name);
  reporter.notice(file.isLink ? linkSkipped(path) : ownFileSkipped(path, name));
  return undefined;
}

function requireRoom({ modelsDir }: Session, entries: readonly CatalogueEntry[]): void {
  const needed = entries.reduce((sum, { size = 0 }) => sum + size, 0);
  const free = modelsDir.freeSpace();
  if (needed > free) throw notEnoughSpaceForRepair(modelsDir.path, needed, free);
}

export interface VerifyOptions extends CommonOptions, LinkOptions {
  /** Short or full names; none: what is active, and what is there. */
  readonly models: readonly string[];
  /** Fetches again what is corrupt, and what is active and missing. */
  readonly repair: boolean;
  /** Milliseconds to wait for a lock. */
  readonly wait: number;
}

/** One model, with what a person wants to know of a corrupt one. */
export interface Inspected extends Verified {
  readonly file: ModelFile | undefined;
  /** Whether the list names it. */
  readonly isActive: boolean;
  /** What the bytes are, where they are not the right ones. */
  readonly identity: Identity | undefined;
  /** Tells whether it is still the file that was hashed. */
  readonly fingerprint: string | undefined;
  /** Somebody is writing to it, so that nothing can be said of it. */
  readonly isChanging: boolean;
}
