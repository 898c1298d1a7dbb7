import { withDirectoryLock } from '../../adapters/lock/flock.ts';
import { WhisperError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { planToShow } from '../plan/plan.ts';
import type { Context } from '../session/context.ts';
import { lockSettings, type Session } from '../session/session.ts';

/**
 * Restores what is listed again and purges what has expired; what a watch session can still restore is purged only where a
 * download needs the space. To be called under the lock of the models directory.
 */
export function purgeTrash({ modelsDir }: Session, { restore, expired, reserve, needed, free, freed }: Plan): void {
  for (const name of restore) modelsDir.undo.back(name);
  const gone = needed > free + freed ? [...expired, ...reserve] : expired;
  for (const { name } of gone) {
    modelsDir.undo.free(name);
    if (!modelsDir.isOccupied(name)) modelsDir.forget(name);
  }
}

/** Restores or purges what a crashed watch session left; while that is not possible it stays for the next command. */
export async function purgeLeftTrash(context: Context, session: Session): Promise<void> {
  const { modelsDir } = session;
  try {
    await withDirectoryLock(modelsDir.lockPath, lockSettings(context, 0), async () => {
      const { plan } = await planToShow(context, session);
      if (session.active.length > 0) purgeTrash(session, { ...plan, needed: 0 });
    });
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    context.reporter.log('info', 'trash left as it is', { reason: error.message });
  }
}
