import { type Applied, apply } from '../apply/apply.ts';
import { type Goal, planFor } from '../plan/plan.ts';
import { warnOfOverride } from '../session/override.ts';
import { rootsToForget } from '../session/root-notes.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { openSession } from '../session/session.ts';

export interface PruneOptions extends CommonOptions {
  readonly dryRun: boolean;
  readonly allowEmpty: boolean;
  readonly unmanaged: boolean;
  readonly inUse: boolean;
  /** Milliseconds to wait for the lock. */
  readonly wait: number;
  readonly forgetRoot: string | undefined;
  /** Whether an editor runs it on each save: usually there is nothing to do, which is found before anything is locked. */
  readonly isTrigger: boolean;
}

/** Removes managed models that no registry lists. */
export async function prune(context: Context, options: PruneOptions): Promise<Applied> {
  const { unmanaged, allowEmpty, inUse, dryRun, forgetRoot, wait } = options;
  const load: Goal['load'] = async () => openSession(context, options);
  const session = await load();
  warnOfOverride(context, options, session);
  const forgotten = forgetRoot === undefined ? undefined : await rootsToForget(context, session, forgetRoot);
  const roots = { mayNote: !dryRun, ...(forgotten && { forgotten }) };
  const rules = { prune: true, unmanaged, allowEmpty, inUse, roots };
  const goal: Goal = { load, wanted: () => [], refetch: false, register: false, onEmptyList: 'refuse', rules };
  // A refusal must not leave even an empty folder behind.
  const plansFirst = dryRun || options.isTrigger || !session.modelsDir.hasNotes();
  return apply(context, goal, { dryRun, wait }, plansFirst ? await planFor(context, goal) : undefined);
}
