import { withLock } from '../adapters/lock.ts';
import type { Plan } from '../core/models/plan.ts';
import { planSession, warnOfNames, type PruneRules, type SessionPlan } from './plan-session.ts';
import { applyPrune, requireNotEmpty } from './removal.ts';
import { lockSettings, openSession, type CommonOptions, type Context, type Session } from './session.ts';

export interface PruneOptions extends CommonOptions {
  readonly dryRun: boolean;
  readonly allowEmpty: boolean;
  readonly unmanaged: boolean;
  /** Milliseconds to wait for the lock. */
  readonly wait: number;
}

export interface PruneResult {
  readonly dryRun: boolean;
  readonly plan: Plan;
}

/** Removes managed models that no registry lists. */
export async function prune(context: Context, options: PruneOptions): Promise<PruneResult> {
  const rules: PruneRules = { prune: true, unmanaged: options.unmanaged, allowEmpty: options.allowEmpty };
  const look = async (): Promise<{ session: Session; planned: SessionPlan }> => {
    const session = await openSession(context, options);
    const planned = await planSession(context, session, rules, { wanted: [], refetch: false });
    requireNotEmpty(session, planned.plan, rules);
    return { session, planned };
  };
  const { session, planned } = await look();
  warnOfNames(context, session, planned.plan.kept);
  if (options.dryRun || !session.modelsDir.exists()) return { dryRun: options.dryRun, plan: planned.plan };
  return withLock(session.modelsDir.lockPath, lockSettings(context, options.wait), async () => {
    // Looked at again: what was true before the lock need not be true under it.
    const now = await look();
    await applyPrune(context, now.session, now.planned);
    return { dryRun: false, plan: now.planned.plan };
  });
}
