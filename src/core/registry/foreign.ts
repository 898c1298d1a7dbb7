import { GLOBALS } from '../nix/globals.ts';
import { resolve, type Scope } from './scope.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

/** What a `with` opens, and the one around it. */
export interface Namespace {
  readonly node: SyntaxNode;
  /** The scope that it is read in. */
  readonly scope: Scope;
  readonly outer: Namespace | undefined;
}

const KNOWN = new WeakMap<Namespace, boolean>();

/**
 * Whether an expression is made by something that the file is given (`pkgs.mkShell { … }`, `lib.optionalAttrs …`), rather than
 * by a function of the file itself or of Nix. What it comes to, only the file's caller knows; that it makes up attributes
 * of the names that are looked for is not expected. `namespace`: what the innermost `with` around it opens.
 */
export function isForeign(node: SyntaxNode, text: string, scope: Scope, namespace: Namespace | undefined): boolean {
  const head = headOf(node);
  if (head.type !== 'variable_expression') return false;
  const name = text.slice(head.startIndex, head.endIndex);
  const { kind } = resolve(name, scope);
  if (kind === 'argument') return true;
  // What Nix itself knows, no `with` can hide.
  if (kind !== 'unbound' || GLOBALS.has(name) || !namespace) return false;
  const known = KNOWN.get(namespace) ?? isForeign(namespace.node, text, namespace.scope, namespace.outer);
  KNOWN.set(namespace, known);
  return known;
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
