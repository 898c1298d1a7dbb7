import { existsSync } from 'node:fs';
import { isNoSpace } from '../../adapters/fs/errors.ts';
import { faultPoint } from '../../adapters/fs/fault-points.ts';
import { type LockSettings, withDirectoryLock, withFreeLock } from '../../adapters/fs/flock.ts';
import { keptInUse as usedBy } from '../../core/messages/notices.ts';
import { firstStep, withoutRemovals } from '../../core/plan/outcome.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { describeUser } from '../../core/plan/users.ts';
import type { SessionPlan } from '../plan/plan-session.ts';
import { noteRoots } from '../session/root-notes.ts';
import type { Context, Session } from '../session/session.ts';
import { settleUndo } from './undo.ts';

/**
 * Removes what the plan prunes, and then notes the registries that use the folder; `coming`: names that this one will list.
 * With `canUndo`, what is pruned is only moved to where it can be given back from. Returns the plan with what was in fact
 * removed. To be called under the lock of the models directory.
 */
export async function applyPrune(
  context: Context,
  session: Session,
  planned: SessionPlan,
  { canUndo = false, coming = [] }: { readonly canUndo?: boolean; readonly coming?: readonly string[] } = {},
): Promise<Plan> {
  const done = await removePlanned(session, planned, canUndo);
  if (done.prune.length > 0)
    context.reporter.log('info', 'pruned', { names: done.prune.map(({ name }) => name), bytes: done.freed });
  await noteRoots(context, session, planned, coming);
  faultPoint('prune: roots noted');
  return done;
}

/**
 * Returns the plan with what was in fact removed. Nothing is written before the first model is removed, so that a full disk
 * can be freed.
 */
async function removePlanned(session: Session, { plan, actual }: SessionPlan, canUndo: boolean): Promise<Plan> {
  const { modelsDir } = session;
  const { undo } = modelsDir;
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
  return withoutRemovals(plan, replaced, running);
}

/** How some work under the lock of a models directory is done on a full disk. */
export interface LockedWork<T> {
  readonly settings: LockSettings;
  /** Plans what is to be pruned. */
  readonly look: () => Promise<SessionPlan>;
  readonly work: () => Promise<T>;
  /** The result where there is no space for the lock and nothing left to prune; without it, that is an error. */
  readonly whenIdle?: (planned: SessionPlan) => T | Promise<T>;
}

/**
 * Does some work under the lock of the models directory, and returns it with what was pruned before. That is something only
 * where the disk is too full for the file of the lock: then what is to be pruned goes, one by one, until there is space, or
 * until another process has created the file.
 */
export async function withPruneLock<T>(
  session: Session,
  { settings, look, work, whenIdle }: LockedWork<T>,
): Promise<{ readonly result: T; readonly before: readonly Plan[] }> {
  const before: Plan[] = [];
  for (;;) {
    let isLocked = false;
    try {
      const result = await withDirectoryLock(session.modelsDir.lockPath, settings, async () => {
        isLocked = true;
        return work();
      });
      return { result, before };
    } catch (error) {
      if (isLocked || !isNoSpace(error)) throw error;
      const planned = await look();
      // Another process may have created it since: then its lock counts.
      if (existsSync(session.modelsDir.lockPath)) continue;
      const step = firstStep(planned.plan);
      if (step) before.push(await removePlanned(session, { ...planned, plan: step }, false));
      else if (whenIdle) return { result: await whenIdle(planned), before };
      else throw error;
    }
  }
}

/** Says which models were not removed because somebody uses them. */
export function warnOfUse({ reporter }: Context, { inUse }: Pick<Plan, 'inUse'>): void {
  for (const { name, users } of inUse) reporter.notice(usedBy(name, users.map(describeUser)));
}
