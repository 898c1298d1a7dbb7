import { follow } from '../follow.ts';
import { type Computed, isComputed } from '../list.ts';
import { spanOf, type SyntaxNode } from '../syntax.ts';
import { whyComputed } from '../why-computed.ts';
import type { BindingMatch, Condition, Found, Left, Walk } from './binding-search.ts';
import { isSamePath } from './attr.ts';
import { lacks } from './lacks.ts';

/** A branch of an `if`, and what was found in it. */
interface Branch {
  readonly node: SyntaxNode;
  readonly condition: Condition;
  readonly found: readonly Found[];
}

/**
 * What an `if` defines: where only one branch can define a list, that list; where both lead to the same one, that one without a
 * condition. Any other has an obstacle.
 */
export function mergeBranches(node: SyntaxNode, branches: readonly Branch[], at: Walk): readonly Found[] {
  const { text, budget } = at.search;
  return branches.flatMap((branch) => {
    const others = branches.filter((other) => other !== branch);
    return branch.found.map((match): Found => {
      const twins = others.map(({ found }) => {
        budget.take(found.length);
        return found.filter(
          (other) => isSamePath(match.path, other.path) && !match.enclosingLet && !other.enclosingLet,
        );
      });
      if (twins.every((each) => each.some((other) => isSameDefinition(match, other, text)))) {
        return { ...match, condition: at.condition };
      }
      const isAlone = others.every((other) =>
        pathsOf(match, at).every((path) => lacks(other.node, at.scope, path, { text, budget, inherits: false })),
      );
      // Two lists at one path: which of them it is, only Nix knows.
      if (isAlone || twins.some((each) => each.length > 0)) return match;
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
  const { text, budget } = at.search;
  return left.map((match): Found => {
    budget.take();
    const first = match.path.slice(at.path.length, at.path.length + 1);
    const isKept = match.enclosingLet !== undefined || lacks(right, at.scope, first, { text, budget, inherits: true });
    return isKept ? match : { ...match, obstacle: whyComputed(right, text) };
  });
}

/** The left sides that still matter for an attribute of a set: those of a `//` whose right side has it only under a condition. */
export function remainingLefts(at: Walk): Left | undefined {
  const kept: Left[] = [];
  for (let each = at.lefts; each; each = each.outer) {
    at.search.budget.take();
    const isHidden = each.depth === at.path.length && each.condition === at.condition;
    if (!isHidden) kept.push(each);
  }
  return kept.reduceRight<Left | undefined>((outer, each) => ({ ...each, outer }), undefined);
}

/** Why an attribute may be that of a left side of `//`. */
export function obstacleOnTheLeft(path: readonly string[], at: Walk): Computed | undefined {
  const { text, budget } = at.search;
  for (let each = remainingLefts(at); each; each = each.outer) {
    if (lacks(each.node, each.scope, path.slice(each.depth), { text, budget, inherits: true })) continue;
    return {
      ...spanOf(each.node),
      reason: 'because the left side of this `//` may define it where the right side does not',
    };
  }
  return undefined;
}

function isSameDefinition(one: BindingMatch, other: BindingMatch, text: string): boolean {
  const [first, second] = [one, other].map(({ definition, node }) => follow(definition, spanOf(node), text));
  if (!first || !second || isComputed(first) || isComputed(second)) return false;
  return first.node.startIndex === second.node.startIndex;
}
