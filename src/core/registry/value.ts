import type { Span } from '../nix/problem.ts';
import { isComputed, readList, type Computed, type StringList } from './list.ts';
import { bindingScope, bindingsOf, resolve, type Definition, type Scope } from './scope.ts';
import { readString } from './string-value.ts';
import { spanOf, stripParentheses, type SyntaxNode } from './syntax.ts';
import { whyComputed, whyNotFollowed } from './why-computed.ts';

/** The node that a definition comes down to, with its scope: parentheses taken off, names followed. */
export interface Followed {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  /** The names on the way there. */
  readonly names: readonly string[];
}

const STANDS_FOR_ITSELF = 'the name stands for itself';

/** Follows names (lexically) and parentheses to the expression that gives the value. */
export function follow(definition: Definition, at: Span, text: string): Followed | Computed {
  const seen = new Set<number>();
  const names: string[] = [];
  let current = definition;
  for (;;) {
    if (current.kind !== 'value') return whyNotFollowed(current, at, text);
    const node = stripParentheses(current.node);
    if (node.type !== 'variable_expression') return { node, scope: current.scope, names };
    at = spanOf(node);
    if (seen.has(node.startIndex)) return { ...at, reason: STANDS_FOR_ITSELF };
    seen.add(node.startIndex);
    const name = text.slice(node.startIndex, node.endIndex);
    names.push(name);
    current = resolve(name, current.scope);
  }
}

/** A list that stands in the file, and the names through which it is part of the value. */
export interface ListPart {
  readonly list: StringList;
  readonly names: readonly string[];
}

/** What a value is concatenated of, in order; for what only an evaluator can tell, why. */
export type ListValue = readonly (ListPart | Computed)[];

// Names that double each other (`a = b ++ b; b = c ++ c; …`) would take for ever.
const MAX_STEPS = 10_000;

/** The list of strings that a definition comes down to: literal lists, names for them, `++`, and `let` or `with` around. */
export function readListValue(definition: Definition, at: Span, text: string): ListValue {
  return readParts(definition, at, { text, names: [], named: [], budget: { steps: MAX_STEPS } });
}

interface Reading {
  readonly text: string;
  readonly names: readonly string[];
  /** Where the expressions begin that names on the way stood for. */
  readonly named: readonly number[];
  readonly budget: { steps: number };
}

function readParts(definition: Definition, at: Span, reading: Reading): ListValue {
  reading.budget.steps -= 1;
  if (reading.budget.steps < 0) return [{ ...at, reason: 'it is too large to be told from the file' }];
  const followed = follow(definition, at, reading.text);
  if (isComputed(followed)) return [followed];
  const { node, scope } = followed;
  const isNamed = followed.names.length > 0;
  if (isNamed && reading.named.includes(node.startIndex)) return [{ ...at, reason: STANDS_FOR_ITSELF }];
  const named = isNamed ? [...reading.named, node.startIndex] : reading.named;
  const inner = { ...reading, names: [...reading.names, ...followed.names], named };
  const read = (child: SyntaxNode | null, within: Scope): ListValue =>
    child ? readParts({ kind: 'value', node: child, scope: within }, spanOf(child), inner) : [];
  switch (node.type) {
    case 'list_expression': {
      const list = readList(reading.text, node, (element) => readString(element, scope, reading.text));
      return [isComputed(list) ? list : { list, names: inner.names }];
    }
    case 'with_expression':
      return read(node.childForFieldName('body'), scope);
    case 'let_expression':
      return read(node.childForFieldName('body'), bindingScope(bindingsOf(node), reading.text, scope));
    case 'binary_expression':
      if (node.children.some((child) => child.type === '++')) {
        return [...read(node.childForFieldName('left'), scope), ...read(node.childForFieldName('right'), scope)];
      }
      return [whyComputed(node, reading.text)];
    default:
      return [whyComputed(node, reading.text)];
  }
}
