import { readStringLiteral, type StringLiteral } from './string-literal.ts';
import type { Span, SyntaxNode } from './syntax.ts';

/** A list of string literals as it stands in the text. `start` and `end` span the brackets. */
export interface StringList extends Span {
  readonly elements: readonly StringLiteral[];
  readonly comments: readonly Span[];
}

/** Something in a list or an expression that only an evaluator could read. */
export interface Computed extends Span {
  readonly reason: string;
}

export function isComputed(value: object): value is Computed {
  return 'reason' in value;
}

/**
 * Reads a literal list of strings. The brackets come from the syntax tree, what is between them is read by a
 * lexer of this project's own: one pass over the text, much faster than visiting the nodes, and a second opinion
 * on where strings and comments end.
 */
export function readList(text: string, list: SyntaxNode): StringList | Computed {
  const { startIndex: start, endIndex: end } = list;
  const elements: StringLiteral[] = [];
  const comments: Span[] = [];
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
      const element = readStringLiteral(text, at);
      if (!element) return computedElement(text, list, at);
      elements.push(element);
      at = element.end;
    }
  }
  if (at !== end - 1) return { start, end, reason: 'the list is not readable as a list of strings' };
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

function computedElement(text: string, list: SyntaxNode, at: number): Computed {
  const node = list.namedChildren.find((child) => child.startIndex <= at && at < child.endIndex);
  const end = node?.endIndex ?? at + 1;
  const start = node?.startIndex ?? at;
  const shown = text.slice(start, Math.min(end, start + 40)).split('\n', 1)[0] ?? '';
  const isString = text[at] === '"' || text.startsWith("''", at);
  const what = isString ? 'holds an interpolation' : 'is not a string literal';
  return { start, end, reason: `the element ${shown} ${what}` };
}
