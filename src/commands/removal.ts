import { withFreeLock } from '../adapters/lock.ts';
import { WhisperError } from '../core/errors.ts';
import type { Plan } from '../core/models/plan.ts';
import { describeRoot } from '../core/models/root.ts';
import type { PruneRules, SessionPlan } from './plan-session.ts';
import { ownRoot } from './other-roots.ts';
import type { Context, Session } from './session.ts';

/** Throws `registry-empty` (exit 3) where an empty list would remove files and nobody said that it may. */
export function requireNotEmpty(session: Session, plan: Plan, rules: PruneRules): void {
  if (!wouldEmpty(session, plan, rules)) return;
  const count = plan.prune.length;
  throw new WhisperError(
    'registry-empty',
    `The list in ${session.registry.file} is empty: ${count} ${count === 1 ? 'file' : 'files'} with ${plan.freed} bytes would be removed`,
    'If that is meant, say so with --allow-empty.',
    { details: { files: plan.prune.map(({ name }) => name), bytes: plan.freed } },
  );
}

export function wouldEmpty(session: Session, plan: Plan, rules: PruneRules): boolean {
  return session.active.length === 0 && plan.prune.length > 0 && !rules.allowEmpty;
}

/**
 * Removes what the plan prunes, and notes this registry as one that uses the folder.
 * To be called under the lock of the models directory.
 */
export async function applyPrune({ talk }: Context, session: Session, { plan, goneRoots }: SessionPlan): Promise<void> {
  const { modelsDir } = session;
  await modelsDir.roots.add(ownRoot(session));
  for (const root of goneRoots) {
    talk.notice(`${describeRoot(root)} used these models and is gone: its list no longer counts`);
    await modelsDir.roots.remove(root);
  }
  for (const { name } of plan.prune) modelsDir.remove(name);
  for (const { name } of plan.stalePartials) {
    // One that is being fetched at this moment is not stale.
    await withFreeLock(modelsDir.fetchLockPath(name), () => modelsDir.removePartial(name));
  }
  if (plan.prune.length > 0)
    talk.log('info', 'pruned', { names: plan.prune.map(({ name }) => name), bytes: plan.freed });
}
