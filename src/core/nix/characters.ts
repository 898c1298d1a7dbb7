/** Characters that the lexer tells apart, by their codes. */

export const DOT = 0x2e;
export const UNDERSCORE = 0x5f;
const PLUS = 0x2b;
const HYPHEN = 0x2d;

export function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === UNDERSCORE;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** What a path may begin with. */
export function isPathChar(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === DOT || code === PLUS || code === HYPHEN;
}
