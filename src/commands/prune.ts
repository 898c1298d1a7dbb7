import { removeLeftovers } from '../adapters/registry/text-lock.ts';
import { afterSteps, joinPlans, keepUnverified, stepsOf } from '../core/plan/outcome.ts';
import type { Plan } from '../core/plan/plan.ts';
import { applyPrune, warnOfUse, withPruneLock } from './apply/removal.ts';
import type { Hashes } from './plan/hash-unverified.ts';
import { planSession, type PruneRules, requireAllowed, type SessionPlan, warnOfMistakes } from './plan/plan-session.ts';
import { warnOfOverride } from './session/override.ts';
import { areRootsNoted, noteOwn, rootsToForget } from './session/root-notes.ts';
import { type CommonOptions, type Context, lockSettings, openSession, type Session } from './session/session.ts';

export interface PruneOptions extends CommonOptions {
  readonly dryRun: boolean;
  readonly allowEmpty: boolean;
  readonly unmanaged: boolean;
  /** Models that somebody uses may go too. */
  readonly inUse: boolean;
  /** Milliseconds to wait for the lock. */
  readonly wait: number;
  /** A path that means a root whose list is not to count any more. */
  readonly forgetRoot: string | undefined;
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
  warnOfOverride(context, options, before);
  const rules = await rulesOf(context, options, before);
  if (dryRun || !before.modelsDir.exists()) return { dryRun, plan: await planExactly(context, rules, before) };
  if (options.isTrigger || !before.modelsDir.hasNotes()) {
    // A refusal must not leave even an empty folder behind.
    const planned = await planAllowed(context, rules, before);
    const { plan } = planned;
    if (stepsOf(plan) + plan.unverified.length === 0 && (await areRootsNoted(before, planned))) {
      warn(context, before, planned);
      return { dryRun, plan };
    }
  }
  await removeLeftovers(before.registry.file);
  const first = await pruneUnderLock(context, options, rules, before);
  if (first.unverified.length === 0) return { dryRun, plan: first };
  const { hashUnverified } = await import('./plan/hash-unverified.ts');
  const hashes = await hashUnverified(context, before, first);
  const second = await pruneUnderLock(context, options, rules, before, { hashes, first });
  return { dryRun, plan: keepUnverified(joinPlans(first, second)) };
}

async function rulesOf(context: Context, options: PruneOptions, session: Session): Promise<PruneRules> {
  const { unmanaged, allowEmpty, inUse, dryRun, forgetRoot } = options;
  const forgotten = forgetRoot === undefined ? undefined : await rootsToForget(context, session, forgetRoot);
  const roots = { mayNote: !dryRun, ...(forgotten && { forgotten }) };
  return { prune: true, unmanaged, allowEmpty, inUse, roots };
}

async function planAllowed(
  context: Context,
  rules: PruneRules,
  session: Session,
  hashes?: Hashes,
): Promise<SessionPlan> {
  const planned = await planSession(context, session, rules, { wanted: [], refetch: false }, hashes);
  requireAllowed(planned);
  return planned;
}

function warn(context: Context, session: Session, planned: SessionPlan): void {
  warnOfMistakes(context, session, planned);
  warnOfUse(context, planned.plan);
}

/** What would be done. Nothing is written. */
async function planExactly(context: Context, rules: PruneRules, session: Session): Promise<Plan> {
  const planned = await planAllowed(context, rules, session);
  warn(context, session, planned);
  if (planned.plan.unverified.length === 0) return planned.plan;
  const { hashUnverified } = await import('./plan/hash-unverified.ts');
  const hashes = await hashUnverified(context, session, planned.plan);
  return keepUnverified((await planAllowed(context, rules, session, hashes)).plan);
}

/** What hashing told, after a first plan was carried out. */
interface Again {
  readonly hashes: Hashes;
  readonly first: Plan;
}

async function pruneUnderLock(
  context: Context,
  options: PruneOptions,
  rules: PruneRules,
  before: Session,
  again?: Again,
): Promise<Plan> {
  const locked = await withPruneLock(before, {
    settings: lockSettings(context, options.wait),
    look: async () => planAllowed(context, rules, await openSession(context, options), again?.hashes),
    work: async () => {
      // Read again: what was true before the lock need not be true under it.
      const session = await openSession(context, options);
      const planned = await planAllowed(context, rules, session, again?.hashes);
      if (!again) warn(context, session, planned);
      else warnOfUse(context, { inUse: newlyUsed(planned.plan, again.first) });
      const plan = await applyPrune(context, session, planned);
      if (again)
        (await import('./plan/hash-unverified.ts')).rememberHashes(context, session, planned, again.hashes, false);
      return plan;
    },
    whenIdle: async (planned) => {
      if (again) return planned.plan;
      warn(context, before, planned);
      await noteOwn(context, before);
      return planned.plan;
    },
  });
  return afterSteps(locked.result, locked.before);
}

function newlyUsed({ inUse }: Plan, first: Plan): Plan['inUse'] {
  return inUse.filter(({ name }) => first.inUse.every((known) => known.name !== name));
}
