import { GLOBALS } from '../nix/globals.ts';
import { resolve, type Scope } from './scope.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

/**
 * Whether an expression is made by something that the file is given (`pkgs.mkShell { … }`, `lib.optionalAttrs …`), rather than
 * by a function of the file itself or of Nix. What it comes to, only the file's caller knows; that it makes up attributes
 * of the names that are looked for is not expected. `namespaces`: what the `with`s around it open, from the outside in.
 */
export function isForeign(node: SyntaxNode, text: string, scope: Scope, namespaces: readonly SyntaxNode[]): boolean {
  const head = headOf(node);
  if (head.type !== 'variable_expression') return false;
  const name = text.slice(head.startIndex, head.endIndex);
  const { kind } = resolve(name, scope);
  if (kind === 'argument') return true;
  const inner = namespaces.at(-1);
  // What Nix itself knows, no `with` can hide.
  return (
    kind === 'unbound' &&
    !GLOBALS.has(name) &&
    inner !== undefined &&
    isForeign(inner, text, scope, namespaces.slice(0, -1))
  );
}

/** The name that a chain of calls and selections begins with, or whatever else it begins with. */
function headOf(node: SyntaxNode): SyntaxNode {
  let head = stripParentheses(node);
  for (;;) {
    const field = { apply_expression: 'function', select_expression: 'expression' }[head.type];
    const next = field === undefined ? null : head.childForFieldName(field);
    if (!next) return head;
    head = stripParentheses(next);
  }
}
