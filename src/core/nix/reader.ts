import { DOT, HYPHEN, isDigit, isLetter, type Lexer, type TokenKind } from './lexer.ts';
import { LimitExceeded, MAX_DEPTH, refuse, refuseOdd, type SyntaxProblem } from './problems.ts';
import type { Notes } from './notes.ts';
import type { Bindings, Variables } from './scopes.ts';

/** What the checks need of an expression: a set's bindings, the offset of a string without interpolation, nothing. */
export type Known = Bindings | number | undefined;

/** The state of a check. Functions that take it begin at the first token of what they read and end after its last. */
export interface Reader {
  readonly lexer: Lexer;
  readonly variables: Variables;
  readonly notes: Notes;
  /** The attrpath to what is read: the names of the bindings around it, `undefined` for each that is computed. */
  readonly path: (string | undefined)[];
  /** The brackets that are open here, from the outside in. */
  readonly open: Open[];
  depth: number;
  /** The first string that looks as if a quote were missing: the likely cause of a later error. */
  suspect: SyntaxProblem | undefined;
  /** Where the token before the last argument of a call ended: that argument may be the name of the next binding. */
  beforeArgument: number;
  /** Reads any expression: how the functions for its parts call the one for the whole without an import circle. */
  readonly expression: () => Known;
}

const CONDITION = 'Write `if TEST then THIS else THAT`';
const HINTS: ReadonlyMap<TokenKind, string> = new Map([
  [':', 'Write a function as `NAME: BODY` or `{ NAME, … }: BODY`'],
  [';', 'Write `with SET; BODY` or `assert TEST; BODY`'],
  ['then', CONDITION],
  ['else', CONDITION],
]);

/** Begins a nested construct; throws `LimitExceeded` at too many levels. */
export function enter(reader: Reader, levels = 1): void {
  reader.depth += levels;
  if (reader.depth > MAX_DEPTH) throw new LimitExceeded('depth');
}

export function leave(reader: Reader, levels = 1): void {
  reader.depth -= levels;
}

export function take(reader: Reader, kind: TokenKind): void {
  if (reader.lexer.kind !== kind) refuseToken(reader, describe(kind), HINTS.get(kind));
  reader.lexer.next();
}

export function takeWord(reader: Reader, kind: 'name' | 'or'): string {
  const { text, start, end } = reader.lexer;
  take(reader, kind);
  return text.slice(start, end);
}

/** A keyword, an expression, and what has to follow it. */
export function clause(reader: Reader, end: TokenKind): void {
  reader.lexer.next();
  reader.expression();
  take(reader, end);
}

export function brackets(reader: Reader, close: TokenKind): Known {
  openBracket(reader, close);
  const known = reader.expression();
  closeBracket(reader);
  return known;
}

export function openBracket({ lexer, open }: Reader, close: TokenKind): void {
  open.push({ start: lexer.start, end: lexer.end, close });
  lexer.next();
}

export function openBrace(reader: Reader): void {
  if (reader.lexer.kind !== '{') refuseToken(reader, '`{`');
  openBracket(reader, '}');
}

export function closeBracket(reader: Reader): void {
  requireClose(reader);
  reader.lexer.next();
}

/** Like `closeBracket`, but stays on the closing token. */
export function requireClose(reader: Reader): void {
  const { lexer, open } = reader;
  const close = open.at(-1)?.close ?? 'end';
  if (lexer.kind !== close) refuseToken(reader, describe(close));
  open.pop();
}

interface Open {
  readonly start: number;
  readonly end: number;
  readonly close: TokenKind;
}

/** Refuses the current token, where `wanted` is expected; `hint` shows the correct syntax. */
export function refuseToken(reader: Reader, wanted: string, hint?: string): never {
  const { lexer } = reader;
  const { kind, text, previousEnd } = lexer;
  refuseObvious(reader);
  if (kind === 'end') {
    const last = { start: previousEnd - 1, end: previousEnd };
    if (previousEnd > 0) refuse(last, `the file ends where ${wanted} is expected`, hint);
    refuse({ start: 0, end: 0 }, 'the file is empty', 'Write one expression, like { }');
  }
  if (wanted === END && kind === '=') {
    refuse(lexer, 'a binding outside a set', 'Write the file as one set: `{ NAME = VALUE; }`');
  }
  if (kind === ';' && (wanted === END || text[previousEnd - 1] === ';')) {
    refuse(lexer, 'unmatched `;`', 'Delete it: only bindings, with and assert end with one');
  }
  if (wanted === EXPRESSION && LONG.has(kind)) {
    refuse(lexer, `\`${kind}\` needs parentheses here`, `Write \`(${kind} …)\``);
  }
  if (wanted === EXPRESSION && ENDINGS.has(kind)) refuse(lexer, `${EXPRESSION} is missing before ${describe(kind)}`);
  const isComment = kind === '//' || (kind === '-' && text[lexer.end] === '-');
  refuse(lexer, `${describe(kind)} where ${wanted} is expected`, isComment ? 'Start comments with #' : hint);
}

