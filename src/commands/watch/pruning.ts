import type { Sized } from '../../core/plan/plan.ts';
import { apply } from '../apply/apply.ts';
import type { Hashes } from '../plan/hash-unverified.ts';
import { type Goal, type GoalPlan, planFor, type PruneRules } from '../plan/plan.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';
import type { Trash } from './trash.ts';

export interface Pruned {
  readonly removed: readonly Sized[];
  readonly restored: readonly string[];
  /** Whether what was removed can be restored. */
  readonly canUndo: boolean;
  /** What it was planned by; `undefined`: the directory does not exist yet. */
  readonly planned: GoalPlan | undefined;
}

export type WatchRules = Pick<PruneRules, 'allowEmpty' | 'unmanaged'>;

/** The registry is not what was read any more. */
class RegistryChanged extends Error {}

/**
 * Makes the directory follow a list that was read whole: prunes, and restores what was pruned before and is listed again.
 * `isCurrent` is asked under the lock whether the registry still is what was read; `undefined`: it is not, and nothing was
 * done, except that models may have been removed to free a full disk. What is pruned can be restored for a while from the `trash`, where there is one. `hashes`: of files that were
 * unverified when this was called before. Throws `busy` at once where another process has the lock.
 */
export async function pruneNow(
  context: Context,
  session: Session,
  rules: WatchRules,
  trash: Trash | undefined,
  isCurrent: () => boolean,
  hashes: Hashes,
): Promise<Pruned | undefined> {
  const { modelsDir } = session;
  if (!modelsDir.exists()) return { removed: [], restored: [], canUndo: false, planned: undefined };
  const goal: Goal = {
    load: async () => {
      if (isCurrent()) return session;
      throw new RegistryChanged();
    },
    refetch: false,
    register: false,
    onEmptyList: 'refuse',
    // What can be restored may be in use: searching all processes takes longer than pruning, so it comes after it.
    rules: { ...rules, prune: true, inUse: trash !== undefined, roots: { mayNote: true } },
  };
  try {
    // A refusal must not leave even an empty folder behind.
    const first = modelsDir.hasNotes() ? undefined : await planFor(context, goal, session);
    const { plan, pass } = await apply(
      context,
      goal,
      { dryRun: false, wait: 0, watch: { trash, hashes } },
      session,
      first,
    );
    const canUndo = pass?.isInTrash ?? false;
    return { removed: plan.prune, restored: plan.restore, canUndo, planned: pass?.planned };
  } catch (error) {
    if (error instanceof RegistryChanged) return undefined;
    throw error;
  }
}
