import type { Span } from '../nix/problems.ts';
import { readStringLiteral, type StringLiteral } from '../nix/string-literal.ts';
import type { SyntaxNode } from './syntax.ts';

/** A list of strings as it stands in the text. `start` and `end` span the brackets. */
export interface StringList extends Span {
  readonly elements: readonly StringLiteral[];
  readonly comments: readonly Span[];
}

/** Something in a list or an expression that only an evaluator could read; `reason` goes on a sentence: "…: reason". */
export interface Computed extends Span {
  readonly reason: string;
}

export function isComputed(value: object): value is Computed {
  return 'reason' in value;
}

/** The value of an element that is no plain literal; `undefined` where only an evaluator could tell. */
export type ReadElement = (node: SyntaxNode) => string | undefined;

/**
 * Reads a list of strings. The brackets come from the syntax tree, what is between them is read by a lexer of this
 * project's own: one pass over the text, much faster than visiting the nodes, and a second opinion on where strings
 * and comments end. Nodes are looked at only for elements that are no plain literals.
 */
export function readList(text: string, list: SyntaxNode, readElement: ReadElement): StringList | Computed {
  const { startIndex: start, endIndex: end } = list;
  const elements: StringLiteral[] = [];
  const comments: Span[] = [];
  const nodes = new Nodes(list);
  let at = start + 1;
  while (at < end - 1) {
    const char = text[at] as string;
    if (char === ' ' || char === '\n' || char === '\t' || char === '\r') {
      at += 1;
    } else if (char === '#' || (char === '/' && text[at + 1] === '*')) {
      const comment = { start: at, end: commentEnd(text, at) };
      comments.push(comment);
      at = comment.end;
    } else {
      // After a literal stands a blank, a bracket or the next element: anything else makes it part of something larger.
      const literal = readStringLiteral(text, at);
      const element = literal && text[literal.end] !== '.' ? literal : readNode(nodes.at(at), readElement);
      if (!element) return computedElement(text, nodes.at(at), at);
      elements.push(element);
      at = element.end;
    }
  }
  if (at !== end - 1) return { start, end, reason: 'because it is not a list of strings' };
  return { start, end, elements, comments };
}

/** Where the comment that starts at `start` ends; a line comment ends before its line end. */
export function commentEnd(text: string, start: number): number {
  if (text[start] === '#') {
    const lineFeed = text.indexOf('\n', start);
    if (lineFeed < 0) return text.length;
    return text[lineFeed - 1] === '\r' ? lineFeed - 1 : lineFeed;
  }
  const close = text.indexOf('*/', start + 2);
  return close < 0 ? text.length : close + 2;
}

/** The nodes of a list, asked for in ascending order of their offsets. */
class Nodes {
  readonly #list: SyntaxNode;
  #children: readonly SyntaxNode[] | undefined;
  #next = 0;

  constructor(list: SyntaxNode) {
    this.#list = list;
  }

  at(offset: number): SyntaxNode | undefined {
    this.#children ??= this.#list.namedChildren;
    while ((this.#children[this.#next]?.endIndex ?? Infinity) <= offset) this.#next += 1;
    const node = this.#children[this.#next];
    return node && node.startIndex <= offset ? node : undefined;
  }
}

function readNode(node: SyntaxNode | undefined, readElement: ReadElement): StringLiteral | undefined {
  const value = node && readElement(node);
  return node && value !== undefined ? { value, start: node.startIndex, end: node.endIndex } : undefined;
}

function computedElement(text: string, node: SyntaxNode | undefined, at: number): Computed {
  const start = node?.startIndex ?? at;
  const end = node?.endIndex ?? at + 1;
  const shown = text.slice(start, Math.min(end, start + 40)).split('\n', 1)[0] ?? '';
  const isString = text[at] === '"' || text.startsWith("''", at);
  const what = isString ? 'contains an interpolation that needs' : 'needs';
  return { start, end, reason: `because the element ${shown} ${what} Nix to evaluate` };
}
