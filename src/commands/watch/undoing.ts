import { writeChange } from '../../adapters/registry-write.ts';
import { nothingToUndo } from '../../core/messages/notices.ts';
import type { WatchEvent } from '../../core/watch/events.ts';
import { listChange, type Context, type Session } from '../session.ts';
import { troubleEvent } from './trouble-event.ts';
import type { Undoable } from './undoable.ts';

type Tell = (event: WatchEvent) => void;

/**
 * Undoes the last prune the way a person would: names the models in the list again. That gives their files back, as any
 * save that lists them does.
 */
export async function undoLast({ talk }: Context, session: Session, undoable: Undoable, tell: Tell): Promise<void> {
  const { read, registry } = session;
  undoable.refresh();
  const names = undoable.latest.map(({ name }) => name);
  if (names.length === 0) return talk.notice(nothingToUndo());
  try {
    await writeChange(read, listChange(registry, { kind: 'add', names }));
  } catch (error) {
    tell(troubleEvent(error));
  }
}

/** Frees what was pruned long enough ago. False: that cannot be done now, so everything stays. */
export async function settleDue(
  { talk }: Context,
  session: Session,
  undoable: Undoable,
  now: number,
  tell: Tell,
): Promise<boolean> {
  try {
    const names = await undoable.settle(session, now);
    if (names.length > 0) tell({ event: 'restore', names });
    return true;
  } catch (error) {
    talk.log('info', 'undo left as it is', { reason: troubleEvent(error).message });
    return false;
  }
}
