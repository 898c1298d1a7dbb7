import { refuse, type Span } from './problems.ts';
import { brackets, missingQuote, type Reader, requireClose } from './reader.ts';

/** Tokens that begin an argument of a function or an element of a list. */
export const STARTS: ReadonlySet<string> = new Set([
  ...`name number " '' path address ( { [ rec let`.split(' '),
  'search path',
]);

const MAX_INTEGER = 2n ** 63n - 1n;
// Nix parses such a string as one constant, but one with escapes as a concatenation.
const PLAIN_INDENTED = /^''(?:[^$']|\$[^{']|'[^'$])*''$/;

export function number({ lexer }: Reader): void {
  const digits = lexer.text.slice(lexer.start, lexer.end);
  const isInteger = /^\d+$/.test(digits);
  const value = Number(digits);
  const isInRange = isInteger
    ? digits.length < 19 || BigInt(digits) <= MAX_INTEGER
    : Number.isFinite(value) && (value >= 2.2250738585072014e-308 || /^[0.]+(e|$)/i.test(digits));
  if (!isInRange) refuse(lexer, 'this number is out of range');
  lexer.next();
}

/** A string of either form. Returns its offset if it is a constant, `undefined` if it is a concatenation. */
export function string(reader: Reader): number | undefined {
  const { lexer } = reader;
  const { start, end } = lexer;
  const mark = lexer.kind === '"' ? '"' : "''";
  let isConstant = true;
  for (;;) {
    const from = lexer.end;
    const found = lexer.inString(mark);
    if (mark === "''" && found === '${') noteLoneQuote(reader, from);
    if (mark === '"') reader.suspect ??= missingQuote(lexer.text, start, lexer.end, found === 'quote');
    if (found === 'quote') break;
    if (found === 'end') refuseOpenString(reader, { start, end }, mark);
    isConstant = false;
    interpolation(reader);
  }
  if (mark === "''") isConstant &&= PLAIN_INDENTED.test(lexer.text.slice(start, lexer.end));
  lexer.next();
  return isConstant ? start : undefined;
}

