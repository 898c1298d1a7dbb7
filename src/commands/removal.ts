import { faultPoint } from '../adapters/fault-points.ts';
import { withFreeLock } from '../adapters/lock.ts';
import { inUse as usedBy, rootGone } from '../core/messages/notices.ts';
import { withoutRemovals } from '../core/models/plan-outcome.ts';
import type { Plan } from '../core/models/plan.ts';
import { describeRoot } from '../core/models/root.ts';
import { describeUser } from '../core/models/usage.ts';
import { ownRoot } from './other-roots.ts';
import type { SessionPlan } from './plan-session.ts';
import type { Context, Session } from './session.ts';
import { settleUndo } from './undo.ts';

/**
 * Removes what the plan prunes, and notes this registry as one that uses the folder. With `canUndo`, what is pruned is
 * only moved to where it can be given back from. Returns the plan with what was in fact removed. To be called under the
 * lock of the models directory.
 */
export async function applyPrune(
  { talk }: Context,
  session: Session,
  { plan, actual, goneRoots }: SessionPlan,
  canUndo = false,
): Promise<Plan> {
  const { modelsDir } = session;
  const { undo } = modelsDir;
  await modelsDir.roots.add(ownRoot(session));
  for (const root of goneRoots) {
    talk.notice(rootGone(describeRoot(root)));
    await modelsDir.roots.remove(root);
  }
  faultPoint('prune: roots noted');
  settleUndo(session, plan);
  const files = new Map(actual.files.map((file) => [file.name, file]));
  const replaced = new Set<string>();
  for (const { name } of plan.prune) {
    const file = files.get(name);
    // Put there since it was looked at: nothing is known of that one.
    if (!file || modelsDir.isReplaced(file)) replaced.add(name);
    else if (canUndo) undo.put(name);
    else modelsDir.remove(name, actual.recorded.has(name));
  }
  const running = new Set<string>();
  for (const { name } of plan.stalePartials) {
    // One that is being fetched at this moment is not stale.
    const isStale = await withFreeLock(modelsDir.fetchLockPath(name), () => modelsDir.removePartial(name));
    if (!isStale) running.add(name);
    faultPoint('prune: partial removed');
  }
  const done = withoutRemovals(plan, replaced, running);
  if (done.prune.length > 0)
    talk.log('info', 'pruned', { names: done.prune.map(({ name }) => name), bytes: done.freed });
  return done;
}

/** Says which models were not removed because somebody uses them. */
export function warnOfUse({ talk }: Context, { inUse }: Pick<Plan, 'inUse'>): void {
  for (const { name, users } of inUse) talk.notice(usedBy(name, users.map(describeUser)));
}
