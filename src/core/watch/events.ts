import type { Sized } from '../plan/plan.ts';

/** Why a change of the registry does not prune. */
export type PauseReason =
  'absent' | 'empty' | 'invalid' | 'open' | 'empty-list' | 'git' | 'root' | 'models-dir' | 'busy';

/** A model that was downloaded during a watch session; sizes in bytes. */
interface Fetched {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly seconds: number;
  readonly received: number;
}

/** The events of a watch session. */
export type WatchEvent =
  | { readonly event: 'ready'; readonly active: readonly string[] }
  | { readonly event: 'change'; readonly added: readonly string[]; readonly removed: readonly string[] }
  | { readonly event: 'hold'; readonly reason: PauseReason; readonly message: string }
  | {
      readonly event: 'prune';
      readonly removed: readonly Sized[];
      /** Bytes; the disk has them free only after `undoUntil`. */
      readonly freed: number;
      /** When the removed files can no longer be restored, ISO 8601; `null`: they cannot be restored. */
      readonly undoUntil: string | null;
    }
  | { readonly event: 'restore'; readonly names: readonly string[] }
  | ({ readonly event: 'download' } & Fetched)
  | { readonly event: 'error'; readonly code: string; readonly message: string }
  | { readonly event: 'stop'; readonly signal: string | null };

/** The difference between two lists; a repeated name counts once. */
interface NameChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Compares two lists of names, ignoring their order. */
export function compareLists(before: readonly string[], after: readonly string[]): NameChange {
  const [old, now] = [new Set(before), new Set(after)];
  return { added: [...now].filter((name) => !old.has(name)), removed: [...old].filter((name) => !now.has(name)) };
}
