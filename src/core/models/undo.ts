import { companionOf, isCompanionName, type Companion } from './companion.ts';
import type { ModelFile, Sized } from './plan.ts';

/** What a watch session pruned and can still give back, or a session that crashed left behind. */
export interface Undo {
  readonly files: readonly ModelFile[];
  readonly companions: readonly Companion[];
  /** Whether a session is there that will give it back or free it; else whoever comes next does. */
  readonly isHeld: boolean;
}

export const NO_UNDO: Undo = { files: [], companions: [], isHeld: false };

export interface UndoPlan {
  /** Listed again: they go back to where they were. */
  readonly restore: readonly ModelFile[];
  readonly restoreCompanions: readonly Companion[];
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
  const bases = new Set([...listed].map(companionOf));
  const mayGoBack = ({ name }: Sized): boolean =>
    !taken.has(name) && (isCompanionName(name) ? bases.has(name) : listed.has(name));
  const rest = [...undo.files, ...undo.companions].filter((each) => !mayGoBack(each));
  const sized = rest.map(({ name, size }) => ({ name, size }));
  return {
    restore: undo.files.filter(mayGoBack),
    restoreCompanions: undo.companions.filter(mayGoBack),
    expired: undo.isHeld ? [] : sized,
    reserve: undo.isHeld ? sized : [],
  };
}
