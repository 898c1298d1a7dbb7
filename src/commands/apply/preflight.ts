import type { ModelsDir } from '../../adapters/store/models-dir.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { suggest } from '../../core/catalogue/catalogue.ts';
import { shortName } from '../../core/catalogue/names.ts';
import type { WhisperError } from '../../core/errors.ts';
import { nameTaken } from '../../core/messages/addresses.ts';
import { notEnoughSpace, notEnoughSpaceForFile } from '../../core/messages/disk.ts';
import { unknownListedModel } from '../../core/messages/edits.ts';
import { conflictingFile, pathOccupied } from '../../core/messages/models.ts';
import { emptyListNotPruned, keptInUse } from '../../core/messages/notices.ts';
import { shortfallOf } from '../../core/plan/outcome.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { describeUser } from '../../core/plan/users.ts';
import { placeOf } from '../../core/registry/diagnostic.ts';
import type { Goal, GoalPlan } from '../plan/plan.ts';
import type { Context } from '../session/context.ts';
import { listChange, type Session } from '../session/session.ts';

/** Warns of models in use and of an empty list, and throws what can be refused before anything changes. */
export async function preflight(context: Context, goal: Goal, first: GoalPlan): Promise<void> {
  const { session, plan, wanted, toRegister } = first;
  warnOfUse(context, plan);
  // Any other refusal was thrown.
  if (plan.refusal) context.reporter.notice(emptyListNotPruned());
  requireFetchable(session, plan);
  if (toRegister.length > 0) {
    const { previewChange } = await import('../../adapters/registry/write-registry.ts');
    await previewChange(session.read, listChange(session, { kind: 'add', names: toRegister }));
  }
  if (goal.register) await (await import('./lockfile.ts')).requireLockfileWritable(session, wanted, comingOf(plan));
}

export function comingOf({ adopt, fetch }: Pick<Plan, 'adopt' | 'fetch'>): readonly CatalogueEntry[] {
  return [...adopt, ...fetch].map(({ entry }) => entry);
}

/** Says which models are kept because a process uses them, but for those of the plan that was `seen` before. */
export function warnOfUse({ reporter }: Context, { inUse }: Plan, seen?: Plan): void {
  const known = new Set(seen?.inUse.map(({ name }) => name));
  for (const { name, users } of inUse) if (!known.has(name)) reporter.notice(keptInUse(name, users.map(describeUser)));
}

/** Throws `no-space` (exit 6) where the sizes that are known only from the hub do not fit, before a byte is fetched. */
export function requireRoom(
  modelsDir: ModelsDir,
  before: readonly CatalogueEntry[],
  after: readonly CatalogueEntry[],
): void {
  const sizes = after.map(({ size = 0 }, index) => (before[index]?.size === undefined ? size : 0));
  const needed = sizes.reduce((sum, size) => sum + size, 0);
  const free = modelsDir.freeSpace();
  if (needed > free) throw notEnoughSpaceForFile(modelsDir.path, needed, free);
}

export function occupied(modelsDir: ModelsDir, name: string): WhisperError {
  return pathOccupied(name, modelsDir.modelPath(name));
}

function requireFetchable(
  { registry, active, catalogue, modelsDir, declared }: Session,
  { unknown, blocked, fetch, adopt, present }: Plan,
): void {
  // A plan leaves out what is not a file, and links that lead nowhere.
  const hidden = [...adopt, ...fetch].find(
    ({ entry }) => modelsDir.isOccupied(entry.file) && !modelsDir.has(entry.file, undefined),
  );
  if (hidden) throw occupied(modelsDir, hidden.entry.file);
  if (adopt.length + fetch.length > 0) modelsDir.requireWritable();
  // Nothing tells whether such a file is the one at the address.
  const unpinned = declared.find(({ file, sha256 }) => sha256 === undefined && present.includes(file));
  if (unpinned) throw nameTaken(unpinned.file, 'the models directory');
  const entry = active.find(({ name }) => unknown.includes(name));
  if (entry)
    throw unknownListedModel(entry.name, suggest(entry.name, catalogue), placeOf(registry.file, registry.text, entry));
  const [file] = blocked;
  if (file) throw conflictingFile(file, catalogue.get(file.name)?.pinnedBy ?? 'catalogue');
}

/** Throws `no-space` (exit 6) where what is to be fetched does not fit, even after pruning. */
export function requireSpace({ modelsDir }: Session, plan: Plan): void {
  if (shortfallOf(plan) === 0) return;
  const { needed, freed, free, unmanaged, kept } = plan;
  const others = [...unmanaged.map(({ name }) => name), ...kept];
  throw notEnoughSpace(modelsDir.path, { needed, free, freed }, others.map(shortName));
}
