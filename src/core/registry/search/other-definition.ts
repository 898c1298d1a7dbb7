import type { Computed } from '../list.ts';
import { type ParsedText, spanOf, type SyntaxNode } from '../syntax.ts';
import { isSamePath } from './attr.ts';
import type { BindingMatch } from './binding-search.ts';
import { findBindings } from './find-bindings.ts';
import { inlineModule } from './inline-modules.ts';
import { leadsTo } from './walk-steps.ts';

/**
 * What else in the file may define the option of a match, inside module functions: Nix merges all definitions of an option, so
 * that the list of one is only then the value. Definitions in other files are not known.
 */
export function otherDefinition(parsed: ParsedText, match: BindingMatch): Computed | undefined {
  const { path, node, enclosingLet } = match;
  if (enclosingLet) return because(node);
  const { matches, ends, modules } = findBindings(parsed, path);
  const other = matches.find((each) => !each.enclosingLet && each.node !== node && isSamePath(each.path, path));
  if (other) return because(other.node);
  const end = ends.find((each) => leadsTo(each.path, path));
  if (end) return because(end.node);
  const option = overriddenPath(path, modules.overrides);
  if (option.length < path.length) {
    const isMerged = modules.merges.some((length) => length >= option.length);
    if (isMerged || findBindings(parsed, option).modules.bound.size !== 1) return because(node);
  }
  const inline = inlineModule(parsed, option);
  return inline && because(inline);
}

function because(node: SyntaxNode): Computed {
  return { ...spanOf(node), reason: 'because this may define the option too, and modules merge all definitions' };
}

/**
 * The shortest path that may be an option of which Nix drops definitions as a whole. The module itself is not an option: it
 * hands its priority down to its attributes.
 */
function overriddenPath(path: readonly string[], overrides: readonly number[]): readonly string[] {
  const least = Math.min(path.length, ...overrides);
  const isModule = least === 0 || (least === 1 && path[0] === 'config');
  return path.slice(0, isModule ? least + 1 : least);
}
