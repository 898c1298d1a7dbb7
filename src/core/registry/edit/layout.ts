import type { Span } from '../../nix/problems.ts';
import { lineEnd, lineStart } from '../diagnostic.ts';
import type { StringList } from '../list.ts';

/** Where to insert a new line after `offset`: behind trailing blanks, if nothing else follows on the line. */
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

/** The indentation for the column of `offset`: tabs stay tabs, text becomes blanks. */
export function indentationAt(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset).replace(/[^\t]/gu, ' ');
}

/** The indentation of a line, whatever follows it. */
export function lineIndentation(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

/** One step deeper, in the style of the indentation. */
export function deeper(indentation: string): string {
  return indentation + (indentation.includes('\t') ? '\t' : '  ');
}

export function isFirstOnLine(text: string, offset: number): boolean {
  const start = blanksBefore(text, offset);
  return start === 0 || text[start - 1] === '\n';
}

/** Where the blanks begin that end at `offset`. */
export function blanksBefore(text: string, offset: number): number {
  let start = offset;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start -= 1;
  return start;
}

/** Whether nothing follows on the line of `offset`. */
export function isLastOnLine(text: string, offset: number): boolean {
  const end = text[offset] === '\r' ? offset + 1 : offset;
  return offset === text.length || text[end] === '\n';
}

/** The last element or comment that ends before `offset`. */
export function itemBefore(list: StringList, offset: number): Span | undefined {
  const element = list.elements[firstFrom(list.elements, offset) - 1];
  const comment = list.comments[firstFrom(list.comments, offset) - 1];
  return element && comment && element.start < comment.start ? comment : (element ?? comment);
}

function firstFrom(spans: readonly Span[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The end of an element together with the comments that follow it on its line. */
export function endWithTrailingComments(text: string, list: StringList, element: Span): number {
  let { end } = element;
  for (let index = firstFrom(list.comments, end); index < list.comments.length; index += 1) {
    const comment = list.comments[index] as Span;
    if (/[^ \t]/.test(text.slice(end, comment.start))) break;
    end = comment.end;
  }
  return end;
}

/** Whether only blanks are before an element on its line and only comments that end there after it: `#` removes it. */
export function ownsLine(text: string, list: StringList, element: Span): boolean {
  if (!isFirstOnLine(text, element.start)) return false;
  const end = endWithTrailingComments(text, list, element);
  return !text.slice(element.start, end).includes('\n') && /^[ \t]*$/.test(text.slice(end, lineEnd(text, end)));
}

/** Replaces `[start, end)` of the original text by `text`; offsets are UTF-16 code units. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that are in order, disjoint and in bounds; throws a `RangeError` for any other, which is a bug. */
export function applyEdits(original: string, edits: readonly TextEdit[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, text } of edits) {
    if (start < from || end < start || end > original.length) {
      throw new RangeError(
        `edit [${start}, ${end}) is out of order or out of bounds (from ${from} to ${original.length})`,
      );
    }
    result += original.slice(from, start) + text;
    from = end;
  }
  return result + original.slice(from);
}
