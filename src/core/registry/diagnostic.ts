import type { Place } from '../errors.ts';
import type { Span } from '../nix/problems.ts';

/** Both from 1; the column counts characters, not bytes or UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

// A character of two UTF-16 units.
const PAIR = /[\u{10000}-\u{10FFFF}]/gu;

/** The positions of many offsets of a text, in any order: Nix may have reordered the entries of a list. */
export class Positions {
  readonly #starts = [0];
  /** Where the characters of two units begin. */
  readonly #pairs: readonly number[];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
    this.#pairs = Array.from(text.matchAll(PAIR), ({ index }) => index);
  }

  at(offset: number): Position {
    const line = this.lineOf(offset);
    const start = this.#starts[line - 1] ?? 0;
    const pairs = countBelow(this.#pairs, offset) - countBelow(this.#pairs, start);
    return { line, column: offset - start - pairs + 1 };
  }

  lineOf(offset: number): number {
    return countBelow(this.#starts, offset + 1);
  }
}

/** How many of some numbers in ascending order are below a limit. */
export function countBelow(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset of the line end after `offset`, before `\r\n` or `\n`. */
export function lineEnd(text: string, offset: number): number {
  const lineFeed = text.indexOf('\n', offset);
  if (lineFeed < 0) return text.length;
  return lineFeed > offset && text[lineFeed - 1] === '\r' ? lineFeed - 1 : lineFeed;
}

/** The offset of a line and column, both from 1; the column counts bytes of UTF-8, as Nix does. */
export function offsetAt(text: string, line: number, column: number): number {
  let from = 0;
  for (let count = 1; count < line; count += 1) {
    const lineFeed = text.indexOf('\n', from);
    if (lineFeed < 0) return text.length;
    from = lineFeed + 1;
  }
  const lineFeed = text.indexOf('\n', from);
  const source = text.slice(from, lineFeed < 0 ? text.length : lineFeed);
  let bytes = 1;
  let offset = from;
  for (const char of source) {
    if (bytes >= column) break;
    bytes += utf8Length(char.codePointAt(0) ?? 0);
    offset += char.length;
  }
  return offset;
}

function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/** The place of a span in a file, with its first line underlined. */
export function placeOf(file: string, text: string, span: Span): Place {
  const { line, column } = new Positions(text).at(span.start);
  const first = lineStart(text, span.start);
  const before = text.slice(first, span.start);
  const source = text.slice(first, lineEnd(text, span.start)).trimEnd();
  const marked = Math.max(1, Array.from(text.slice(span.start, Math.min(span.end, first + source.length))).length);
  const gutter = `${line} | `;
  const indent = before.replace(/[^\t]/gu, ' ');
  const excerpt = `${gutter}${source}\n${' '.repeat(gutter.length - 2)}| ${indent}${'^'.repeat(marked)}`;
  return { file, line, column, excerpt };
}
