import type { BigIntStats } from 'node:fs';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { Identity } from '../../core/formats/identify.ts';
import { notEnoughSpaceForRepair } from '../../core/messages/disk.ts';
import { linkSkipped, ownFileSkipped } from '../../core/messages/notices.ts';
import { expectedOf, fateOf, type Verified } from '../../core/plan/managed.ts';
import type { ModelFile } from '../../core/plan/plan.ts';
import { apply } from '../apply/apply.ts';
import type { LinkOptions } from '../apply/hub-link.ts';
import { occupied } from '../apply/preflight.ts';
import type { Replaced } from '../apply/publish.ts';
import { type Goal, planFor } from '../plan/plan.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';

/**
 * Fetches again what is corrupt, and what is active and missing. A corrupt file stays until the right one replaces it, and
 * is not touched if it is another one by then. Returns the names of what is valid now.
 */
export async function repair(
  context: Context,
  session: Session,
  options: VerifyOptions,
  models: readonly Inspected[],
): Promise<readonly string[]> {
  const missing = models.flatMap((model) => missingEntry(context, session, model) ?? []);
  const corrupt = models.flatMap((model) => corruptModel(context, session, model) ?? []);
  const entries = [...missing, ...corrupt.map(({ entry }) => entry)];
  if (entries.length === 0) return [];
  const names = entries.map(({ file }) => file);
  const replace = new Map(corrupt.map(({ entry, replaced }) => [entry.file, replaced]));
  const expected = new Map([...session.catalogue, ...entries.map((entry) => [entry.file, entry] as const)]);
  const repaired = { ...session, catalogue: expected };
  const goal: Goal = {
    load: async () => repaired,
    wanted: () => names,
    // A missing model that another process downloads in the meantime is not fetched again.
    refetch: new Set(replace.keys()),
    register: false,
    onEmptyList: 'keep',
    rules: { prune: false, unmanaged: false, allowEmpty: true, inUse: false },
  };
  const first = await planFor(context, goal, repaired);
  const { needed, free } = first.plan;
  if (needed > free) throw notEnoughSpaceForRepair(session.modelsDir.path, needed, free);
  const { arrived } = await apply(context, goal, { ...options, dryRun: false, replace }, repaired, first);
  return arrived.map(({ name }) => name);
}

function missingEntry(
  { reporter }: Context,
  session: Session,
  { name, status }: Inspected,
): CatalogueEntry | undefined {
  const { active, catalogue, modelsDir } = session;
  if (status !== 'missing' || !active.some((entry) => entry.name === name)) return undefined;
  if (!modelsDir.isOccupied(name)) return expectedOf(name, undefined, catalogue);
  // A folder, or a link to a disk that may not be mounted now.
  reporter.notice(occupied(modelsDir, name).message);
  return undefined;
}

function corruptModel(
  { reporter }: Context,
  { catalogue, modelsDir }: Session,
  { name, status, file, identity, found }: Inspected,
): { readonly entry: CatalogueEntry; readonly replaced: Replaced } | undefined {
  const entry = status === 'corrupt' ? expectedOf(name, file, catalogue) : undefined;
  if (!entry || !file || !identity || !found) return undefined;
  const fate = fateOf(file, identity, entry);
  if (fate !== 'stays') return { entry, replaced: { file: found, setAside: fate === 'set aside' } };
  const path = modelsDir.modelPath(name);
  reporter.notice(file.isLink ? linkSkipped(path) : ownFileSkipped(path, name));
  return undefined;
}

export interface VerifyOptions extends CommonOptions, LinkOptions {
  /** Short or full names; none: active and downloaded models. */
  readonly models: readonly string[];
  /** Fetches again what is corrupt, and what is active and missing. */
  readonly repair: boolean;
  /** Milliseconds to wait for a lock. */
  readonly wait: number;
}

/** A verified model, with what is shown of a corrupt one. */
export interface Inspected extends Verified {
  readonly file: ModelFile | undefined;
  readonly isActive: boolean;
  /** What the bytes are, where they are not the right ones. */
  readonly identity: Identity | undefined;
  readonly found: BigIntStats | undefined;
  /** Whether it keeps changing, so that its hash is not known. */
  readonly isChanging: boolean;
}
