import type { Plan } from '../../core/plan/plan.ts';
import type { WatchEvent } from '../../core/watch/events.ts';
import type { Session } from '../session/session.ts';

/** Who looks at a session: is told what happens, and may ask for something. */
export interface Watching {
  readonly tell: (event: WatchEvent) => void;
  /** Called when the session has begun: what the folder looks like against the list. */
  readonly begun: (session: Session, plan: Plan) => void;
  /** Until when something can be given back, on the clock of `performance.now()`; `undefined`: there is nothing. */
  readonly undoUntil: (until: number | undefined) => void;
  /** Calls back when a person asks to undo the last prune, or to prune now. */
  readonly onKey: (pressed: (key: 'undo' | 'prune') => void) => void;
  /** Aborted when the person has seen enough. */
  readonly quit: AbortSignal;
}
