import type { Lexer, TokenKind } from './lexer.ts';
import { refuse } from './problem.ts';
import type { Bindings } from './sets.ts';
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
  /** Any expression: the functions of the grammar need each other, and this is how the lower ones reach the highest. */
  readonly expression: () => Known;
}

/** Goes over a token that has to be there. */
export function take({ lexer }: Reader, kind: TokenKind): void {
  if (lexer.kind !== kind) refuseToken(lexer, describe(kind));
  lexer.next();
}

/** Goes over a word and gives it. */
export function takeWord(reader: Reader, kind: 'name' | 'or'): string {
  const { text, start, end } = reader.lexer;
  take(reader, kind);
  return text.slice(start, end);
}

/** A keyword or an opening token, an expression, and what has to follow it. */
export function clause(reader: Reader, end: TokenKind): Known {
  reader.lexer.next();
  const known = reader.expression();
  take(reader, end);
  return known;
}

/** Like `clause`, for brackets: where the closing one is missing, the opening one is what is wrong. */
export function brackets(reader: Reader, close: TokenKind): Known {
  const { lexer } = reader;
  const { start, end } = lexer;
  lexer.next();
  const known = reader.expression();
  if (lexer.kind !== close) refuseOpen(lexer, { start, end }, close);
  lexer.next();
  return known;
}

/** Refuses a bracket that is not closed where the text goes on as if it had been. */
export function refuseOpen(lexer: Lexer, open: { start: number; end: number }, close: TokenKind): never {
  if ([';', 'in', 'end', '='].includes(lexer.kind)) {
    refuse(open, `this ${lexer.text.slice(open.start, open.end)} is not closed`, `Close it with ${close}.`);
  }
  return refuseToken(lexer, describe(close));
}

export function refuseToken(lexer: Lexer, wanted: string): never {
  if (lexer.kind === ',') {
    refuse(lexer, 'a comma is out of place', 'Only the arguments of a function have commas; lists and sets have none.');
  }
  refuse(lexer, `unexpected ${describe(lexer.kind)}, where ${wanted} should be`);
}

function describe(kind: TokenKind): string {
  if (kind === 'end') return 'end of the file';
  return /^\w+( \w+)?$/.test(kind) && !RESERVED.has(kind) ? `a ${kind}` : `\`${kind}\``;
}

const RESERVED = new Set(['if', 'then', 'else', 'assert', 'with', 'let', 'in', 'rec', 'inherit', 'or']);
