import type { StringList } from './list.ts';
import type { Span } from '../nix/problem.ts';

/** How a list is laid out: what an edit needs to go on in the list's own style. */

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset of the line end after `offset`, before `\r\n` or `\n`. */
export function lineEnd(text: string, offset: number): number {
  const lineFeed = text.indexOf('\n', offset);
  if (lineFeed < 0) return text.length;
  return lineFeed > offset && text[lineFeed - 1] === '\r' ? lineFeed - 1 : lineFeed;
}

/** Where a new line goes in after what ends at `offset`: behind the blanks that trail it, if nothing else does. */
export function newLineAfter(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return /^[ \t]*$/.test(text.slice(offset, end)) ? end : offset;
}

/** The line break that ends the line of `offset`, or else the first one of the file. */
export function lineBreakAt(text: string, offset: number): '\n' | '\r\n' {
  const own = text.indexOf('\n', offset);
  const lineFeed = own < 0 ? text.indexOf('\n') : own;
  return lineFeed > 0 && text[lineFeed - 1] === '\r' ? '\r\n' : '\n';
}

/** The blanks that something at the column of `offset` needs before it: tabs stay tabs, text becomes blanks. */
export function indentationAt(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset).replace(/[^\t]/gu, ' ');
}

export function isFirstOnLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** Elements and comments of the list in the order of the text. */
export function itemsOf(list: StringList): readonly Span[] {
  return [...list.elements, ...list.comments].toSorted((a, b) => a.start - b.start);
}

/** The end of an element together with the comments that follow it on its line. */
export function endWithTrailingComments(text: string, list: StringList, element: Span): number {
  let end = element.end;
  for (const comment of list.comments) {
    if (comment.start < end) continue;
    if (/[^ \t]/.test(text.slice(end, comment.start))) break;
    end = comment.end;
  }
  return end;
}

/**
 * Whether an element has its line (or lines) for itself: nothing but blanks before it, nothing but comments that end on
 * the same line after it. Such an element can be commented out with a `#`.
 */
export function ownsLine(text: string, list: StringList, element: Span): boolean {
  if (!isFirstOnLine(text, element.start)) return false;
  const end = endWithTrailingComments(text, list, element);
  return !text.slice(element.start, end).includes('\n') && /^[ \t]*$/.test(text.slice(end, lineEnd(text, end)));
}
