import type { Span } from './syntax.ts';

/** A string literal without interpolation: its value as Nix has it, and where it stands. */
export interface StringLiteral extends Span {
  readonly value: string;
}

/**
 * Reads the string literal that starts at `start`, in either of Nix's two forms, exactly as Nix 2.8's lexer
 * (src/libexpr/lexer.l, parser.y `stripIndentation`) does.
 * `undefined`: there is none, it is not closed, or it holds an interpolation.
 */
export function readStringLiteral(text: string, start: number): StringLiteral | undefined {
  if (text.startsWith('"', start)) return readQuoted(text, start);
  if (text.startsWith("''", start)) return readIndented(text, start);
  return undefined;
}

function readQuoted(text: string, start: number): StringLiteral | undefined {
  let at = start + 1;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') return { value: unescape(text.slice(start + 1, at)), start, end: at + 1 };
    if (char === '\\') at += 2;
    else if (char !== '$') at += 1;
    else if (text[at + 1] === '{') return undefined;
    // A dollar takes the next character with it, so `$${` is no interpolation; a quote or a backslash stays its own.
    else at += text[at + 1] === '"' || text[at + 1] === '\\' ? 1 : 2;
  }
  return undefined;
}

function unescape(raw: string): string {
  return raw.replace(/\\([^])|\r\n?/g, (_match, escaped: string | undefined) => {
    if (escaped === undefined) return '\n';
    return escaped === 'n' ? '\n' : escaped === 'r' ? '\r' : escaped === 't' ? '\t' : escaped;
  });
}

/** A piece of an indented string; only a plain piece takes part in the indentation. */
interface Piece {
  readonly text: string;
  readonly plain: boolean;
}

function readIndented(text: string, start: number): StringLiteral | undefined {
  const pieces: Piece[] = [];
  const opening = /^'' *\n/.exec(text.slice(start, text.indexOf('\n', start) + 1));
  let at = start + (opening?.[0].length ?? 2);
  while (at < text.length) {
    if (text.startsWith("''", at)) {
      const next = text[at + 2];
      if (next === '$') pieces.push({ text: '$', plain: false });
      else if (next === "'") pieces.push({ text: "''", plain: false });
      else if (next === '\\') {
        if (at + 3 >= text.length) return undefined;
        pieces.push({ text: unescape(text.slice(at + 2, at + 4)), plain: false });
        at += 1;
      } else return { value: stripIndentation(pieces), start, end: at + 2 };
      at += 3;
    } else if (text.startsWith('${', at)) {
      return undefined;
    } else {
      const plain = /(?:[^$']|\$[^{']|'[^'$])+/y;
      plain.lastIndex = at;
      const piece = plain.exec(text)?.[0];
      pieces.push({ text: piece ?? (text[at] as string), plain: piece !== undefined });
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
  for (const piece of pieces) {
    for (const char of piece.text) {
      if (atLineStart && char === ' ') {
        if (dropped++ >= indentation) result += char;
        continue;
      }
      if (atLineStart) dropped = 0;
      atLineStart = char === '\n';
      result += char;
    }
  }
  // A last line of blanks only holds the closing quotes; it counts just where the last piece is plain text.
  const last = pieces.at(-1);
  const lineStart = result.lastIndexOf('\n') + 1;
  const isBlankTail = last !== undefined && last.text.includes('\n') && /^ *$/.test(result.slice(lineStart));
  return isBlankTail ? result.slice(0, lineStart) : result;
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
    if (!piece.plain) {
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
