import type { ModelFile, Sized } from './plan.ts';

/** What a watch session pruned and can still give back, or a session that crashed left behind. */
export interface Undo {
  readonly files: readonly ModelFile[];
  /** Whether a session is there that will give it back or free it; else whoever comes next does. */
  readonly isHeld: boolean;
}

export const NO_UNDO: Undo = { files: [], isHeld: false };

export interface UndoPlan {
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
export function planUndo(undo: Undo, listed: ReadonlySet<string>, taken: ReadonlySet<string>): UndoPlan {
  const mayGoBack = ({ name }: Sized): boolean => !taken.has(name) && listed.has(name);
  const rest = undo.files.filter((each) => !mayGoBack(each));
  const sized = rest.map(({ name, size }) => ({ name, size }));
  return {
    restore: undo.files.filter(mayGoBack),
    expired: undo.isHeld ? [] : sized,
    reserve: undo.isHeld ? sized : [],
  };
}
