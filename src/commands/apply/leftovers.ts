import type { Context, Session } from '../session/session.ts';

/** What a watch session that crashed left behind is dealt with at the start of a command; mostly there is nothing. */
export async function settleLeftovers(context: Context, session: Session): Promise<void> {
  // Loaded only then: every command that looks comes by here.
  if (session.modelsDir.undo.hasFiles()) await (await import('./undo.ts')).settleLeftovers(context, session);
}
