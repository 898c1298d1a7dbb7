import { isComputed, readList, type Computed, type StringList } from './list.ts';
import { resolve, type Definition, type Scope } from './scope.ts';
import type { SyntaxNode } from './syntax.ts';

/** The node that a definition comes down to, with its scope: parentheses taken off, names followed. */
export interface Followed {
  readonly node: SyntaxNode;
  readonly scope: Scope;
}

/** Follows names (lexically) and parentheses to the expression that gives the value. */
export function follow(definition: Definition, at: SyntaxNode, text: string): Followed | Computed {
  const seen = new Set<number>();
  let current = definition;
  for (;;) {
    if (current.kind !== 'value') return cannotFollow(current, at, text);
    const node = stripParentheses(current.node);
    if (node.type !== 'variable_expression') return { node, scope: current.scope };
    if (seen.has(node.startIndex)) {
      return { start: node.startIndex, end: node.endIndex, reason: 'the name stands for itself' };
    }
    seen.add(node.startIndex);
    at = node;
    current = resolve(text.slice(node.startIndex, node.endIndex), current.scope);
  }
}

/** The list of strings that a definition comes down to, as it stands in the text. */
export function readListValue(definition: Definition, at: SyntaxNode, text: string): StringList | Computed {
  const followed = follow(definition, at, text);
  if (isComputed(followed)) return followed;
  const { node } = followed;
  if (node.type === 'list_expression') return readList(text, node);
  return {
    start: node.startIndex,
    end: node.endIndex,
    reason: `the value is ${describeExpression(node)}, not a plain list`,
  };
}

export function stripParentheses(node: SyntaxNode): SyntaxNode {
  let current = node;
  while (current.type === 'parenthesized_expression') {
    const inner = current.childForFieldName('expression');
    if (!inner) break;
    current = inner;
  }
  return current;
}

function cannotFollow(definition: Exclude<Definition, { kind: 'value' }>, at: SyntaxNode, text: string): Computed {
  const span = (node: SyntaxNode): { start: number; end: number } => ({ start: node.startIndex, end: node.endIndex });
  const name = text.slice(at.startIndex, at.endIndex).split('\n', 1)[0] ?? '';
  switch (definition.kind) {
    case 'argument':
      return { ...span(at), reason: `${name} is an argument of the function` };
    case 'unbound':
      return { ...span(at), reason: `${name} is not defined in this file` };
    case 'computed':
      return { ...span(definition.node), reason: `${describeExpression(definition.node)} decides the value` };
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  apply_expression: 'a function call',
  binary_expression: 'an expression with an operator',
  if_expression: 'an `if`',
  let_expression: 'a `let … in`',
  with_expression: 'a `with`',
  assert_expression: 'an `assert`',
  select_expression: 'an attribute of something else',
  function_expression: 'a function',
  attrset_expression: 'a set',
  rec_attrset_expression: 'a `rec` set',
  string_expression: 'a string',
  indented_string_expression: 'a string',
  path_expression: 'a path',
  integer_expression: 'a number',
  inherit_from: 'an `inherit (…)`',
  binding: 'a binding in pieces',
};

function describeExpression(node: SyntaxNode): string {
  return DESCRIPTIONS[node.type] ?? 'an expression';
}
