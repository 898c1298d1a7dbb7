import { removeLeftovers } from '../../adapters/registry/text-lock.ts';
import { previewChange, writeChange } from '../../adapters/registry/write-registry.ts';
import { noteModelsFolder } from '../../adapters/store/known-folders.ts';
import { asPinned, type CatalogueEntry } from '../../core/catalogue/entries.ts';
import { emptyListNotPruned } from '../../core/messages/notices.ts';
import type { LocalCopy, Plan, Sized } from '../../core/plan/plan.ts';
import { afterSteps, keepUnverified } from '../../core/plan/outcome.ts';
import type { Hashes } from '../plan/hash-unverified.ts';
import {
  lookElsewhere,
  planSession,
  type PruneRules,
  requireAllowed,
  type SessionPlan,
  warnOfMistakes,
} from '../plan/plan-session.ts';
import { warnOfOverride } from '../session/override.ts';
import {
  type CommonOptions,
  type Context,
  listChange,
  lockSettings,
  openSession,
  type Session,
} from '../session/session.ts';
import { type Adopted, adoptedOf } from './adopt.ts';
import { type Downloaded, type BeforePublish, removePublishedPartial } from './publish.ts';
import { fetchModels, type FetchOptions } from './fetch.ts';
import { requireFetchable, requireSpace } from './preflight.ts';
import { applyPrune, warnOfUse, withPruneLock } from './removal.ts';
import { updateLockfile, requireLockfileWritable } from './update-lockfile.ts';

export interface ReconcileOptions extends CommonOptions, FetchOptions {
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly allowEmpty: boolean;
  readonly unmanaged: boolean;
}

export interface ReconcileResult {
  readonly dryRun: boolean;
  readonly pruned: readonly Sized[];
  readonly downloaded: readonly Downloaded[];
  readonly present: readonly string[];
  readonly adopted: readonly Adopted[];
  readonly registered: readonly string[];
  readonly plan: Plan;
}

/** Which models are wanted of a session, and whether they are to be registered. */
export interface ReconcileRequest {
  readonly wanted: (session: Session) => readonly string[];
  readonly register: boolean;
  /** An empty list ends the command, or just leaves the pruning out. */
  readonly onEmptyList: 'refuse' | 'keep';
}

/** Prunes, adopts or fetches what is wanted and missing, and registers it. Everything that can be refused is, before anything is touched. */
export async function reconcile(
  context: Context,
  options: ReconcileOptions,
  wish: ReconcileRequest,
): Promise<ReconcileResult> {
  const look = async (hashes?: Hashes): Promise<Look> => lookAround(context, options, wish, hashes);
  const first = await look();
  const { session, wanted, toRegister } = first;
  warnOfOverride(context, options, session);
  warnOfMistakes(context, session, first.planned);
  warnOfUse(context, first.planned.plan);
  if (first.isListKept) context.reporter.notice(emptyListNotPruned());
  requireFetchable(session, first.planned.plan);
  if (toRegister.length > 0)
    await previewChange(session.read, listChange(session.registry, { kind: 'add', names: toRegister }));
  if (wish.register) await requireLockfileWritable(session, wanted, comingOf(first.planned.plan));
  // What they free may be needed, so they are hashed before it is known what fits.
  const hashes = await hashWhere(context, first);
  const { plan: before } = hashes ? (await look(hashes)).planned : first.planned;
  requireSpace(session, before);
  if (options.dryRun)
    return resultOf(context, true, keepUnverified(before), plannedModels(session, before), toRegister);
  await removeLeftovers(session.registry.file);

  const lock = lockSettings(context, options.wait);
  const work = async (): Promise<{ readonly registered: string[]; readonly underLock: Plan }> => {
    const now = await look(hashes);
    const pruned = await applyPrune(context, now.session, now.planned, { coming: now.toRegister });
    if (hashes)
      (await import('../plan/hash-unverified.ts')).rememberHashes(context, now.session, now.planned, hashes, false);
    for (const name of now.planned.plan.present) removePublishedPartial(now.session.modelsDir, name);
    const present = now.toRegister.filter((name) => now.planned.plan.present.includes(name));
    if (present.length > 0)
      await writeChange(session.read, listChange(now.session.registry, { kind: 'add', names: present }));
    if (wish.register) await updateLockfile(context, now.session, { wanted: now.wanted, verified: [] });
    return { registered: [...present], underLock: keepUnverified(pruned) };
  };
  const lookAgain = async (): Promise<SessionPlan> => (await look(hashes)).planned;
  const locked = await withPruneLock(session, { settings: lock, look: lookAgain, work });
  const { registered, underLock } = locked.result;
  const plan = afterSteps(underLock, locked.before);
  const entries = comingOf(plan);
  const beforePublish: BeforePublish = async (name, verified) => {
    await noteModelsFolder(context.host.environment, session.modelsDir.path);
    if (!wish.register) return;
    const { entries: changes } = await writeChange(
      session.read,
      listChange(session.registry, { kind: 'add', names: [name] }),
    );
    if (changes.some(({ how }) => how !== 'present')) registered.push(name);
    const pin = asPinned(verified);
    await updateLockfile(context, session, { wanted, verified: pin ? [pin] : [] });
  };
  const sources = new Map(plan.adopt.map(({ entry, sources: each }) => [entry.file, each]));
  const arrived = await fetchModels(context, session, entries, options, beforePublish, sources);
  const fetchedByOthers = entries.map(({ file }) => file).filter((file) => !arrived.some(({ name }) => name === file));
  // As they were wanted, in whatever order they arrived.
  const inOrder = toRegister.filter((name) => registered.includes(name));
  const result = resultOf(context, false, plan, arrived, inOrder);
  return { ...result, present: [...plan.present, ...fetchedByOthers] };
}

