import { refuse } from './problems.ts';
import {
  brackets,
  closeBracket,
  enter,
  leave,
  missingQuote,
  openBracket,
  type Reader,
  requireClose,
} from './reader.ts';

/** Tokens that begin an argument of a function or an element of a list. */
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
  const quote = lexer.kind === '"' ? '"' : "''";
  let isConstant = true;
  for (;;) {
    const found = lexer.inString(quote);
    if (quote === '"') reader.suspect ??= missingQuote(lexer.text, start, lexer.end, found === 'quote');
    if (found === 'quote') break;
    if (found === 'end') refuseOpenString(reader, { start, end }, quote);
    isConstant = false;
    interpolation(reader);
  }
  if (quote === "''") isConstant &&= PLAIN_INDENTED.test(lexer.text.slice(start, lexer.end));
  lexer.next();
  return isConstant ? start : undefined;
}

function refuseOpenString({ lexer, open }: Reader, at: { start: number; end: number }, quote: string): never {
  const around = open.at(-1);
  // `"${x"`: the closing quote was read as the opening quote of an inner string.
  const isInside = around && lexer.text.startsWith('${', around.start);
  if (isInside && !lexer.text.slice(around.start, at.start).includes('\n')) {
    refuse(around, 'this ${ is not closed', 'Close it with }');
  }
  refuse(at, 'this string is not closed', `Close it with ${quote === '"' ? 'a quote "' : "two quotes ''"}`);
}

export function path(reader: Reader): void {
  const { lexer, local } = reader;
  if (lexer.text[lexer.start] === '~') local.push({ start: lexer.start, end: lexer.end });
  let isInterpolated = false;
  while (lexer.inPath(isInterpolated)) {
    isInterpolated = true;
    interpolation(reader);
  }
  lexer.next();
}

// Tokens of expressions that need parentheses in a list.
const LONGER = new Set(
  'if with assert let : @ ? ! - + * / // ++ == != < > <= >= && || -> rec inherit then else'.split(' '),
);

/** A list; `element` reads each element. */
export function list(reader: Reader, element: () => void): void {
  const { lexer } = reader;
  openBracket(reader, ']');
  enter(reader);
  while (STARTS.has(lexer.kind)) element();
  leave(reader);
  if (lexer.kind === ',') refuse(lexer, 'a comma in a list', 'Delete it: Nix lists have no commas');
  if (lexer.kind === ';' && ['"', "''", ']'].includes(lexer.peek(1)[0] ?? '')) {
    refuse(lexer, 'a semicolon in a list', 'Delete it: Nix lists have no semicolons');
  }
  if (LONGER.has(lexer.kind)) {
    refuse(lexer, `\`${lexer.kind}\` in a list`, 'Put an element of more than one word in parentheses');
  }
  closeBracket(reader);
}

/** The inside of `${…}` and its closing brace; the text after it belongs to the string or path. */
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
