import { withLock } from '../adapters/lock.ts';
import { joinPlans, keepUnverified } from '../core/models/plan-outcome.ts';
import type { Plan } from '../core/models/plan.ts';
import { stepsOf } from '../core/models/plan-sums.ts';
import type { Hashes } from './hash-unverified.ts';
import { ownRoot } from './other-roots.ts';
import { planSession, requireAllowed, warnOfMistakes, type PruneRules, type SessionPlan } from './plan-session.ts';
import { applyPrune, warnOfUse } from './removal.ts';
import { lockSettings, openSession, type CommonOptions, type Context, type Session } from './session.ts';

export interface PruneOptions extends CommonOptions {
  readonly dryRun: boolean;
  readonly allowEmpty: boolean;
  readonly unmanaged: boolean;
  /** Models that somebody uses may go too. */
  readonly inUse: boolean;
  /** Milliseconds to wait for the lock. */
  readonly wait: number;
  /** Mostly there is nothing to do, as when an editor saves: that is found out before anything is locked. */
  readonly isTrigger: boolean;
}

export interface PruneResult {
  readonly dryRun: boolean;
  readonly plan: Plan;
}

/**
 * Removes managed models that no registry lists. Files whose bytes are not known are hashed first, without the lock: what
 * goes without that is gone by then.
 */
export async function prune(context: Context, options: PruneOptions): Promise<PruneResult> {
  const { dryRun } = options;
  const before = await openSession(context, options);
  if (dryRun || !before.modelsDir.exists()) return { dryRun, plan: await planExactly(context, options, before) };
  if (options.isTrigger || !before.modelsDir.hasNotes()) {
    // A refusal must not leave even an empty folder behind.
    const planned = await planAllowed(context, options, before);
    const { plan, goneRoots } = planned;
    const isNoted = await before.modelsDir.roots.has(ownRoot(before));
    if (isNoted && stepsOf(plan) + plan.unverified.length + goneRoots.length === 0) {
      warn(context, before, planned);
      return { dryRun, plan };
    }
  }
  const first = await pruneUnderLock(context, options, before);
  if (first.unverified.length === 0) return { dryRun, plan: first };
  const { hashUnverified } = await import('./hash-unverified.ts');
  const hashes = await hashUnverified(context, before, first);
  const second = await pruneUnderLock(context, options, before, { hashes, first });
  return { dryRun, plan: keepUnverified(joinPlans(first, second)) };
}

async function planAllowed(
  context: Context,
  options: PruneOptions,
  session: Session,
  hashes?: Hashes,
): Promise<SessionPlan> {
  const { unmanaged, allowEmpty, inUse } = options;
  const rules: PruneRules = { prune: true, unmanaged, allowEmpty, inUse };
  const planned = await planSession(context, session, rules, { wanted: [], refetch: false }, hashes);
  requireAllowed(planned);
  return planned;
}

function warn(context: Context, session: Session, planned: SessionPlan): void {
  warnOfMistakes(context, session, planned);
  warnOfUse(context, planned.plan);
}

/** What would be done. Nothing is written. */
async function planExactly(context: Context, options: PruneOptions, session: Session): Promise<Plan> {
  const planned = await planAllowed(context, options, session);
  warn(context, session, planned);
  if (planned.plan.unverified.length === 0) return planned.plan;
  const { hashUnverified } = await import('./hash-unverified.ts');
  const hashes = await hashUnverified(context, session, planned.plan);
  return keepUnverified((await planAllowed(context, options, session, hashes)).plan);
}

/** What hashing told, after a first plan was carried out. */
interface Again {
  readonly hashes: Hashes;
  readonly first: Plan;
}

async function pruneUnderLock(
  context: Context,
  options: PruneOptions,
  { modelsDir }: Session,
  again?: Again,
): Promise<Plan> {
  return withLock(modelsDir.lockPath, lockSettings(context, options.wait), async () => {
    // Read again: what was true before the lock need not be true under it.
    const session = await openSession(context, options);
    const planned = await planAllowed(context, options, session, again?.hashes);
    if (!again) warn(context, session, planned);
    else warnOfUse(context, { inUse: newlyUsed(planned.plan, again.first) });
    const plan = await applyPrune(context, session, planned);
    if (again) (await import('./hash-unverified.ts')).rememberHashes(context, session, planned, again.hashes, false);
    return plan;
  });
}

function newlyUsed({ inUse }: Plan, first: Plan): Plan['inUse'] {
  return inUse.filter(({ name }) => first.inUse.every((known) => known.name !== name));
}
