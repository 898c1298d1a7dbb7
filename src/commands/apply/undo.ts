import { withDirectoryLock } from '../../adapters/fs/flock.ts';
import { WhisperError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { planToShow } from '../plan/plan-session.ts';
import { type Context, lockSettings, type Session } from '../session/session.ts';

/** What was pruned and can be given back goes back or goes; what a session still holds goes only where space is short. */
export function settleUndo({ modelsDir }: Session, { restore, expired, reserve, needed, free, freed }: Plan): void {
  for (const name of restore) modelsDir.undo.back(name);
  const gone = needed > free + freed ? [...expired, ...reserve] : expired;
  for (const { name } of gone) {
    modelsDir.undo.free(name);
    if (!modelsDir.isOccupied(name)) modelsDir.forget(name);
  }
}

/**
 * What a watch session that crashed left behind goes back or goes, at the start of a command that does not prune. Where
 * that cannot be done now it waits for another command.
 */
export async function settleLeftovers(context: Context, session: Session): Promise<void> {
  const { modelsDir } = session;
  try {
    await withDirectoryLock(modelsDir.lockPath, lockSettings(context, 0), async () => {
      const { plan } = await planToShow(context, session);
      if (session.active.length > 0) settleUndo(session, { ...plan, needed: 0 });
    });
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    context.reporter.log('info', 'undo left as it is', { reason: error.message });
  }
}
