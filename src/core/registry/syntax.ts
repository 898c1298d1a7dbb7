import { type Notes, respell } from '../nix/notes.ts';
import { checkText } from '../nix/parser.ts';
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

/** A text with its syntax tree. */
export interface ParsedText {
  readonly root: SyntaxNode;
  readonly text: string;
  readonly notes: Notes;
}

/** How a text is parsed by tree-sitter. */
export type Parse = (text: string) => SyntaxNode;

/**
 * Parses a text, or returns the first thing in it that Nix would refuse or read differently.
 *
 * It is checked twice, by `checkText` and by tree-sitter. After an error, the tree does not match the text any more, so any
 * error makes the whole text unreadable. Syntax that the grammar does not know is respelled for it. `wanted`: names whose
 * bindings are noted.
 */
export function parseText(parse: Parse, text: string, wanted: readonly string[]): ParsedText | SyntaxProblem {
  const damage = findDamage(text);
  if (damage) return damage;
  const { problem, notes } = checkText(text, wanted);
  if (problem) return problem;
  const root = parse(respell(text, notes.respelled));
  return root.hasError ? unknownSyntax(firstError(root)) : { root, text, notes };
}

function firstError(root: SyntaxNode): SyntaxNode {
  let node = root;
  while (!node.isError && !node.isMissing) {
    const next = node.children.find((child) => child.hasError || child.isError || child.isMissing);
    if (!next) break;
    node = next;
  }
  return node;
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
