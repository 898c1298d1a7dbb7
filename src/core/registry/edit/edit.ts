import type { NameOf } from '../../catalogue/names.ts';
import type { Span } from '../../nix/problems.ts';
import { quote, readStringLiteral, type StringLiteral } from '../../nix/literals.ts';
import { lineEnd, lineStart } from '../diagnostic.ts';
import type { StringList } from '../list.ts';
import {
  blanksBefore,
  deeper,
  endWithTrailingComments,
  indentationAt,
  isFirstOnLine,
  isLastOnLine,
  itemBefore,
  lineBreakAt,
  lineIndentation,
  newLineAfter,
  ownsLine,
  type TextEdit,
} from './layout.ts';

/** How `add` made an entry active. */
export type Addition = 'present' | 'uncommented' | 'appended';

/** How a list spells its models. */
export interface Spelling {
  readonly nameOf: NameOf;
  /** The value of a new entry. */
  readonly write: (name: string) => string;
}

/** An entry that is added, as it is written in the new text. */
export interface Added {
  readonly name: string;
  readonly value: string;
}

/**
 * The edits of one list that add entries which are in none of the lists: as many of the first ones as are treated alike.
 * A commented line that contains exactly the entry, in any spelling, is uncommented; any other entry is appended to the first
 * list, in the list's own style.
 */
export function addEntries(
  text: string,
  lists: readonly StringList[],
  names: readonly string[],
  { nameOf, write }: Spelling,
): { readonly how: Addition; readonly edits: readonly TextEdit[]; readonly added: readonly Added[] } {
  const commented = lists.map((list) => commentedLines(text, list, nameOf));
  const isCommented = (name: string): boolean => commented.some((lines) => lines.has(name));
  const [first = ''] = names;
  if (!isCommented(first)) {
    const end = names.findIndex(isCommented);
    const added = names.slice(0, end < 0 ? undefined : end).map((name) => ({ name, value: write(name) }));
    const literals = added.map(({ value }) => quote(value));
    return { how: 'appended', edits: lists[0] ? [append(text, lists[0], literals)] : [], added };
  }
  const index = commented.findIndex((lines) => lines.has(first));
  const end = names.findIndex((name) => commented.findIndex((lines) => lines.has(name)) !== index);
  const lines = names.slice(0, end < 0 ? undefined : end).flatMap((name) => commented[index]?.get(name) ?? []);
  const edits = lines.map(({ edit }) => edit).toSorted((a, b) => a.start - b.start);
  return { how: 'uncommented', edits, added: lines.map(({ name, value }) => ({ name, value })) };
}

/** Makes an element inactive: comments out or deletes its own line, or removes it with blanks from a shared line. */
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

/** Where the next edit may begin: after the blanks that both would change, and after a new comment's line break. */
export function endOfEdits(text: string, element: Span, edits: readonly TextEdit[]): number {
  const last = edits.at(-1) ?? element;
  const isCommentedOut = last.start === last.end;
  return Math.max(last.end, (isCommentedOut ? lineEnd(text, element.end) : element.end) + 1);
}

interface CommentedLine extends Added {
  /** Uncomments it. */
  readonly edit: TextEdit;
}

function commentedLines(text: string, list: StringList, nameOf: NameOf): ReadonlyMap<string, CommentedLine> {
  const lines = new Map<string, CommentedLine>();
  for (const comment of list.comments) {
    const literal = commentedLiteral(text, comment);
    if (!literal) continue;
    const { value, start } = literal;
    const name = nameOf(value);
    if (!lines.has(name)) lines.set(name, { name, value, edit: { start: comment.start, end: start, text: '' } });
  }
  return lines;
}

/** The entries in commented lines of the lists, which `addEntries` would uncomment. */
export function commentedEntries(text: string, lists: readonly StringList[]): readonly string[] {
  return lists.flatMap(({ comments }) => comments.flatMap((comment) => commentedLiteral(text, comment)?.value ?? []));
}

/** The string in a comment that fills its line, if it contains nothing else. */
function commentedLiteral(text: string, { start, end }: Span): StringLiteral | undefined {
  if (text[start] !== '#' || !isFirstOnLine(text, start)) return undefined;
  const comment = text.slice(start, end);
  const literal = readStringLiteral(comment, /^#[ \t]*/.exec(comment)?.[0].length ?? 1);
  if (!literal || !isRestComment(comment, literal.end)) return undefined;
  return { value: literal.value, start: start + literal.start, end: start + literal.end };
}

/** Edits that each uncomment a line with something other than a plain string; only reading the new text shows what. */
export function possibleElements(text: string, lists: readonly StringList[]): readonly TextEdit[] {
  return lists.flatMap(({ comments }) =>
    comments.flatMap(({ start, end }) => {
      const opening = /^#[ \t]*(?=[a-zA-Z_(]|"[^#]*\$\{|'')/.exec(text.slice(start, end))?.[0];
      const isLine = opening !== undefined && isFirstOnLine(text, start);
      return isLine ? [{ start, end: start + opening.length, text: '' }] : [];
    }),
  );
}

// Blanks and comments in `/* … */`, up to the end or to a `#`.
const REST_COMMENT = /(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:#|$)/y;

/** Whether only blanks and comments follow on a commented line, so that they may stay when it is uncommented. */
function isRestComment(comment: string, from: number): boolean {
  REST_COMMENT.lastIndex = from;
  return REST_COMMENT.test(comment);
}

/** Adds several at a time only after an element that was appended before them. */
function append(text: string, list: StringList, literals: readonly string[]): TextEdit {
  const last = list.elements.at(-1);
  if (last) return appendAfter(text, list, last, literals);
  const literal = literals.join(' ');
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

function appendAfter(text: string, list: StringList, last: StringLiteral, literals: readonly string[]): TextEdit {
  const end = endWithTrailingComments(text, list, last);
  const insertEach = (at: number, before: string): TextEdit =>
    insert(at, literals.map((literal) => before + literal).join(''));
  const spansLines =
    text.slice(list.start, last.start).includes('\n') || text.startsWith('#', commentBefore(list, end));
  if (spansLines) {
    return insertEach(
      newLineAfter(text, end),
      lineBreakAt(text, end) + indentationAt(text, firstOnLineOf(text, list, last).start),
    );
  }
  const before = list.elements.at(-2);
  const between = before ? text.slice(before.end, last.start) : ' ';
  return insertEach(end, /^[ \t]+$/.test(between) ? between : ' ');
}

function commentBefore(list: StringList, end: number): number {
  return list.comments.find((comment) => comment.end === end)?.start ?? end;
}

function firstOnLineOf(text: string, list: StringList, element: StringLiteral): StringLiteral {
  const start = lineStart(text, element.start);
  return list.elements.find((each) => each.start >= start) ?? element;
}

/** One step deeper than the line of the closing bracket, or of the opening one where both share a line. */
function innerIndentation(text: string, list: StringList): string {
  return deeper(lineIndentation(text, list.end - 1));
}

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
  // The list closes on this line: the line break is removed too, unless it ends a comment.
  return joins ? { start: previous.end, end, text: '' } : { start, end: end + after, text: '' };
}

function insert(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}
