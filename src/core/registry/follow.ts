import type { Span } from '../nix/problems.ts';
import { type Computed, isComputed } from './list.ts';
import { type Definition, resolve, type Scope } from './scope.ts';
import { spanOf, stripParentheses, type SyntaxNode } from './syntax.ts';
import { whyNotFollowed } from './why-computed.ts';

/** The names that lead to a value, as a linked list. Lists with the same end share it. */
export interface Names {
  readonly name: string;
  /** Whether it is also an attribute of a set. */
  readonly isAttribute: boolean;
  readonly next: Names | undefined;
}

/** The names that led to a value in two steps. */
export function joinNames(later: Names | undefined, earlier: Names | undefined): Names | undefined {
  let joined = earlier;
  for (let each = later; each; each = each.next) joined = { ...each, next: joined };
  return joined;
}

/** The node that a definition leads to, with its scope: without parentheses, names followed. */
export interface Followed {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly names: Names | undefined;
}

export const REFERS_TO_ITSELF = 'because its definition refers to itself';
/** What the names in a scope lead to, by their offsets: each is followed once. */
const KNOWN = new WeakMap<NonNullable<Scope>, Map<number, Followed | Computed>>();

interface Step extends Span {
  readonly name: string;
  readonly isAttribute: boolean;
  readonly known: Map<number, Followed | Computed>;
}

/** Follows names (lexically) and parentheses to the expression that gives the value. */
export function follow(definition: Definition, at: Span, text: string): Followed | Computed {
  const steps: Step[] = [];
  let end: Followed | Computed | undefined;
  let current = definition;
  let place = at;
  while (!end) {
    if (current.kind !== 'value') {
      end = whyNotFollowed(current, place, text);
      break;
    }
    const { scope } = current;
    const node = stripParentheses(current.node);
    if (node.type !== 'variable_expression') {
      end = { node, scope, names: undefined };
      break;
    }
    place = spanOf(node);
    const name = text.slice(place.start, place.end);
    const known = scope ? knownIn(scope) : new Map<number, Followed | Computed>();
    end = known.get(place.start);
    if (end) break;
    // Until its value is known: a name that leads back here refers to itself.
    known.set(place.start, { ...place, reason: REFERS_TO_ITSELF });
    current = resolve(name, scope);
    steps.push({ ...place, name, isAttribute: current.kind === 'value' && current.isAttribute === true, known });
  }
  for (const { name, isAttribute, start, known } of steps.toReversed()) {
    if (!isComputed(end)) end = { ...end, names: { name, isAttribute, next: end.names } };
    known.set(start, end);
  }
  return end;
}

function knownIn(scope: NonNullable<Scope>): Map<number, Followed | Computed> {
  const known = KNOWN.get(scope) ?? new Map<number, Followed | Computed>();
  KNOWN.set(scope, known);
  return known;
}
