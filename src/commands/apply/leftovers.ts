import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';

/** Restores or purges what a crashed watch session left in the trash; usually it left nothing. */
export async function settleLeftovers(context: Context, session: Session): Promise<void> {
  // Loaded only then: every command that reads the directory calls this.
  if (session.modelsDir.undo.hasFiles()) await (await import('./trash.ts')).purgeLeftTrash(context, session);
}
