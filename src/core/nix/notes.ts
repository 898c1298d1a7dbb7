import type { Span } from './problems.ts';

/** Where a name is bound: by a binding (its attrpath), in an `inherit` (the name), or as an argument of a function (the name). */
export interface Place extends Span {
  readonly kind: 'binding' | 'inherit' | 'argument';
  /** The attrpath from the outermost set or `let` of the text, `undefined` for each name that is computed. */
  readonly path: readonly (string | undefined)[];
}

/** Replaces characters of a text by as many others. */
export interface Respelling extends Span {
  readonly as: string;
}

/** What a check finds besides problems. */
export interface Notes {
  /** Uses of `__curPos` and of paths from `~`: their values depend on the place of the file and on the user. */
  readonly local: Span[];
  /** Valid syntax that the grammar of tree-sitter does not know, with an equivalent that it knows; outer after inner ones. */
  readonly respelled: Respelling[];
  /** The sets that have `__overrides`, which replaces values of a `rec` set, or `__functor`, which makes a set a function. */
  readonly overridable: Place[];
  /** The starts of the bindings of sets in several parts that versions of Nix read differently. */
  readonly unclear: Set<number>;
  readonly wanted: ReadonlySet<string | undefined>;
  /** Where the wanted names are bound, in order. */
  readonly places: Place[];
  /** How often each variable is used, in an `inherit` too. */
  readonly uses: Map<string, number>;
}

export function emptyNotes(names: readonly string[]): Notes {
  const wanted = new Set(names);
  return { local: [], overridable: [], respelled: [], unclear: new Set(), wanted, places: [], uses: new Map() };
}

/** A text of the same length that the grammar of tree-sitter can parse; offsets stay the same. */
export function respell(text: string, respelled: readonly Respelling[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, as } of respelled.toSorted((one, other) => one.start - other.start)) {
    // It is inside of one that was replaced as a whole.
    if (start < at) continue;
    result += text.slice(at, start) + as;
    at = end;
  }
  return result + text.slice(at);
}
