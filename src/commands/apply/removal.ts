import { existsSync } from 'node:fs';
import { isNoSpace } from '../../adapters/fs/errors.ts';
import { faultPoint } from '../../adapters/fs/fault-points.ts';
import { withDirectoryLock, withFreeLock } from '../../adapters/lock/flock.ts';
import { writeChange } from '../../adapters/registry/write-registry.ts';
import type { ModelsDir } from '../../adapters/store/models-dir.ts';
import { findUsers } from '../../adapters/store/users.ts';
import { modelsDirReplaced } from '../../core/messages/busy.ts';
import { afterSteps, firstStep, withoutRemovals } from '../../core/plan/outcome.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Hashes } from '../plan/hash-unverified.ts';
import { type Goal, type GoalPlan, planFor, warnOfMistakes } from '../plan/plan.ts';
import { noteOwn, noteRoots } from '../session/root-notes.ts';
import type { Context } from '../session/context.ts';
import { listChange, lockSettings, type Session } from '../session/session.ts';
import { updateLockfile } from './lockfile.ts';
import { warnOfUse } from './preflight.ts';
import { removePublishedPartial } from './publish.ts';
import { purgeTrash } from './trash.ts';

export interface RemovalOptions {
  /** Milliseconds to wait for the lock. */
  readonly wait: number;
  /** A watch session prunes into a trash, hashes in the background, and reports by events. */
  readonly watch?: { readonly trash: TrashHolder | undefined; readonly hashes: Hashes };
}

/** The session that restores or purges what is moved to the trash of a models directory. */
interface TrashHolder {
  /** Takes the shared lock of the trash; false where the disk is too full for it. */
  readonly hold: (modelsDir: ModelsDir) => Promise<boolean>;
}

export interface Pass {
  readonly planned: GoalPlan;
  readonly plan: Plan;
  readonly registered: readonly string[];
  readonly isInTrash: boolean;
}

/**
 * Plans again under the lock of the models directory, removes, notes the roots, and registers what is present. `seen`: the
 * plan whose warnings were given. Where the disk is too full for the file of the lock, models go one by one until it fits,
 * or until another process has created the file.
 */
export async function removeUnderLock(
  context: Context,
  goal: Goal,
  options: RemovalOptions,
  { modelsDir: { lockPath } }: Session,
  hashes: Hashes,
  seen: Plan | undefined,
): Promise<Pass> {
  const removed: Plan[] = [];
  const forGood = withoutTrash(goal, options);
  for (;;) {
    let isLocked = false;
    try {
      const pass = await withDirectoryLock(lockPath, lockSettings(context, options.wait), async () => {
        isLocked = true;
        return runPass(context, goal, options, await loadUnder(goal, lockPath), hashes, seen);
      });
      return { ...pass, plan: afterSteps(pass.plan, removed) };
    } catch (error) {
      if (isLocked || !isNoSpace(error)) throw error;
      const planned = await planFor(context, forGood, await loadUnder(goal, lockPath), hashes);
      // Another process may have created it since: then its lock counts.
      if (existsSync(lockPath)) continue;
      const step = firstStep(planned.plan);
      if (step) removed.push(await removePlanned(planned, step, false));
      // Pruning alone has nothing left to do; what brings models needs the lock.
      else if (planned.wanted.length > 0) throw error;
      else return await endWithoutLock(context, options, planned, afterSteps(planned.plan, removed), seen);
    }
  }
}

async function endWithoutLock(
  context: Context,
  { watch }: RemovalOptions,
  planned: GoalPlan,
  plan: Plan,
  seen: Plan | undefined,
): Promise<Pass> {
  if (!watch) {
    if (!seen) warnOfMistakes(context, planned.session, planned);
    warnOfUse(context, plan, seen);
    await noteOwn(context, planned.session);
  }
  return { planned, plan, registered: [], isInTrash: false };
}

