import { faultPoint } from '../adapters/fault-points.ts';
import { withFreeLock } from '../adapters/lock.ts';
import { emptyList } from '../core/messages/edits.ts';
import { inUse as usedBy } from '../core/messages/notices.ts';
import type { Plan } from '../core/models/plan.ts';
import { describeUser } from '../core/models/usage.ts';
import { wouldEmpty, type PruneRules, type SessionPlan } from './plan-session.ts';
import { noteRoots } from './root-notes.ts';
import type { Context, Session } from './session.ts';
import { settleUndo } from './undo.ts';

/** Throws `registry-empty` (exit 3) where an empty list would remove files and nobody said that it may. */
export function requireNotEmpty(session: Session, plan: Plan, rules: PruneRules): void {
  if (!wouldEmpty(session, plan, rules)) return;
  const files = [...plan.prune, ...plan.companions, ...plan.expired];
  const names = files.map(({ name }) => name);
  throw emptyList(session.registry.file, names, plan.freed);
}

/**
 * Removes what the plan prunes, and then notes the registries that use the folder; `coming`: names that this one will list.
 * With `canUndo`, what is pruned is only moved to where it can be given back from. To be called under the lock of the models
 * directory.
 */
export async function applyPrune(
  context: Context,
  session: Session,
  planned: SessionPlan,
  { canUndo = false, coming = [] }: { readonly canUndo?: boolean; readonly coming?: readonly string[] } = {},
): Promise<void> {
  const { plan, actual } = planned;
  const { modelsDir } = session;
  const { undo } = modelsDir;
  settleUndo(session, plan);
  // A folder goes by way of the other one: removing what is in it is no single step, and could be cut off in between.
  for (const { name } of plan.companions) {
    undo.put(name);
    if (!canUndo) undo.free(name);
  }
  for (const { name } of plan.prune) {
    if (canUndo) undo.put(name);
    else modelsDir.remove(name, actual.recorded.has(name));
  }
  for (const { name } of plan.stalePartials) {
    // One that is being fetched at this moment is not stale.
    await withFreeLock(modelsDir.fetchLockPath(name), () => modelsDir.removePartial(name));
    faultPoint('prune: partial removed');
  }
  if (plan.prune.length > 0)
    context.talk.log('info', 'pruned', { names: plan.prune.map(({ name }) => name), bytes: plan.freed });
  await noteRoots(context, session, planned, coming);
  faultPoint('prune: roots noted');
}

/** Says which models were not removed because somebody uses them. */
export function warnOfUse({ talk }: Context, { inUse }: Plan): void {
  for (const { name, users } of inUse) talk.notice(usedBy(name, users.map(describeUser)));
}
