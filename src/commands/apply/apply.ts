import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { joinPlans, keepUnverified, stepsOf } from '../../core/plan/outcome.ts';
import type { LocalCopy, Plan } from '../../core/plan/plan.ts';
import { type Goal, type GoalPlan, planFor } from '../plan/plan.ts';
import type { Hashes } from '../plan/hash-unverified.ts';
import { areRootsNoted } from '../session/root-notes.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';
import type { FetchOptions } from './fetch.ts';
import { preflight, requireSpace } from './preflight.ts';
import type { Downloaded } from './publish.ts';
import type { Pass, RemovalOptions } from './removal.ts';

interface ApplyOptions extends FetchOptions, RemovalOptions {
  readonly dryRun: boolean;
}

export interface Applied {
  readonly dryRun: boolean;
  /** What was pruned, kept and refused; in a dry run what would be. */
  readonly plan: Plan;
  /** The last plan that was made under the lock; `undefined`: nothing was done under it. */
  readonly pass: Pass | undefined;
  /** Models that were downloaded or adopted; in a dry run those that would be. */
  readonly arrived: readonly Downloaded[];
  readonly present: readonly string[];
  readonly registered: readonly string[];
}

const NO_HASHES: Hashes = new Map();

/**
 * Applies the plan for a goal: preflight, hashing, then under the lock a second plan, removal and registration of what is
 * present; then adopting or fetching, publishing and registering the rest. What can be refused is refused before anything
 * changes. `first`: the plan that was made without the lock; without it nothing is fetched.
 */
export async function apply(
  context: Context,
  goal: Goal,
  options: ApplyOptions,
  session: Session,
  first?: GoalPlan,
): Promise<Applied> {
  const { dryRun, watch } = options;
  const brings = first !== undefined && first.wanted.length > 0;
  if (first) await preflight(context, goal, first);
  const none = { dryRun, pass: undefined, arrived: [], present: [], registered: [] };
  if (first && !dryRun && !brings && (await isDone(goal, first))) return { ...none, plan: first.plan };
  // Hashing decides what is removed, and so what fits. A prune first removes what needs no hash.
  const early = watch?.hashes ?? (first && (dryRun || brings) ? await hash(context, first) : NO_HASHES);
  if (first && (dryRun || brings)) {
    const plan = early.size > 0 && !watch ? (await planFor(context, goal, await goal.load(), early)).plan : first.plan;
    requireSpace(session, plan);
    if (dryRun) return dryRunOf(first, keepUnverified(plan));
  }
  // A prune that has nothing to do, as after most saves, does not load the modules for removal and registration.
  const [{ removeLeftovers }, { removeUnderLock }] = await Promise.all([
    import('../../adapters/registry/text-file.ts'),
    import('./removal.ts'),
  ]);
  if (!watch) await removeLeftovers(session.registry.file);
  const pass = await removeUnderLock(context, goal, options, session, early, first?.plan);
  if (first && brings) return bring(context, goal, options, pass);
  if (watch || pass.plan.unverified.length === 0) return { ...none, plan: pass.plan, pass };
  const late = await hash(context, { ...pass.planned, plan: pass.plan });
  const second = await removeUnderLock(context, goal, options, session, late, pass.plan);
  return { ...none, plan: keepUnverified(joinPlans(pass.plan, second.plan)), pass: second };
}

/** Whether pruning has nothing to do, not even to create the directory or to note who uses it. */
async function isDone({ wanted }: Goal, { session, plan, ...roots }: GoalPlan): Promise<boolean> {
  if (!wanted && !session.modelsDir.exists()) return true;
  return stepsOf(plan) + plan.unverified.length === 0 && areRootsNoted(session, roots);
}

async function hash(context: Context, { session, plan }: Pick<GoalPlan, 'session' | 'plan'>): Promise<Hashes> {
  if (plan.unverified.length === 0) return NO_HASHES;
  return (await import('../plan/hash-unverified.ts')).hashUnverified(context, session, plan);
}

async function bring(context: Context, goal: Goal, options: ApplyOptions, pass: Pass): Promise<Applied> {
  const { session, wanted, toRegister } = pass.planned;
  const plan = keepUnverified(pass.plan);
  const { fetchModels } = await import('./fetch.ts');
  const { arrived, byOthers, registered } = await fetchModels(context, session, plan, {
    ...options,
    refetch: goal.refetch,
    register: goal.register ? wanted : undefined,
  });
  const names = new Set([...pass.registered, ...registered]);
  return {
    dryRun: false,
    plan,
    pass,
    arrived,
    present: [...plan.present, ...byOthers],
    // In the order in which they were asked for, whichever arrived first.
    registered: toRegister.filter((name) => names.has(name)),
  };
}

function dryRunOf({ session: { modelsDir }, toRegister }: GoalPlan, plan: Plan): Applied {
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
  const arrived = [
    ...plan.adopt.map(({ entry, sources }) => planned(entry, sources[0])),
    ...plan.fetch.map(({ entry }) => planned(entry)),
  ];
  return { dryRun: true, plan, pass: undefined, arrived, present: plan.present, registered: toRegister };
}