async function runPass(
  context: Context,
  goal: Goal,
  options: RemovalOptions,
  loaded: Session,
  hashes: Hashes,
  seen: Plan | undefined,
): Promise<Pass> {
  const { watch } = options;
  let planned = await planFor(context, goal, loaded, hashes);
  const { modelsDir } = planned.session;
  let isInTrash = watch?.trash !== undefined;
  if (watch?.trash && planned.plan.prune.length > 0 && !(await watch.trash.hold(modelsDir))) {
    isInTrash = false;
    planned = await planFor(context, withoutTrash(goal, options), planned.session, hashes);
  }
  const { session, toRegister, wanted } = planned;
  if (!seen && !watch) warnOfMistakes(context, session, planned);
  const done = await removePlanned(planned, planned.plan, isInTrash);
  if (done.prune.length > 0)
    context.reporter.log('info', 'pruned', { names: done.prune.map(({ name }) => name), bytes: done.freed });
  if (goal.rules.roots) await noteRoots(context, session, planned, toRegister);
  faultPoint('prune: roots noted');
  if (hashes.size > 0)
    (await import('../plan/hash-unverified.ts')).rememberHashes(context, session, planned, hashes, isInTrash);
  const plan = isInTrash ? restoreUsed(session, done) : done;
  warnOfUse(context, plan, seen);
  for (const name of plan.present) removePublishedPartial(modelsDir, name);
  const registered = toRegister.filter((name) => plan.present.includes(name));
  if (registered.length > 0) await writeChange(session.read, listChange(session, { kind: 'add', names: registered }));
  if (goal.register) await updateLockfile(context, session, { wanted, verified: [] });
  return { planned, plan, registered, isInTrash };
}

/** The registry as it is under the lock: since the lock was chosen, it may have been given another models directory. */
async function loadUnder(goal: Goal, lockPath: string): Promise<Session> {
  const session = await goal.load();
  if (session.modelsDir.lockPath !== lockPath) throw modelsDirReplaced(session.registry.file, session.modelsDir.path);
  return session;
}

/** The goal that keeps models in use, because what it removes cannot be restored. */
function withoutTrash(goal: Goal, { watch }: RemovalOptions): Goal {
  return watch?.trash ? { ...goal, rules: { ...goal.rules, inUse: false } } : goal;
}

/** Returns the plan with what was in fact removed. Nothing is written before the first removal, so that a full disk can be freed. */
async function removePlanned({ session, actual }: GoalPlan, plan: Plan, isInTrash: boolean): Promise<Plan> {
  const { modelsDir } = session;
  purgeTrash(session, plan);
  const files = new Map(actual.files.map((file) => [file.name, file]));
  const replaced = new Set<string>();
  for (const { name } of plan.prune) {
    const file = files.get(name);
    // It is another file than the one that was planned for: nothing is known of it.
    if (!file || modelsDir.isReplaced(file)) replaced.add(name);
    else if (isInTrash) modelsDir.undo.put(name);
    else modelsDir.remove(name, actual.recorded.has(name));
  }
  const running = new Set<string>();
  for (const { name } of plan.stalePartials) {
    // The lock of a file is taken while another process fetches it: then it is not stale.
    const isStale = await withFreeLock(modelsDir.fetchLockPath(name), () => modelsDir.removePartial(name));
    if (!isStale) running.add(name);
    faultPoint('prune: partial removed');
  }
  return withoutRemovals(plan, replaced, running);
}

/** Restores what is in use. Searching all processes takes longer than pruning, so it comes after it. */
function restoreUsed({ modelsDir }: Session, plan: Plan): Plan {
  const names = plan.prune.map(({ name }) => name);
  const users = names.length === 0 ? new Map() : findUsers([modelsDir.path, modelsDir.undo.path], names);
  if (users.size === 0) return plan;
  for (const name of users.keys()) modelsDir.undo.back(name);
  const used = plan.prune.filter(({ name }) => users.has(name));
  return {
    ...withoutRemovals(plan, new Set(users.keys()), new Set()),
    inUse: [...plan.inUse, ...used.map((file) => ({ ...file, users: users.get(file.name) ?? [] }))],
  };
}