/** Refuses an unbalanced bracket or the syntax of another language; returns for any other token. */
export function refuseObvious(reader: Reader): void {
  const { lexer } = reader;
  refuseOdd(lexer.kind, lexer);
  refuseUnbalanced(reader);
  if (lexer.kind === ',') {
    refuse(lexer, 'unexpected comma', 'Delete it: only the arguments of a function have commas');
  }
  if (lexer.kind === '$') {
    refuse(lexer, 'a `$` outside a string', 'Quote the text: "$HOME/…"');
  }
}

export const EXPRESSION = 'an expression';
export const END = 'the end of the file';

export function describe(kind: TokenKind): string {
  return DESCRIPTIONS[kind] ?? `\`${kind}\``;
}

const DESCRIPTIONS: Readonly<Record<TokenKind, string>> = {
  end: END,
  name: 'a name',
  number: 'a number',
  path: 'a path',
  'search path': 'a search path',
  address: 'an address',
  '"': 'a string',
  "''": 'a string',
};

const CLOSERS = new Set([')', ']', '}', 'in']);
/** Tokens that never occur in a list or in parentheses, so that a closing bracket is missing before them. */
const BEYOND = new Set([';', '=', 'end']);
const LONG = new Set(['if', 'with', 'assert', 'let']);
const ENDINGS = new Set([';', ')', ']', '}', 'in', 'then', 'else']);

/** Refuses a closing token that nothing was opened for, or the bracket that is not closed before the current token. */
function refuseUnbalanced({ lexer, open }: Reader): void {
  const { kind, text } = lexer;
  const innermost = open.at(-1);
  if (CLOSERS.has(kind) && !open.some(({ close }) => close === kind)) {
    if (kind === 'in') refuse(lexer, 'this `in` has no `let` before it', 'Write `let … in …`, or delete it');
    refuse(lexer, `unmatched \`${kind}\``, 'Delete it, or add the opening bracket');
  }
  if (!innermost || innermost.close === kind) return;
  const isBlock = innermost.close === 'in' || text[innermost.start] === '{';
  if (!CLOSERS.has(kind) && (isBlock ? kind !== 'end' : !BEYOND.has(kind))) return;
  if (innermost.close === 'in') refuse(innermost, 'this `let` has no `in`', 'Write `let … in …`');
  const before = CLOSERS.has(kind) ? ` before the ${kind}` : '';
  const shown = text.slice(innermost.start, innermost.end);
  refuse(innermost, `this ${shown} is not closed${before}`, `Close it with ${innermost.close}`);
}

/**
 * The problem of a missing quote: it turns the strings after it inside out, so that one of them touches a word. `start` is
 * where a string opens, `end` where it closes, if it does. Nix accepts `f"x"`, so this only explains an error that follows.
 */
export function missingQuote(text: string, start: number, end: number, isClosed: boolean): SyntaxProblem | undefined {
  // `x."y"` and `"x".y` are attrpaths.
  if (text.charCodeAt(start - 1) === DOT || text.charCodeAt(end) === DOT) return undefined;
  const word = wordBefore(text, start);
  if (word < start) {
    return {
      start: word,
      end: start,
      message: 'a quote " is missing before this word',
      hint: 'Add it, or delete the closing quote',
    };
  }
  if (!isClosed || !isWordChar(text.charCodeAt(end))) return undefined;
  const lineFeed = text.indexOf('\n', start);
  const lineEnd = lineFeed < 0 || lineFeed > end ? end : lineFeed;
  return { start, end: lineEnd, message: 'this string is not closed', hint: 'Close it with a quote "' };
}

function wordBefore(text: string, end: number): number {
  let start = end;
  while (isWordChar(text.charCodeAt(start - 1))) start -= 1;
  return start === 0 || ' \t\r\n[('.includes(text[start - 1] as string) ? start : end;
}

function isWordChar(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === DOT || code === HYPHEN;
}
