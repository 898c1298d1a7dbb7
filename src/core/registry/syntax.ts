/**
 * The part of a concrete syntax tree that the core reads. Nodes of tree-sitter have this shape;
 * offsets are UTF-16 code units of the source text.
 */
export interface SyntaxNode {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly hasError: boolean;
  readonly children: readonly SyntaxNode[];
  readonly namedChildren: readonly SyntaxNode[];
  childForFieldName(name: string): SyntaxNode | null;
}

/** A half-open range of the source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Why a text cannot be read, and where. */
export interface SyntaxProblem extends Span {
  readonly message: string;
}

/**
 * The first thing in the text that Nix would refuse or read differently, or undefined.
 *
 * Error recovery of a tree-sitter parser lies about the text after an error, so any error makes the whole
 * text unreadable. One shape is let through: the trailing comma of function formals (`{ a, b, }:`), which
 * tree-sitter-nix 0.0.2 does not know (mended in nix-community/tree-sitter-nix#131).
 */
export function findSyntaxProblem(root: SyntaxNode, text: string): SyntaxProblem | undefined {
  const lexical = findLexicalProblem(root, text);
  if (lexical) return lexical;
  if (!root.hasError) {
    return root.childForFieldName('expression')
      ? undefined
      : { start: 0, end: 0, message: 'the file holds no expression' };
  }
  const found = firstError(root, text);
  // An error that no walk can place is still an error, except where only trailing commas were found.
  return found === 'only-trailing-commas' ? undefined : (found ?? { start: 0, end: 0, message: 'syntax error' });
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
    const problem = child.isError || child.isMissing ? describe(child, text) : firstError(child, text);
    if (problem !== 'only-trailing-commas') return problem ?? describe(child, text);
    seen = problem;
  }
  return seen;
}

/**
 * The two shapes that the grammar leaves for `formal , }`: an ERROR that holds just the comma, or a formal made of
 * a MISSING identifier after the comma. `{ , }`, `{ a, , }` and `{ a, ..., }` are errors in Nix too and stay errors.
 */
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

function describe(node: SyntaxNode, text: string): SyntaxProblem {
  const { startIndex: start, endIndex: end } = node;
  if (node.isMissing) return { start, end, message: `syntax error: ${JSON.stringify(node.type)} is missing here` };
  const shown = text.slice(start, end).trim().split('\n', 1)[0] ?? '';
  return shown === ''
    ? { start, end, message: 'syntax error' }
    : {
        start,
        end,
        message: `syntax error at ${JSON.stringify(shown.length > 40 ? `${shown.slice(0, 40)}…` : shown)}`,
      };
}

// White space to the grammar (and to a reader's eye), but not to Nix, which knows blank, tab, CR and LF only.
const FOREIGN_SPACE = /[\v\f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/g;
// Nix ends a comment at a carriage return, the grammar does not.
const LONE_CARRIAGE_RETURN = /\r(?!\n)/;

function findLexicalProblem(root: SyntaxNode, text: string): SyntaxProblem | undefined {
  const carriageReturn = text.search(LONE_CARRIAGE_RETURN);
  if (carriageReturn >= 0) {
    const message = 'a carriage return without a line feed: the line ends of this file are damaged';
    return { start: carriageReturn, end: carriageReturn + 1, message };
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) return { start: nul, end: nul + 1, message: 'a NUL character' };
  const offset = firstOutsideText(
    root,
    Array.from(text.matchAll(FOREIGN_SPACE), ({ index }) => index),
  );
  if (offset === undefined) return undefined;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return { start: offset, end: offset + 1, message: `the character U+${code} is not white space in Nix` };
}

/** The first of the ascending offsets that lies in no comment and no string. Visits each node once, whatever their number. */
function firstOutsideText(node: SyntaxNode, offsets: readonly number[]): number | undefined {
  if (offsets.length === 0 || node.type === 'comment' || node.type === 'string_fragment') return undefined;
  let next = 0;
  for (const child of node.children) {
    if (next === offsets.length) return undefined;
    const from = next;
    while ((offsets[next] ?? Infinity) < child.startIndex) next += 1;
    if (next > from) return offsets[from];
    while ((offsets[next] ?? Infinity) < child.endIndex) next += 1;
    const outside = firstOutsideText(child, offsets.slice(from, next));
    if (outside !== undefined) return outside;
  }
  return offsets[next];
}
