import { checkSyntax } from '../nix/parser.ts';
import type { Span, SyntaxProblem } from '../nix/problems.ts';

/** The part of a syntax tree of tree-sitter that the core reads; offsets are UTF-16 code units of the source text. */
export interface SyntaxNode {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly hasError: boolean;
  readonly children: readonly SyntaxNode[];
  readonly namedChildren: readonly SyntaxNode[];
  readonly firstNamedChild: SyntaxNode | null;
  childForFieldName(name: string): SyntaxNode | null;
}

export function spanOf(node: SyntaxNode): Span {
  return { start: node.startIndex, end: node.endIndex };
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

/**
 * The first thing in the text that Nix would refuse or read differently, or undefined.
 *
 * The text is checked twice, by `checkSyntax` and by tree-sitter. After an error, the tree does not match the text
 * any more, so any error makes the whole text unreadable. One exception: the trailing comma of function formals
 * (`{ a, b, }:`), which tree-sitter-nix 0.0.2 does not know (fixed in
 * nix-community/tree-sitter-nix#131).
 */
export function findSyntaxProblem(root: SyntaxNode, text: string): SyntaxProblem | undefined {
  const problem = findDamage(text) ?? checkSyntax(text);
  if (problem || !root.hasError) return problem;
  const found = firstError(root, text);
  // An error without a node is still an error, except where only trailing commas were found.
  return found === 'only-trailing-commas' ? undefined : (found ?? unknownSyntax(root));
}

type FirstError = SyntaxProblem | 'only-trailing-commas' | undefined;

function firstError(node: SyntaxNode, text: string): FirstError {
  let seen: FirstError;
  for (const [index, child] of node.children.entries()) {
    if (!child.hasError && !child.isError && !child.isMissing) continue;
    if (node.type === 'formals' && isTrailingComma(node.children, index, text)) {
      seen = 'only-trailing-commas';
      continue;
    }
    const problem = child.isError || child.isMissing ? unknownSyntax(child) : firstError(child, text);
    if (problem !== 'only-trailing-commas') return problem ?? unknownSyntax(child);
    seen = problem;
  }
  return seen;
}

// The grammar reads `formal , }` as an ERROR of just the comma, or as a formal of a MISSING identifier after the comma.
// `{ , }`, `{ a, , }` and `{ a, ..., }` are errors in Nix too and stay errors.
function isTrailingComma(children: readonly SyntaxNode[], index: number, text: string): boolean {
  const at = children[index];
  const siblings = children.filter((child) => child.type !== 'comment');
  const place = siblings.findIndex((child) => child === at);
  const formal = (node: SyntaxNode | undefined): boolean =>
    node?.type === 'formal' && node.endIndex > node.startIndex && !node.isMissing;
  if (at === undefined || siblings[place + 1]?.type !== '}') return false;
  if (at.isError) {
    return text.slice(at.startIndex, at.endIndex) === ',' && formal(siblings[place - 1]);
  }
  const [name, ...more] = at.children;
  const isGhost =
    at.type === 'formal' && at.startIndex === at.endIndex && more.length === 0 && name?.isMissing === true;
  return isGhost && siblings[place - 1]?.type === ',' && formal(siblings[place - 2]);
}

function unknownSyntax({ startIndex: start, endIndex: end }: SyntaxNode): SyntaxProblem {
  return { start, end, message: 'this is Nix syntax that the parser does not support' };
}

// Nix ends a comment at a carriage return, the grammar does not.
const LONE_CARRIAGE_RETURN = /\r(?!\n)/;

/** Damage that no editor writes, and that Nix and tree-sitter read differently. */
export function findDamage(text: string): SyntaxProblem | undefined {
  const carriageReturn = text.includes('\r') ? text.search(LONE_CARRIAGE_RETURN) : -1;
  if (carriageReturn >= 0) {
    const message = 'a carriage return without a line feed: the line endings of this file are damaged';
    return { start: carriageReturn, end: carriageReturn + 1, message };
  }
  const nul = text.indexOf('\0');
  return nul < 0 ? undefined : { start: nul, end: nul + 1, message: 'a NUL character' };
}