interface Look {
  readonly session: Session;
  readonly planned: SessionPlan;
  /** The list is empty, so that nothing is pruned. */
  readonly isListKept: boolean;
  readonly wanted: readonly string[];
  readonly toRegister: readonly string[];
}

/** `undefined`: there is nothing to hash. */
async function hashWhere(context: Context, { session, planned }: Look): Promise<Hashes | undefined> {
  if (planned.plan.unverified.length === 0) return undefined;
  return (await import('../plan/hash-unverified.ts')).hashUnverified(context, session, planned.plan);
}

async function lookAround(
  context: Context,
  options: ReconcileOptions,
  wish: ReconcileRequest,
  hashes?: Hashes,
): Promise<Look> {
  const session = await openSession(context, options);
  const wanted = wish.wanted(session);
  const { prune, unmanaged, allowEmpty, dryRun } = options;
  const rules: PruneRules = { prune, unmanaged, allowEmpty, inUse: false, roots: { mayNote: !dryRun } };
  let planned = await planSession(context, session, rules, { wanted, refetch: options.refetch }, hashes);
  const isListKept = wish.onEmptyList === 'keep' && planned.plan.refusal?.error.code === 'registry-empty';
  if (!isListKept) requireAllowed(planned);
  if (!options.refetch) planned = { ...planned, plan: lookElsewhere(context, session, planned.plan) };
  const active = new Set(session.active.map(({ name }) => name));
  return {
    session,
    planned,
    isListKept,
    wanted,
    toRegister: wish.register ? wanted.filter((name) => !active.has(name)) : [],
  };
}

function comingOf({ adopt, fetch }: Plan): readonly CatalogueEntry[] {
  return [...adopt, ...fetch].map(({ entry }) => entry);
}

function plannedModels({ modelsDir }: Session, { adopt, fetch }: Plan): readonly Downloaded[] {
  const planned = ({ file, size, sha256 }: CatalogueEntry, source?: LocalCopy): Downloaded => ({
    name: file,
    path: modelsDir.modelPath(file),
    size: size ?? 0,
    sha256: sha256 ?? '',
    seconds: 0,
    received: 0,
    connections: 0,
    verifiedBy: undefined,
    ...(source && { adoptedFrom: source.path }),
  });
  return [
    ...adopt.map(({ entry, sources }) => planned(entry, sources[0])),
    ...fetch.map(({ entry }) => planned(entry)),
  ];
}

function resultOf(
  { host }: Context,
  dryRun: boolean,
  plan: Plan,
  arrived: readonly Downloaded[],
  registered: readonly string[],
): ReconcileResult {
  const adopted = arrived.flatMap((model) => adoptedOf(host, model) ?? []);
  const downloaded = arrived.filter(({ adoptedFrom }) => adoptedFrom === undefined);
  return {
    dryRun,
    pruned: plan.prune,
    downloaded,
    present: plan.present,
    adopted,
    registered,
    plan,
  };
}
