import { follow } from '../follow.ts';
import { isComputed } from '../list.ts';
import { spanOf, type SyntaxNode } from '../syntax.ts';
import { whyComputed } from '../why-computed.ts';
import type { BindingMatch, Condition, Found, Walk } from './binding-search.ts';
import { lacks } from './lacks.ts';

/** A branch of an `if`, and what was found in it. */
interface Branch {
  readonly node: SyntaxNode;
  readonly condition: Condition;
  readonly found: readonly Found[];
}

/**
 * What an `if` defines: where only one branch can define a list, that list; where both lead to the same one, that one without a
 * condition. Any other is computed.
 */
export function mergeBranches(node: SyntaxNode, branches: readonly Branch[], at: Walk): readonly Found[] {
  return branches.flatMap((branch) => {
    const others = branches.filter((other) => other !== branch);
    return branch.found.map((match): Found => {
      const isSame = others.every(({ found }) => found.some((other) => isSameDefinition(match, other, at.search.text)));
      if (isSame) return { ...match, condition: at.condition };
      const isAlone = others.every((other) =>
        pathsOf(match, at).every((path) => lacks(other.node, at.scope, path, at.search.text, false)),
      );
      const isFoundTwice = others.some(({ found }) => found.some((other) => isSamePath(match, other)));
      // Two lists at one path: which of them it is, only Nix knows.
      if (isAlone || isFoundTwice) return match;
      return {
        ...match,
        obstacle: { ...spanOf(node), reason: 'because the other branch of the `if` may define it too' },
      };
    });
  });
}

/** The paths that another branch must not define: a list that is only bound in a `let` might be an attribute there. */
function pathsOf(
  { path, enclosingLet }: Found,
  { path: { length }, search: { wanted } }: Walk,
): readonly (readonly string[])[] {
  const own = path.slice(length);
  return enclosingLet ? [own, wanted.slice(-1), wanted.slice(Math.min(length, wanted.length - 1))] : [own];
}

/**
 * What remains of the left side of `//`: the names of the right side hide it. A right side that is not a set of the file may hide
 * any name, so that what was found on the left is computed.
 */
export function mergeSides(left: readonly Found[], right: SyntaxNode, at: Walk): readonly Found[] {
  return left.map((match): Found => {
    const first = match.path.slice(at.path.length, at.path.length + 1);
    const isKept = match.enclosingLet !== undefined || lacks(right, at.scope, first, at.search.text, true);
    return isKept ? match : { ...match, obstacle: whyComputed(right, at.search.text) };
  });
}

function isSamePath(one: BindingMatch, other: BindingMatch): boolean {
  return one.path.length === other.path.length && one.path.every((name, index) => name === other.path[index]);
}

function isSameDefinition(one: BindingMatch, other: BindingMatch, text: string): boolean {
  if (!isSamePath(one, other)) return false;
  const [first, second] = [one, other].map(({ definition, node }) => follow(definition, spanOf(node), text));
  if (!first || !second || isComputed(first) || isComputed(second)) return false;
  return first.node.startIndex === second.node.startIndex;
}
