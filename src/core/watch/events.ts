import type { Sized } from '../plan/plan.ts';

/** Why a change of the registry does not prune. */
export type PauseReason =
  'absent' | 'empty' | 'invalid' | 'open' | 'empty-list' | 'git' | 'root' | 'models-dir' | 'busy';

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
  | {
      readonly event: 'download';
      readonly name: string;
      readonly path: string;
      /** Bytes of the file, and bytes received over the network. */
      readonly size: number;
      readonly received: number;
      readonly sha256: string;
      readonly seconds: number;
    }
  | { readonly event: 'error'; readonly code: string; readonly message: string }
  | { readonly event: 'stop'; readonly signal: string | null };

/** The difference between two lists of names, ignoring their order; a repeated name counts once. */
export function compareLists(
  before: readonly string[],
  after: readonly string[],
): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  const [old, now] = [new Set(before), new Set(after)];
  return { added: [...now].filter((name) => !old.has(name)), removed: [...old].filter((name) => !now.has(name)) };
}
