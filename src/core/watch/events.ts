import type { Sized } from '../plan/plan.ts';

/** Why nothing is pruned although the registry changed. */
export type PauseReason =
  'absent' | 'empty' | 'invalid' | 'open' | 'empty-list' | 'git' | 'root' | 'models-dir' | 'busy';

/** A model that has come in while somebody watched; sizes in bytes. */
export interface Fetched {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly seconds: number;
  readonly received: number;
}

/** What happens in a watch session, in the order in which it happens. */
export type WatchEvent =
  | { readonly event: 'ready'; readonly active: readonly string[] }
  | { readonly event: 'change'; readonly added: readonly string[]; readonly removed: readonly string[] }
  | { readonly event: 'hold'; readonly reason: PauseReason; readonly message: string }
  | {
      readonly event: 'prune';
      readonly removed: readonly Sized[];
      /** Bytes; on the disk they are free only when it is too late to give the files back. */
      readonly freed: number;
      /** Until when what was removed can be given back, ISO 8601; `null`: it is gone. */
      readonly undoUntil: string | null;
    }
  | { readonly event: 'restore'; readonly names: readonly string[] }
  | ({ readonly event: 'download' } & Fetched)
  | { readonly event: 'error'; readonly code: string; readonly message: string }
  | { readonly event: 'stop'; readonly signal: string | null };

/** What one list has that another does not; a name that is repeated counts once. */
export interface NameChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Compares two lists of names, whatever their order. */
export function compareLists(before: readonly string[], after: readonly string[]): NameChange {
  const [old, now] = [new Set(before), new Set(after)];
  return { added: [...now].filter((name) => !old.has(name)), removed: [...old].filter((name) => !now.has(name)) };
}
