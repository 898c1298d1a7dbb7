import { isSamePath, leadsTo } from '../search/attr.ts';
import type { BindingMatch, End, Piece } from '../search/binding-search.ts';
import { findBindings } from '../search/find-bindings.ts';
import type { ParsedText } from '../syntax.ts';

export const MODEL_SOURCES = 'modelSources';

/** What a file binds to `modelSources`, as a whole and in pieces. */
export interface SourceBindings {
  readonly matches: readonly BindingMatch[];
  readonly pieces: readonly Piece[];
  /** A side of `//` whose attributes need Nix to evaluate: it may have `modelSources` too. */
  readonly side: End | undefined;
}

/** The bindings beside the list, whose path is `list`; where there are none, those anywhere in the file. */
export function findSources(parsed: ParsedText, list: readonly string[] | undefined): SourceBindings {
  const path = [...(list?.slice(0, -1) ?? []), MODEL_SOURCES];
  const beside = findBindings(parsed, path);
  const matches = beside.matches.filter((each) => isSamePath(each.path, path));
  const pieces = beside.pieces.filter((each) => isSamePath(each.path, path));
  const side = beside.ends.find((each) => each.isSide && leadsTo(each.path, path) && !each.isForeign());
  if (matches.length + pieces.length > 0) return { matches, pieces, side };
  const anywhere = findBindings(parsed, [MODEL_SOURCES]);
  return { matches: anywhere.matches, pieces: anywhere.pieces, side };
}
