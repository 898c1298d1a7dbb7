import { endsWith } from '../attrset-bindings.ts';
import type { ParsedText } from '../syntax.ts';
import { isSamePath } from './attr.ts';
import type { BindingMatch } from './binding-search.ts';
import { findBindings } from './find-bindings.ts';

/** Why an option that the file may define more than once is computed. */
export const MERGED = 'because the file may define this option more than once, and modules merge the definitions';

/**
 * Whether nothing else in the file can define the option of a match: module functions make Nix merge all definitions of an
 * option, so that the list of one is only then the value. Definitions in other files are not known.
 */
export function isOnlyDefinition(parsed: ParsedText, { path, node, enclosingLet }: BindingMatch): boolean {
  if (enclosingLet) return false;
  const { matches, ends } = findBindings(parsed, path);
  const same = matches.filter((match) => !match.enclosingLet && isSamePath(match.path, path));
  if (same.length !== 1 || ends.some((end) => isSamePath(end.path, path.slice(0, end.path.length)))) return false;
  const walked = new Set([node, ...matches.map((match) => match.node)].map(({ startIndex }) => startIndex));
  const option = path[0] === 'config' ? path.slice(1) : path;
  // A module in a list of imports may define it too.
  return parsed.notes.places.every((place) => walked.has(place.start) || !endsWith(place.path, option));
}
