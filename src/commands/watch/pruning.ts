import { withLock } from '../../adapters/lock.ts';
import { findUsers } from '../../adapters/processes.ts';
import type { Plan, Sized } from '../../core/models/plan.ts';
import type { User } from '../../core/models/usage.ts';
import { planSession, requireAllowed, type PruneRules, type SessionPlan } from '../plan-session.ts';
import { rememberHashes, type Hashes } from '../hash-unverified.ts';
import { applyPrune, warnOfUse } from '../removal.ts';
import type { Context, Session } from '../session.ts';
import type { Undoable } from './undoable.ts';

export interface Pruned {
  readonly removed: readonly Sized[];
  readonly restored: readonly string[];
  /** What it was planned by; `undefined`: there is no folder yet. */
  readonly planned: SessionPlan | undefined;
}

export type WatchRules = Pick<PruneRules, 'allowEmpty' | 'unmanaged'>;

const NOTHING: Pruned = { removed: [], restored: [], planned: undefined };

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
  undoable: Undoable | undefined,
  isCurrent: () => boolean,
  hashes: Hashes,
): Promise<Pruned | undefined> {
  const { modelsDir } = session;
  const canUndo = undoable !== undefined;
  const look = async (): Promise<SessionPlan> => {
    // Who uses what is asked last where it can be given back: looking at all processes takes longer than all the rest.
    const planned = await planSession(
      context,
      session,
      { ...rules, prune: true, inUse: canUndo },
      { wanted: [], refetch: false },
      hashes,
    );
    requireAllowed(planned);
    return planned;
  };
  if (!modelsDir.exists()) return NOTHING;
  // A refusal must not leave even an empty folder behind.
  if (!modelsDir.hasNotes()) await look();
  return withLock(modelsDir.lockPath, { wait: 0, delay: context.host.delay }, async () => {
    if (!isCurrent()) return undefined;
    const planned = await look();
    if (planned.plan.prune.length > 0) await undoable?.hold(modelsDir);
    const plan = await applyPrune(context, session, planned, canUndo);
    rememberHashes(context, session, planned, hashes, canUndo);
    const used = canUndo ? giveBackUsed(context, session, plan) : new Map<string, readonly User[]>();
    warnOfUse(context, {
      ...plan,
      inUse: [...plan.inUse, ...plan.prune.flatMap((file) => inUse(file, used.get(file.name)))],
    });
    const removed = plan.prune.filter(({ name }) => !used.has(name));
    return { removed, restored: plan.restore, planned };
  });
}

/** What was moved away and turns out to be in use goes back at once: whoever has it open has not noticed. */
function giveBackUsed({ host }: Context, { modelsDir }: Session, plan: Plan): ReadonlyMap<string, readonly User[]> {
  const names = plan.prune.map(({ name }) => name);
  if (names.length === 0) return new Map();
  const users = findUsers([modelsDir.path, modelsDir.undo.path], names, host.environment);
  for (const name of users.keys()) modelsDir.undo.back(name);
  return users;
}

function inUse(file: Sized, users: readonly User[] | undefined): readonly (Sized & { users: readonly User[] })[] {
  return users ? [{ ...file, users }] : [];
}
