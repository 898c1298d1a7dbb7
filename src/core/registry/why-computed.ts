import type { Span } from '../nix/problems.ts';
import { GLOBALS } from '../nix/scopes.ts';
import type { Computed } from './list.ts';
import { type Definition, resolve, type Scope } from './scope.ts';
import { spanOf, stripParentheses, type SyntaxNode } from './syntax.ts';

/** Why an expression has to be evaluated, in words that end the sentence "the list is computed …". */
export function whyComputed(node: SyntaxNode, text: string): Computed {
  const called = node.type === 'apply_expression' ? calledName(node, text) : undefined;
  return { ...spanOf(node), reason: `by ${describe(node, text)}`, ...(called !== undefined && { called }) };
}

/** Why a name does not lead to a value in the file; `at` is where it is used. */
export function whyNotFollowed(definition: Exclude<Definition, { kind: 'value' }>, at: Span, text: string): Computed {
  const { start, end } = at;
  const name = text.slice(start, end).split('\n', 1)[0] ?? '';
  switch (definition.kind) {
    case 'argument':
      return { start, end, reason: `from ${name}, an argument of the function`, isArgument: true };
    case 'unbound':
      return GLOBALS.has(name)
        ? { start, end, reason: `because it is ${name}, which is not a list` }
        : { start, end, reason: `from ${name}, which the file does not define` };
    case 'computed':
      return whyComputed(definition.node, text);
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
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
  binding: 'a binding in several parts',
};

function describe(node: SyntaxNode, text: string): string {
  if (node.type === 'apply_expression' || node.type === 'select_expression') {
    return `\`${shorten(text.slice(node.startIndex, headOf(node).endIndex))}\``;
  }
  const operator = node.type === 'binary_expression' ? node.childForFieldName('operator') : null;
  if (operator) return `the operator \`${text.slice(operator.startIndex, operator.endIndex)}\``;
  return DESCRIPTIONS[node.type] ?? 'an expression';
}

/** The name of the function that is called, like `lib.mkOption`; `undefined` where it is another expression. */
export function calledName(call: SyntaxNode, text: string): string | undefined {
  const { startIndex, endIndex } = stripParentheses(headOf(call));
  const name = text.slice(startIndex, endIndex);
  return /^[\w.'"-]+$/.test(name) ? name : undefined;
}

function headOf(node: SyntaxNode): SyntaxNode {
  let head = node;
  for (;;) {
    const called = head.type === 'apply_expression' ? head.childForFieldName('function') : null;
    if (!called) return head;
    head = called;
  }
}

/** One line of source. */
export function shorten(source: string): string {
  const line = source.split('\n', 1)[0] ?? '';
  return line.length > 40 || line.length < source.length ? `${line.slice(0, 40)}…` : line;
}

/** The environment of a `with`, and the enclosing one. */
export interface Namespace {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly outer: Namespace | undefined;
}

const KNOWN = new WeakMap<Namespace, boolean>();

/**
 * Whether an expression calls something from an argument of the file (`pkgs.mkShell { … }`, `lib.optionalAttrs …`), rather than
 * a function of the file itself or of Nix. Such a call is not expected to return the wanted attributes. `namespace`: the
 * environment of the innermost enclosing `with`.
 */
export function isForeign(node: SyntaxNode, text: string, scope: Scope, namespace: Namespace | undefined): boolean {
  const head = rootOf(node);
  if (head.type !== 'variable_expression') return false;
  const name = text.slice(head.startIndex, head.endIndex);
  const { kind } = resolve(name, scope);
  if (kind === 'argument') return true;
  // A `with` cannot hide the names of Nix itself.
  if (kind !== 'unbound' || GLOBALS.has(name) || !namespace) return false;
  const known = KNOWN.get(namespace) ?? isForeign(namespace.node, text, namespace.scope, namespace.outer);
  KNOWN.set(namespace, known);
  return known;
}

/** The name, or other expression, that a chain of calls and selections begins with. */
function rootOf(node: SyntaxNode): SyntaxNode {
  let head = stripParentheses(node);
  for (;;) {
    const field = { apply_expression: 'function', select_expression: 'expression' }[head.type];
    const next = field === undefined ? null : head.childForFieldName(field);
    if (!next) return head;
    head = stripParentheses(next);
  }
}
