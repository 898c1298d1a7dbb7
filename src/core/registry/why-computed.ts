import type { Span } from '../nix/problem.ts';
import type { Computed } from './list.ts';
import type { Definition } from './scope.ts';
import { spanOf, type SyntaxNode } from './syntax.ts';

/** Why an expression has to be evaluated, in words that end the sentence "the list is computed …". */
export function whyComputed(node: SyntaxNode, text: string): Computed {
  return { ...spanOf(node), reason: `by ${describe(node, text)}` };
}

/** Why a name does not lead to a value that stands in the file; `at` is where it is used. */
export function whyNotFollowed(definition: Exclude<Definition, { kind: 'value' }>, at: Span, text: string): Computed {
  const { start, end } = at;
  const name = text.slice(start, end).split('\n', 1)[0] ?? '';
  switch (definition.kind) {
    case 'argument':
      return { start, end, reason: `from ${name}, an argument of the function` };
    case 'unbound':
      return { start, end, reason: `from ${name}, which the file does not define` };
    case 'computed':
      return whyComputed(definition.node, text);
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  binary_expression: 'an operator',
  if_expression: 'an `if`',
  let_expression: 'a `let … in`',
  with_expression: 'a `with`',
  assert_expression: 'an `assert`',
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

function describe(node: SyntaxNode, text: string): string {
  if (node.type === 'apply_expression' || node.type === 'select_expression') {
    return `\`${shorten(text.slice(node.startIndex, headOf(node).endIndex))}\``;
  }
  return DESCRIPTIONS[node.type] ?? 'an expression';
}

/** The function that a call begins with. */
function headOf(node: SyntaxNode): SyntaxNode {
  let head = node;
  for (;;) {
    const called = head.type === 'apply_expression' ? head.childForFieldName('function') : null;
    if (!called) return head;
    head = called;
  }
}

function shorten(source: string): string {
  const line = source.split('\n', 1)[0] ?? '';
  return line.length > 40 || line.length < source.length ? `${line.slice(0, 40)}…` : line;
}
