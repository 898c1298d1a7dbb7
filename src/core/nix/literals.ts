import { refuse } from './problem.ts';
import { refuseOpen, take, type Reader } from './reader.ts';

/** What begins an argument of a function or an element of a list. */
export const STARTS: ReadonlySet<string> = new Set([
  'name',
  'number',
  '"',
  "''",
  'path',
  'search path',
  'address',
  '(',
  '{',
  '[',
  'rec',
  'let',
]);

const MAX_INTEGER = 2n ** 63n - 1n;
// Nix makes one constant of such a string; one with escapes comes in pieces.
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

/** A string of either form. Gives where it begins if it is one constant, `undefined` if it has to be put together. */
export function string(reader: Reader): number | undefined {
  const { lexer } = reader;
  const opening = { start: lexer.start, end: lexer.end };
  const quote = lexer.kind === '"' ? '"' : "''";
  let isConstant = true;
  while (lexer.inString(quote, opening)) {
    isConstant = false;
    interpolation(reader);
  }
  if (quote === "''") isConstant &&= PLAIN_INDENTED.test(lexer.text.slice(opening.start, lexer.end));
  lexer.next();
  return isConstant ? opening.start : undefined;
}

export function path(reader: Reader): void {
  const { lexer } = reader;
  let isInterpolated = false;
  while (lexer.inPath(isInterpolated)) {
    isInterpolated = true;
    interpolation(reader);
  }
  lexer.next();
}

/** A list, whose elements are given to `element`. */
export function list(reader: Reader, element: () => void): void {
  const { lexer } = reader;
  const { start, end } = lexer;
  lexer.next();
  while (STARTS.has(lexer.kind)) element();
  if (lexer.kind === ',') refuse(lexer, 'a comma in a list', 'Nix lists have no commas: take it away.');
  if (lexer.kind !== ']') refuseOpen(lexer, { start, end }, ']');
  lexer.next();
}

/** The inside of `${…}` and its closing brace; the text after it belongs to the string or path. */
function interpolation(reader: Reader): void {
  const { lexer } = reader;
  const open = { start: lexer.end - 2, end: lexer.end };
  lexer.next();
  reader.expression();
  if (lexer.kind !== '}') refuseOpen(lexer, open, '}');
}

/** A computed or quoted name: `${…}`. Gives what its expression is. */
export function computedName(reader: Reader): ReturnType<Reader['expression']> {
  reader.lexer.next();
  const known = reader.expression();
  take(reader, '}');
  return known;
}
