import type { CommonOptions, Context } from '../session/context.ts';
import { openSession, type Session } from '../session/session.ts';

/** Opens a session, and restores or purges what a crashed watch session left in the trash. */
export async function openPurged(
  context: Context,
  options: CommonOptions,
  how: Parameters<typeof openSession>[2] = {},
): Promise<Session> {
  const session = await openSession(context, options, how);
  // Loaded only then: usually the trash is empty.
  if (session.modelsDir.undo.hasFiles()) await (await import('./trash.ts')).purgeLeftTrash(context, session);
  return session;
}
