import type { Lexer, TokenKind } from './lexer.ts';
import { LimitExceeded, MAX_DEPTH } from './limit.ts';
import type { Span, SyntaxProblem } from './problem.ts';
import type { Bindings } from './sets.ts';
import { describe, refuseToken, type Open } from './unexpected.ts';
import type { Variables } from './variables.ts';

/**
 * What the checks need to know of an expression: a set, or where a string without interpolation begins; nothing of any
 * other.
 */
export type Known = Bindings | number | undefined;

/**
 * The state of one check. The functions of the grammar take it and begin at the first token of what they are named
 * after; they end behind its last.
 */
export interface Reader {
  readonly lexer: Lexer;
  readonly variables: Variables;
  /** What has another value for whoever has the file elsewhere or lives elsewhere: `__curPos` and paths from `~`. */
  readonly local: Span[];
  /** The brackets that are open here, from the outside in. */
  readonly open: Open[];
  /** How many expressions are read at the moment, one inside of the other. */
  depth: number;
  /** The first string that looks as if a quote were missing: what to say if the text turns out to be wrong. */
  suspect: SyntaxProblem | undefined;
  /** Where the text ended before the last argument of a call: it may have been the name of the next binding. */
  beforeArgument: number;
  /** Any expression: the functions of the grammar need each other, and this is how the lower ones reach the highest. */
  readonly expression: () => Known;
}

const CONDITION = 'It is written `if TEST then THIS else THAT`.';
const HINTS: ReadonlyMap<TokenKind, string> = new Map([
  [':', 'A function is written `NAME: BODY` or `{ NAME, … }: BODY`.'],
  [';', 'It is written `with SET; BODY` or `assert TEST; BODY`.'],
  ['then', CONDITION],
  ['else', CONDITION],
]);

/** Begins something that may hold itself; throws `LimitExceeded` where that is nested too deeply. */
export function enter(reader: Reader, levels = 1): void {
  reader.depth += levels;
  if (reader.depth > MAX_DEPTH) throw new LimitExceeded('depth');
}

/** Ends what `enter` began. */
export function leave(reader: Reader, levels = 1): void {
  reader.depth -= levels;
}

/** Goes over a token that has to be there. */
export function take(reader: Reader, kind: TokenKind): void {
  if (reader.lexer.kind !== kind) refuseToken(reader, describe(kind), HINTS.get(kind));
  reader.lexer.next();
}

/** Goes over a word and gives it. */
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

/** An expression in brackets. */
export function brackets(reader: Reader, close: TokenKind): Known {
  openBracket(reader, close);
  const known = reader.expression();
  closeBracket(reader);
  return known;
}

/** Goes over an opening token. */
export function openBracket({ lexer, open }: Reader, close: TokenKind): void {
  open.push({ start: lexer.start, end: lexer.end, close });
  lexer.next();
}

/** Goes over an opening brace, which has to be there. */
export function openBrace(reader: Reader): void {
  if (reader.lexer.kind !== '{') refuseToken(reader, '`{`');
  openBracket(reader, '}');
}

/** Goes over the token that closes the innermost bracket. */
export function closeBracket(reader: Reader): void {
  requireClose(reader);
  reader.lexer.next();
}

/** Like `closeBracket`, and leaves what is behind the bracket to the caller. */
export function requireClose(reader: Reader): void {
  const { lexer, open } = reader;
  const close = open.at(-1)?.close ?? 'end';
  if (lexer.kind !== close) refuseToken(reader, describe(close));
  open.pop();
}