const INDENTED_PIECE = /[^$']|\$[^{']|'[^'$]|'''|''\$|''\\[^]|\$(?=')|'(?=\$)/y;

/** In `''${a}'${b}''`, the grammar of tree-sitter does not know the quote between the interpolations. */
function noteLoneQuote({ lexer: { text, end }, notes }: Reader, from: number): void {
  const opening = end - '${'.length;
  if (text[opening - 1] !== "'") return;
  let at = from;
  let last = '';
  for (INDENTED_PIECE.lastIndex = from; at < opening; at = INDENTED_PIECE.lastIndex) {
    last = INDENTED_PIECE.exec(text)?.[0] ?? '';
    if (last === '') return;
  }
  if (last === "'") notes.respelled.push({ start: opening - 1, end: opening, as: ' ' });
}

function refuseOpenString({ lexer, open }: Reader, at: { start: number; end: number }, mark: string): never {
  const around = open.at(-1);
  // `"${x"`: the closing quote was read as the opening quote of an inner string.
  const isInside = around && lexer.text.startsWith('${', around.start);
  if (isInside && !lexer.text.slice(around.start, at.start).includes('\n')) {
    refuse(around, 'this ${ is not closed', 'Close it with }');
  }
  refuse(at, 'this string is not closed', `Close it with ${mark === '"' ? 'a quote "' : "two quotes ''"}`);
}

export function path(reader: Reader): void {
  const { lexer, notes } = reader;
  if (lexer.text[lexer.start] === '~') notes.local.push({ start: lexer.start, end: lexer.end });
  let isInterpolated = false;
  while (lexer.inPath(isInterpolated)) {
    isInterpolated = true;
    interpolation(reader);
  }
  lexer.next();
}

function interpolation(reader: Reader): void {
  const { lexer, open } = reader;
  open.push({ start: lexer.end - 2, end: lexer.end, close: '}' });
  lexer.next();
  reader.expression();
  requireClose(reader);
}

/** A computed or quoted name: `${…}`. Returns what its expression is. */
export function computedName(reader: Reader): ReturnType<Reader['expression']> {
  return brackets(reader, '}');
}

/** A string whose value follows from the text: the value as Nix evaluates it, and its place. */
export interface StringLiteral extends Span {
  readonly value: string;
}

/** The value of the `${…}` that opens at an offset, and where it ends; `undefined` where the value is not known. */
type Interpolate = (opening: number) => { readonly value: string; readonly end: number } | undefined;

/**
 * Reads the string that starts at `start`, in either of Nix's two forms, exactly as Nix 2.8's lexer
 * (src/libexpr/lexer.l, parser.y `stripIndentation`) does.
 * `undefined`: there is no string, it is not closed, or `interpolate` has no value for an interpolation in it.
 */
export function readStringLiteral(text: string, start: number, interpolate?: Interpolate): StringLiteral | undefined {
  if (text.startsWith('"', start)) return readQuoted(text, start, interpolate);
  if (text.startsWith("''", start)) return readIndented(text, start, interpolate);
  return undefined;
}

function readQuoted(text: string, start: number, interpolate: Interpolate | undefined): StringLiteral | undefined {
  let value = '';
  let from = start + 1;
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') return { value: value + unescape(text.slice(from, at)), start, end: at + 1 };
    if (char === '\\') at += 2;
    else if (char !== '$') at += 1;
    else if (text[at + 1] === '{') {
      const inner = interpolate?.(at);
      if (!inner) return undefined;
      value += unescape(text.slice(from, at)) + inner.value;
      from = inner.end;
      at = from;
      // A dollar takes the next character with it, so `$${` is not an interpolation; but never a quote or a backslash.
    } else at += text[at + 1] === '"' || text[at + 1] === '\\' ? 1 : 2;
  }
  return undefined;
}

function unescape(raw: string): string {
  return raw.replace(/\\([^])|\r\n?/g, (_match, escaped: string | undefined) => {
    if (escaped === undefined) return '\n';
    return escaped === 'n' ? '\n' : escaped === 'r' ? '\r' : escaped === 't' ? '\t' : escaped;
  });
}

/** A part of an indented string: plain text, an escape, or an interpolated value, of which nothing is stripped. */
interface Piece {
  readonly text: string;
  readonly kind: 'plain' | 'escape' | 'value';
}

function readIndented(text: string, start: number, interpolate: Interpolate | undefined): StringLiteral | undefined {
  const pieces: Piece[] = [];
  const opening = /'' *\n/y;
  opening.lastIndex = start;
  let at = opening.test(text) ? opening.lastIndex : start + 2;
  while (at < text.length) {
    if (text.startsWith("''", at)) {
      const next = text[at + 2];
      if (next === '$') pieces.push({ text: '$', kind: 'escape' });
      else if (next === "'") pieces.push({ text: "''", kind: 'escape' });
      else if (next === '\\') {
        if (at + 3 >= text.length) return undefined;
        pieces.push({ text: unescape(text.slice(at + 2, at + 4)), kind: 'escape' });
        at += 1;
      } else return { value: stripIndentation(pieces), start, end: at + 2 };
      at += 3;
    } else if (text.startsWith('${', at)) {
      const inner = interpolate?.(at);
      if (!inner) return undefined;
      pieces.push({ text: inner.value, kind: 'value' });
      at = inner.end;
    } else {
      const plain = /(?:[^$']+|\$[^{']|'[^'$])+/y;
      plain.lastIndex = at;
      const piece = plain.exec(text)?.[0];
      pieces.push({ text: piece ?? (text[at] as string), kind: piece === undefined ? 'escape' : 'plain' });
      at += piece?.length ?? 1;
    }
  }
  return undefined;
}

function stripIndentation(pieces: readonly Piece[]): string {
  const indentation = smallestIndentation(pieces);
  let atLineStart = true;
  let dropped = 0;
  let result = '';
  for (const { text, kind } of pieces) {
    if (kind === 'value') {
      atLineStart = false;
      dropped = 0;
      result += text;
      continue;
    }
    for (const char of text) {
      if (atLineStart && char === ' ') {
        if (dropped++ >= indentation) result += char;
        continue;
      }
      if (atLineStart) dropped = 0;
      atLineStart = char === '\n';
      result += char;
    }
  }
  return withoutBlankTail(result, pieces.at(-1));
}

/** A last line of blanks before the closing quotes is dropped, but only where the last piece is text with a line end. */
function withoutBlankTail(value: string, last: Piece | undefined): string {
  const lineStart = value.lastIndexOf('\n') + 1;
  const isText = last !== undefined && last.kind !== 'value' && last.text.includes('\n');
  return isText && /^ *$/.test(value.slice(lineStart)) ? value.slice(0, lineStart) : value;
}

function smallestIndentation(pieces: readonly Piece[]): number {
  let smallest = Number.MAX_SAFE_INTEGER;
  let current = 0;
  let atLineStart = true;
  const endIndentation = (): void => {
    if (atLineStart) smallest = Math.min(smallest, current);
    atLineStart = false;
  };
  for (const piece of pieces) {
    if (piece.kind !== 'plain') {
      endIndentation();
      continue;
    }
    for (const char of piece.text) {
      if (char === '\n') {
        atLineStart = true;
        current = 0;
      } else if (atLineStart && char === ' ') current += 1;
      else endIndentation();
    }
  }
  return smallest;
}

/** A string as a Nix literal. */
export function quote(value: string): string {
  return `"${value
    .replace(/["\\]|\$(?=\{)/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')}"`;
}
