import {
  endWithTrailingComments,
  indentationAt,
  blanksBefore,
  isFirstOnLine,
  isLastOnLine,
  itemBefore,
  lineBreakAt,
  lineEnd,
  lineStart,
  newLineAfter,
  ownsLine,
} from './layout.ts';
import { commentEnd, type StringList } from './list.ts';
import type { Span } from '../nix/problem.ts';
import { quote } from '../nix/quote.ts';
import { readStringLiteral, type StringLiteral } from '../nix/string-literal.ts';
import type { TextEdit } from './text-edit.ts';

/** How `add` made an entry active. */
export type Addition = 'present' | 'uncommented' | 'appended';

/**
 * The edit that makes `entry` active, in this order of preference: it is active already; a commented line in one of the
 * lists holds exactly it; it goes after the last element of the first list, in the list's own style.
 */
export function addEntry(
  text: string,
  lists: readonly StringList[],
  entry: string,
): { readonly how: Addition; readonly edits: readonly TextEdit[] } {
  if (lists.some(({ elements }) => elements.some(({ value }) => value === entry))) return { how: 'present', edits: [] };
  for (const list of lists) {
    const edit = uncomment(text, list, entry);
    if (edit) return { how: 'uncommented', edits: [edit] };
  }
  const [first] = lists;
  return { how: 'appended', edits: first ? [append(text, first, quote(entry))] : [] };
}

/**
 * The edits that make an element of a list inactive: one with a line of its own becomes a comment (or goes with its whole
 * line), one that shares its line goes with the blanks that set it apart.
 */
export function removeElement(
  text: string,
  list: StringList,
  index: number,
  how: 'comment' | 'delete',
): readonly TextEdit[] {
  const element = list.elements[index];
  if (!element) return [];
  if (!ownsLine(text, list, element)) return [cutOut(text, list, index)];
  if (how === 'comment') return [{ start: element.start, end: element.start, text: '# ' }];
  const next = text.indexOf('\n', element.end) + 1;
  return [{ start: lineStart(text, element.start), end: next, text: '' }];
}

function uncomment(text: string, list: StringList, entry: string): TextEdit | undefined {
  for (const comment of list.comments) {
    const literal = commentedLiteral(text, comment);
    if (literal?.value === entry) return { start: comment.start, end: literal.start, text: '' };
  }
  return undefined;
}

/** The entries that commented lines of the lists hold, and that `addEntry` would turn back on. */
export function commentedEntries(text: string, lists: readonly StringList[]): readonly string[] {
  return lists.flatMap(({ comments }) => comments.flatMap((comment) => commentedLiteral(text, comment)?.value ?? []));
}

/** The string that a line holds which is a comment, if that is all it holds. */
function commentedLiteral(text: string, { start, end }: Span): StringLiteral | undefined {
  if (text[start] !== '#' || !isFirstOnLine(text, start)) return undefined;
  const literalStart = start + (/^#[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 1);
  const literal = readStringLiteral(text, literalStart);
  return literal && isRestComment(text, literal.end, end) ? literal : undefined;
}

/**
 * The edits that would each turn a commented line of a list back on that may hold an element other than a plain string: a
 * name, parentheses, an interpolation. Whether it does, only reading the new text tells.
 */
export function possibleElements(text: string, lists: readonly StringList[]): readonly TextEdit[] {
  return lists.flatMap(({ comments }) =>
    comments.flatMap(({ start, end }) => {
      const opening = /^#[ \t]*(?=[a-zA-Z_(]|"[^#]*\$\{|'')/.exec(text.slice(start, end))?.[0];
      const isLine = opening !== undefined && isFirstOnLine(text, start);
      return isLine ? [{ start, end: start + opening.length, text: '' }] : [];
    }),
  );
}

/** Whether what follows on a commented line is blank or comments that end there, so that it may stay when the line comes back. */
function isRestComment(text: string, from: number, end: number): boolean {
  const rest = text.slice(from, end).trim();
  if (from > end || rest === '') return from <= end;
  const start = text.indexOf(rest, from);
  if (rest.startsWith('#')) return true;
  if (!rest.startsWith('/*')) return false;
  const close = commentEnd(text, start);
  return close <= end && text.startsWith('*/', close - 2) && isRestComment(text, close, end);
}

function append(text: string, list: StringList, literal: string): TextEdit {
  const last = list.elements.at(-1);
  if (last) return appendAfter(text, list, last, literal);
  const comment = list.comments.at(-1);
  const inner = text.slice(list.start + 1, list.end - 1);
  if (comment) {
    const onNewLine = text.slice(list.start, list.end).includes('\n');
    if (!onNewLine) return insert(comment.end, ` ${literal}`);
    const indentation = isFirstOnLine(text, comment.start)
      ? indentationAt(text, comment.start)
      : innerIndentation(text, list);
    return insert(newLineAfter(text, comment.end), lineBreakAt(text, comment.end) + indentation + literal);
  }
  if (!inner.includes('\n')) return insert(list.end - 1, literal + inner);
  return insert(lineEnd(text, list.start), lineBreakAt(text, list.start) + innerIndentation(text, list) + literal);
}

function appendAfter(text: string, list: StringList, last: StringLiteral, literal: string): TextEdit {
  const end = endWithTrailingComments(text, list, last);
  const spansLines =
    text.slice(list.start, last.start).includes('\n') || text.startsWith('#', commentBefore(list, end));
  if (spansLines) {
    return insert(
      newLineAfter(text, end),
      lineBreakAt(text, end) + indentationAt(text, firstOnLineOf(text, list, last).start) + literal,
    );
  }
  const before = list.elements.at(-2);
  const between = before ? text.slice(before.end, last.start) : ' ';
  return insert(end, (/^[ \t]+$/.test(between) ? between : ' ') + literal);
}

function commentBefore(list: StringList, end: number): number {
  return list.comments.find((comment) => comment.end === end)?.start ?? end;
}

/** The element that the line of `element` starts with, as far as the list goes. */
function firstOnLineOf(text: string, list: StringList, element: StringLiteral): StringLiteral {
  const start = lineStart(text, element.start);
  return list.elements.find((each) => each.start >= start) ?? element;
}

/** One step deeper than the line of the closing bracket, or of the opening one where both share a line. */
function innerIndentation(text: string, list: StringList): string {
  const outer = /^[ \t]*/.exec(text.slice(lineStart(text, list.end - 1)))?.[0] ?? '';
  return outer + (outer.includes('\t') ? '\t' : '  ');
}

/** Takes out an element that shares its line, with the blanks on one side of it. */
function cutOut(text: string, list: StringList, index: number): TextEdit {
  const { start, end } = list.elements[index] as StringLiteral;
  const before = start - blanksBefore(text, start);
  const after = /^[ \t]*/.exec(text.slice(end, list.end - 1))?.[0].length ?? 0;
  const atLineStart = isFirstOnLine(text, start);
  const endsLine = isLastOnLine(text, end + after);
  if (!atLineStart) {
    const isFirst = start - before === list.start + 1 && end + after < list.end - 1 && !endsLine;
    return isFirst ? { start, end: end + after, text: '' } : { start: start - before, end, text: '' };
  }
  const previous = itemBefore(list, start);
  const joins = end + after === list.end - 1 && previous !== undefined && text[previous.start] !== '#';
  // The list closes on this line: the line break goes too, unless it ends a comment.
  return joins ? { start: previous.end, end, text: '' } : { start, end: end + after, text: '' };
}

function insert(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}
