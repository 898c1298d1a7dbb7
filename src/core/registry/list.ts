import type { Span } from '../nix/problems.ts';
import { readStringLiteral, type StringLiteral } from '../nix/literals.ts';
import { lineEnd } from './diagnostic.ts';
import type { SyntaxNode } from './syntax.ts';

/** A list of strings in the text. `start` and `end` include the brackets. */
export interface StringList extends Span {
  readonly elements: readonly StringLiteral[];
  readonly comments: readonly Span[];
}

/** A part of a list or an expression that needs Nix to evaluate; `reason` continues a sentence. */
export interface Computed extends Span {
  readonly reason: string;
  /** The function that is called. */
  readonly called?: string;
  /** Whether it is an argument of a function. */
  readonly isArgument?: boolean;
  /** The smallest change that makes it readable. */
  readonly change?: string;
}

export function isComputed(value: object): value is Computed {
  return 'reason' in value;
}

/** The value of an element that is not a plain literal; `undefined` where it needs Nix to evaluate. */
type ReadElement = (node: SyntaxNode) => string | undefined;

/**
 * Reads a list of strings. The brackets come from the syntax tree; the text between them is read in one pass, which is much
 * faster than visiting the nodes, and checks a second time where strings and comments end. Nodes are visited only for
 * elements that are not plain literals. The lexer in core/nix has no positions of comments, so it cannot do this.
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
      // After a literal comes a blank, a bracket or the next element; a dot makes it part of a selection.
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

function commentEnd(text: string, start: number): number {
  if (text[start] === '#') return lineEnd(text, start);
  const close = text.indexOf('*/', start + 2);
  return close < 0 ? text.length : close + 2;
}

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
