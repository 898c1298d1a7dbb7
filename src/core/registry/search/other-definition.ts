import { endsWith } from '../attrset-bindings.ts';
import type { Computed } from '../list.ts';
import { type ParsedText, spanOf, type SyntaxNode } from '../syntax.ts';
import { isSamePath, leadsTo } from './attr.ts';
import type { BindingMatch } from './binding-search.ts';
import { findBindings } from './find-bindings.ts';
import { constructsAround } from './construct.ts';
import { inlineModule, withoutConfig } from './inline-modules.ts';

/**
 * What else in the file may define the option of a match, inside module functions: Nix merges all definitions of an option, so
 * that the list of one is only then the value. Definitions in other files are not known.
 */
export function otherDefinition(parsed: ParsedText, match: BindingMatch): Computed | undefined {
  const { path, node, enclosingLet } = match;
  if (enclosingLet) return because(node);
  const { matches, ends, modules } = findBindings(parsed, path);
  const alias = path[0] === 'config' ? path.slice(1) : ['config', ...path];
  // Each search also finds longer paths that end so.
  const other = [...matches, ...findBindings(parsed, alias).matches].find(
    (each) => !each.enclosingLet && each.node !== node && [path, alias].some((one) => isSamePath(each.path, one)),
  );
  if (other) return because(other.node);
  const end = ends.find((each) => leadsTo(each.path, path));
  if (end) return because(end.node);
  const option = overriddenPath(path, modules.overrides);
  if (option.length < path.length) {
    const isMerged = modules.merges.some((length) => length >= option.length);
    if (isMerged || findBindings(parsed, option).modules.bound.size !== 1) return because(node);
  }
  const elsewhere = inlineModule(parsed, option) ?? changedBy(parsed, withoutConfig(path));
  return elsewhere ? because(elsewhere) : inElement(parsed, match);
}

/** The declaration of an option, or of one around it, that changes its value. */
function changedBy(parsed: ParsedText, option: readonly string[]): SyntaxNode | undefined {
  const declared = ['options', ...option];
  const { matches, ends } = findBindings(parsed, declared);
  const nodes = [
    ...matches.filter(({ path }) => isSamePath(path, declared)),
    ...ends.filter(({ path }) => leadsTo(path, declared)),
  ];
  return nodes
    .map(({ node }) => node)
    .find((node) => /\bapply\b/.test(parsed.text.slice(node.startIndex, node.endIndex)));
}

/** A binding of the same name in an element of a list, which may be a list of modules. */
function inElement(parsed: ParsedText, { path }: BindingMatch): Computed | undefined {
  const name = path.slice(-1);
  const place = parsed.notes.places.find(
    (each) => endsWith(each.path, name) && constructsAround(parsed, each).some(({ kind }) => kind === 'element'),
  );
  return place && { start: place.start, end: place.end, reason: REASON };
}

const REASON = 'because this may define the option too, and modules merge all definitions';

function because(node: SyntaxNode): Computed {
  return { ...spanOf(node), reason: REASON };
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
