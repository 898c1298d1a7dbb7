import type { SyntaxProblem } from './problem.ts';

/**
 * What a quote `"` too few makes of a text: the strings after it are inside out, and one of them touches a word. `start` is
 * where a string opens, `end` where it closed, if it did. Nix reads `f"x"` all the same, so this is only the likeliest
 * explanation of an error that comes later.
 */
export function missingQuote(text: string, start: number, end: number, isClosed: boolean): SyntaxProblem | undefined {
  const word = wordBefore(text, start);
  if (word < start) {
    return { start: word, end: start, message: 'a quote " is missing before this word', hint: 'Quotes come in pairs.' };
  }
  if (!isClosed || !isWordChar(text.charCodeAt(end))) return undefined;
  const lineFeed = text.indexOf('\n', start);
  const lineEnd = lineFeed < 0 || lineFeed > end ? end : lineFeed;
  return { start, end: lineEnd, message: 'this string is not closed', hint: 'Close it with a quote ".' };
}

/** Where the word begins that touches `end`, if there is a blank or a bracket before it. */
function wordBefore(text: string, end: number): number {
  let start = end;
  while (isWordChar(text.charCodeAt(start - 1))) start -= 1;
  return start === 0 || ' \t\r\n[('.includes(text[start - 1] as string) ? start : end;
}

function isWordChar(code: number): boolean {
  const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
  const isDigit = code >= 0x30 && code <= 0x39;
  return isLetter || isDigit || code === UNDERSCORE || code === DOT || code === HYPHEN;
}

const [HYPHEN, DOT, UNDERSCORE] = [0x2d, 0x2e, 0x5f];
