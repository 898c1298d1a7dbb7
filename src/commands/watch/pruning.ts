import { isNoSpace } from '../../adapters/fs/errors.ts';
import { findUsers } from '../../adapters/store/users.ts';
import type { Plan, Sized } from '../../core/plan/plan.ts';
import type { User } from '../../core/plan/users.ts';
import { rememberHashes, type Hashes } from '../plan/hash-unverified.ts';
import { planSession, requireAllowed, type PruneRules, type SessionPlan } from '../plan/plan-session.ts';
import { applyPrune, warnOfUse, withPruneLock } from '../apply/removal.ts';
import type { Context, Session } from '../session/session.ts';
import type { Trash } from './trash.ts';

export interface Pruned {
  readonly removed: readonly Sized[];
  readonly restored: readonly string[];
  /** Whether what was removed can be given back. */
  readonly canUndo: boolean;
  /** What it was planned by; `undefined`: there is no folder yet. */
  readonly planned: SessionPlan | undefined;
}

export type WatchRules = Pick<PruneRules, 'allowEmpty' | 'unmanaged'>;

const NOTHING: Pruned = { removed: [], restored: [], canUndo: false, planned: undefined };

/**
 * Makes the folder follow a list that was read whole: prunes, and gives back what was pruned before and is listed again.
 * `isCurrent` is asked under the lock whether the registry still is what was read; `undefined`: it is not, and nothing was
 * done. What is pruned can be given back for a while, where there is an `undoable` to answer for it. `hashes`: of files that
 * were unverified when this was called before. Throws `busy` at once where another process has the lock.
 */
export async function pruneNow(
  context: Context,
  session: Session,
  rules: WatchRules,
  undoable: Trash | undefined,
  isCurrent: () => boolean,
  hashes: Hashes,
): Promise<Pruned | undefined> {
  const { modelsDir } = session;
  if (!modelsDir.exists()) return NOTHING;
  const canUndo = undoable !== undefined;
  const look = async (isUndoable: boolean, prune = true): Promise<SessionPlan> =>
    // Who uses what is asked last where it can be given back: looking at all processes takes longer than all the rest.
    planAllowed(context, session, { ...rules, prune, inUse: isUndoable, roots: { mayNote: true } }, hashes);
  // A refusal must not leave even an empty folder behind.
  if (!modelsDir.hasNotes()) await look(canUndo);
  const locked = await withPruneLock(session, {
    settings: { wait: 0, delay: context.host.delay },
    look: async () => look(false, isCurrent()),
    work: async () => {
      if (!isCurrent()) return undefined;
      const planned = await look(canUndo);
      const isHeld = planned.plan.prune.length === 0 || (await canHold(undoable, modelsDir));
      return isHeld
        ? prunePlanned(context, session, planned, hashes, canUndo)
        : prunePlanned(context, session, await look(false), hashes, false);
    },
    // What has to be hashed first may free space afterwards.
    whenIdle: (planned) => ({ removed: [], restored: [], canUndo: false, planned }),
  });
  const removed = locked.before.flatMap(({ prune }) => prune);
  return locked.result && { ...locked.result, removed: [...removed, ...locked.result.removed] };
}

async function planAllowed(
  context: Context,
  session: Session,
  rules: PruneRules,
  hashes: Hashes,
): Promise<SessionPlan> {
  const planned = await planSession(context, session, rules, { wanted: [], refetch: false }, hashes);
  requireAllowed(planned);
  return planned;
}

/** Says that this session answers for what will be pruned; false where there is no space to say so: then it cannot be undone. */
export async function canHold(undoable: Trash | undefined, modelsDir: Session['modelsDir']): Promise<boolean> {
  try {
    await undoable?.hold(modelsDir);
    return true;
  } catch (error) {
    if (isNoSpace(error)) return false;
    throw error;
  }
}

async function prunePlanned(
  context: Context,
  session: Session,
  planned: SessionPlan,
  hashes: Hashes,
  canUndo: boolean,
): Promise<Pruned> {
  const plan = await applyPrune(context, session, planned, { canUndo });
  rememberHashes(context, session, planned, hashes, canUndo);
  const used = canUndo ? giveBackUsed(session, plan) : new Map<string, readonly User[]>();
  warnOfUse(context, {
    ...plan,
    inUse: [...plan.inUse, ...plan.prune.flatMap((file) => inUse(file, used.get(file.name)))],
  });
  const removed = plan.prune.filter(({ name }) => !used.has(name));
  return { removed, restored: plan.restore, canUndo, planned };
}

/** What was moved away and turns out to be in use goes back at once: whoever has it open has not noticed. */
function giveBackUsed({ modelsDir }: Session, plan: Plan): ReadonlyMap<string, readonly User[]> {
  const names = plan.prune.map(({ name }) => name);
  if (names.length === 0) return new Map();
  const users = findUsers([modelsDir.path, modelsDir.undo.path], names);
  for (const name of users.keys()) modelsDir.undo.back(name);
  return users;
}

function inUse(file: Sized, users: readonly User[] | undefined): readonly (Sized & { users: readonly User[] })[] {
  return users ? [{ ...file, users }] : [];
}
