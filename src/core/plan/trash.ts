import type { ModelFile, Sized, TrashState } from './plan.ts';

export interface TrashPlan {
  /** Listed again: they go back to where they were. */
  readonly restore: readonly ModelFile[];
  /** Nobody lists them, and no session holds them. */
  readonly expired: readonly Sized[];
  /** Held by a session, and free to go when a download needs the space. */
  readonly reserve: readonly Sized[];
}

/**
 * What becomes of files that can be given back: active → back, else freed. `taken` are the names that are in the models
 * directory, which are never replaced.
 */
export function planTrash(undo: TrashState, listed: ReadonlySet<string>, taken: ReadonlySet<string>): TrashPlan {
  const mayGoBack = ({ name }: Sized): boolean => !taken.has(name) && listed.has(name);
  const rest = undo.files.filter((each) => !mayGoBack(each));
  const sized = rest.map(({ name, size }) => ({ name, size }));
  return {
    restore: undo.files.filter(mayGoBack),
    expired: undo.isHeld ? [] : sized,
    reserve: undo.isHeld ? sized : [],
  };
}
