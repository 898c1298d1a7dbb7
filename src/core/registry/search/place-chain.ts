import type { Place } from '../../nix/notes.ts';
import { bindingsIn, haveRecSet, attributeNames } from '../attrset-bindings.ts';
import { bindingScope, type Definition, functionScope, resolve, type Scope, unknownScope } from '../scope.ts';
import type { ParsedText, SyntaxNode } from '../syntax.ts';
import type { Namespace } from '../why-computed.ts';

/** A node around a place, and the names in force inside of it. */
export interface Link {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  /** The environments of the `with`s around it. */
  readonly namespace: Namespace | undefined;
}

/** The nodes around a place, from the outside in. The last one is the binding, `inherit` or argument itself. */
export function chainTo({ root, text }: ParsedText, { start }: Place): readonly Link[] {
  const chain: Link[] = [];
  let scope: Scope;
  let namespace: Namespace | undefined;
  let node = root.childForFieldName('expression');
  while (node) {
    scope = scopeInside(node, scope, start, text);
    chain.push({ node, scope, namespace });
    const opened = node.type === 'with_expression' ? node.childForFieldName('environment') : null;
    if (opened) namespace = { node: opened, scope, outer: namespace };
    node = childAt(node, start);
  }
  const last = chain.findLastIndex(({ node: { type } }) => BINDERS.has(type));
  return chain.slice(0, last + 1);
}

const BINDERS = new Set(['binding', 'inherit', 'inherit_from', 'formal', 'function_expression']);
export const SETS: ReadonlySet<string> = new Set([
  'let_expression',
  'attrset_expression',
  'rec_attrset_expression',
  'let_attrset_expression',
]);

/** The link of a chain, where it is a binding of a `let`. */
export function letBinding(chain: readonly Link[], index: number): SyntaxNode | undefined {
  const [set, , binding] = [index - 2, index - 1, index].map((at) => chain[at]?.node);
  return set?.type === 'let_expression' && binding?.type === 'binding' ? binding : undefined;
}

function childAt(node: SyntaxNode, offset: number): SyntaxNode | null {
  const isAround = ({ startIndex, endIndex }: SyntaxNode): boolean => startIndex <= offset && offset < endIndex;
  return node.namedChildren.find(isAround) ?? null;
}

function scopeInside(node: SyntaxNode, outer: Scope, offset: number, text: string): Scope {
  switch (node.type) {
    case 'function_expression':
      return functionScope(node, text, outer);
    case 'let_expression':
      return bindingScope(node, text, outer);
    case 'attrset_expression':
    case 'rec_attrset_expression': {
      const scope = node.type === 'attrset_expression' ? outer : bindingScope(node, text, outer);
      return isInParts(node, offset, text) ? unknownScope(node) : scope;
    }
    default:
      return outer;
  }
}

/** Whether the binding at an offset is one of several parts of a set, one of which is a `rec`. */
function isInParts(set: SyntaxNode, offset: number, text: string): boolean {
  const { all, byName } = bindingsIn(set, text);
  const binding = all.find(({ startIndex, endIndex }) => startIndex <= offset && offset < endIndex);
  const [name] = binding?.type === 'binding' ? attributeNames(binding, text) : [];
  const parts = name === undefined ? [] : (byName.get(name) ?? []);
  return parts.length > 1 && haveRecSet(parts, text);
}

/** What a place gives to the name there. */
export function definitionAt(parsed: ParsedText, place: Place): Definition {
  const chain = chainTo(parsed, place);
  const binder = chain.at(-1);
  if (!binder) return { kind: 'computed', node: parsed.root };
  const { node, scope } = binder;
  if (place.kind === 'argument') return { kind: 'argument', node };
  const value = node.childForFieldName('expression');
  if (node.type === 'binding' && value) return { kind: 'value', node: value, scope };
  if (node.type !== 'inherit') return { kind: 'computed', node };
  // A `let` or `rec` set takes a name from outside of itself.
  const set = chain.findLast(({ node: { type } }) => SETS.has(type));
  const isOwnScope = set !== undefined && set.node.type !== 'attrset_expression';
  const name = place.path.at(-1);
  return name === undefined ? { kind: 'computed', node } : resolve(name, isOwnScope ? scope?.outer : scope);
}
