import { removeLeftovers } from '../adapters/text-lock.ts';
import { rootNotNoted } from '../core/messages/roots.ts';
import type { Plan } from '../core/models/plan.ts';
import { afterSteps, stepsOf } from '../core/models/plan-sums.ts';
import { planSession, warnOfMistakes, type PruneRules, type SessionPlan } from './plan-session.ts';
import { applyPrune, requireNotEmpty, warnOfUse, withPruneLock } from './removal.ts';
import { areRootsNoted, rootsToForget } from './root-notes.ts';
import { lockSettings, openSession, type CommonOptions, type Context, type Session } from './session.ts';
import { warnOfOverride } from './warn-of-override.ts';

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

/** Removes managed models that no registry lists. */
export async function prune(context: Context, options: PruneOptions): Promise<PruneResult> {
  const { unmanaged, allowEmpty, inUse, dryRun, wait } = options;
  const before = await openSession(context, options);
  warnOfOverride(context, options, before);
  const forgotten =
    options.forgetRoot === undefined ? undefined : await rootsToForget(context, before, options.forgetRoot);
  const roots = { mayNote: !dryRun, ...(forgotten && { forgotten }) };
  const rules: PruneRules = { prune: true, unmanaged, allowEmpty, inUse, roots };
  const planAllowed = async (session: Session): Promise<SessionPlan> => {
    const planned = await planSession(context, session, rules, { wanted: [], refetch: false });
    requireNotEmpty(session, planned.plan, rules);
    return planned;
  };
  const warn = (session: Session, planned: SessionPlan): void => {
    warnOfMistakes(context, session, planned);
    warnOfUse(context, planned.plan);
  };
  const look = async (session: Session): Promise<SessionPlan> => {
    const planned = await planAllowed(session);
    warn(session, planned);
    return planned;
  };
  if (dryRun || !before.modelsDir.exists()) return { dryRun, plan: (await look(before)).plan };
  if (options.isTrigger || !before.modelsDir.hasNotes()) {
    // A refusal must not leave even an empty folder behind.
    const planned = await planAllowed(before);
    if (stepsOf(planned.plan) === 0 && (await areRootsNoted(before, planned))) {
      warn(before, planned);
      return { dryRun, plan: planned.plan };
    }
  }
  await removeLeftovers(before.registry.file);
  const locked = await withPruneLock(before, {
    settings: lockSettings(context, wait),
    look: async () => planAllowed(await openSession(context, options)),
    work: async () => {
      // Read again: what was true before the lock need not be true under it.
      const session = await openSession(context, options);
      const planned = await look(session);
      await applyPrune(context, session, planned);
      return planned.plan;
    },
    whenIdle: (planned) => {
      warn(before, planned);
      context.talk.notice(rootNotNoted(before.registry.file));
      return planned.plan;
    },
  });
  return { dryRun: false, plan: afterSteps(locked.result, locked.before) };
}
