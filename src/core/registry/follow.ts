import type { Span } from '../nix/problems.ts';
import { countBelow } from './diagnostic.ts';
import { type Computed, isComputed } from './list.ts';
import { type Definition, resolve, type Scope } from './scope.ts';
import { spanOf, stripParentheses, type SyntaxNode } from './syntax.ts';
import { whyNotFollowed } from './why-computed.ts';

/** Names on the way to a value, the first one first. Ways to one value share what they have in common. */
export interface Names {
  readonly name: string;
  readonly next: Names | undefined;
}

/** The node that a definition comes down to, with its scope: parentheses taken off, names followed. */
export interface Followed {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  /** The names on the way there. */
  readonly names: Names | undefined;
}

export const STANDS_FOR_ITSELF = 'because its definition refers to itself';

/** What the names in a scope were found to lead to, by the offsets where they stand: each is followed once. */
const KNOWN = new WeakMap<NonNullable<Scope>, Map<number, Followed | Computed>>();

interface Step extends Span {
  readonly name: string;
  readonly known: Map<number, Followed | Computed>;
}

/** Follows names (lexically) and parentheses to the expression that gives the value. */
export function follow(definition: Definition, at: Span, text: string): Followed | Computed {
  if (definition.kind === 'value') {
    // Most values are what they are.
    const { scope } = definition;
    const node = stripParentheses(definition.node);
    if (node.type !== 'variable_expression') return { node, scope, names: undefined };
  }
  return followNames(definition, at, text);
}

function followNames(definition: Definition, at: Span, text: string): Followed | Computed {
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
    // Until its end is known; where it is met again, the name stands for itself.
    known.set(place.start, { ...place, reason: STANDS_FOR_ITSELF });
    steps.push({ ...place, name, known });
    current = resolve(name, scope);
  }
  for (const { name, start, known } of steps.toReversed()) {
    if (!isComputed(end)) end = { ...end, names: { name, next: end.names } };
    known.set(start, end);
  }
  return end;
}

function knownIn(scope: NonNullable<Scope>): Map<number, Followed | Computed> {
  const known = KNOWN.get(scope) ?? new Map<number, Followed | Computed>();
  KNOWN.set(scope, known);
  return known;
}

/**
 * Where a text may bind a wanted name: where it stands, and wherever an escape or an interpolation may make it up. What is
 * elsewhere need not be walked.
 */
export class Spots {
  readonly #wanted: readonly string[];
  /** In order; `undefined`: anywhere. */
  readonly #offsets: readonly number[] | undefined;

  constructor(text: string, wanted: readonly string[]) {
    this.#wanted = wanted;
    const name = wanted.at(-1) ?? '';
    if (/^[\w'-]+$/.test(name)) {
      this.#offsets = Array.from(text.matchAll(new RegExp(`${name}|\\$\\{|\\\\`, 'g')), ({ index }) => index);
    }
  }

  /** Whether a path leads towards the wanted one, so that what it ends in matters too. */
  isOnWay(path: readonly string[]): boolean {
    return path.length + 1 < this.#wanted.length && path.every((name, index) => name === this.#wanted[index]);
  }

  /** Whether a node may bind the wanted name somewhere inside. */
  isIn({ startIndex, endIndex }: SyntaxNode): boolean {
    if (!this.#offsets) return true;
    return (this.#offsets[countBelow(this.#offsets, startIndex)] ?? Infinity) < endIndex;
  }
}
