import type { TokenKind } from './lexer.ts';
import { refuseOdd } from './odd-character.ts';
import { refuse } from './problem.ts';
import type { Reader } from './reader.ts';

/** A bracket or a `let` that is open, and what closes it. */
export interface Open {
  readonly start: number;
  readonly end: number;
  readonly close: TokenKind;
}

/**
 * Refuses the token at hand, where `wanted` should be; `hint` says how the thing is written that it belongs to.
 */
export function refuseToken(reader: Reader, wanted: string, hint?: string): never {
  const { lexer } = reader;
  const { kind, text, previousEnd } = lexer;
  refuseObvious(reader);
  if (kind === 'end') {
    const last = { start: previousEnd - 1, end: previousEnd };
    if (previousEnd > 0) refuse(last, `the file ends where ${wanted} should follow`, hint);
    refuse({ start: 0, end: 0 }, 'there is nothing in the file', 'A Nix file is one expression, like { }.');
  }
  if (wanted === END && kind === '=') {
    refuse(lexer, 'a binding outside of a set', 'A Nix file is one expression: write `{ NAME = VALUE; }`.');
  }
  if (kind === ';' && (wanted === END || text[previousEnd - 1] === ';')) {
    refuse(lexer, 'a ; that ends nothing', 'Take it away: only bindings, with and assert have one.');
  }
  if (wanted === EXPRESSION && LONG.has(kind)) {
    refuse(lexer, `\`${kind}\` needs parentheses here`, `Write \`(${kind} …)\`.`);
  }
  if (wanted === EXPRESSION && ENDINGS.has(kind)) refuse(lexer, `${EXPRESSION} is missing before ${describe(kind)}`);
  const isComment = kind === '//' || (kind === '-' && text[lexer.end] === '-');
  refuse(lexer, `${describe(kind)} where ${wanted} should be`, isComment ? 'A comment of Nix begins with #.' : hint);
}

/**
 * Refuses a token that shows by itself what people probably did: they left something open or closed it twice, or wrote
 * what other languages have. Goes on with any other.
 */
export function refuseObvious(reader: Reader): void {
  const { lexer } = reader;
  refuseOdd(lexer.kind, lexer);
  refuseUnbalanced(reader);
  if (lexer.kind === ',') {
    refuse(lexer, 'a comma is out of place', 'Only the arguments of a function have commas; lists and sets have none.');
  }
  if (lexer.kind === '$') {
    refuse(lexer, 'a `$` outside of a string', 'Quote the text that it belongs to: "$HOME/…".');
  }
}

export const EXPRESSION = 'an expression';
export const END = 'the end of the file';

/** A token as a word of a sentence. */
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
/** What cannot stand inside of a list or of parentheses: the text goes on as if they had been closed. */
const BEYOND = new Set([';', '=', 'end']);
const LONG = new Set(['if', 'with', 'assert', 'let']);
const ENDINGS = new Set([';', ')', ']', '}', 'in', 'then', 'else']);

/** Refuses a closing token that nothing was opened for, or the bracket that is not closed before the token at hand. */
function refuseUnbalanced({ lexer, open }: Reader): void {
  const { kind, text } = lexer;
  const innermost = open.at(-1);
  if (CLOSERS.has(kind) && !open.some(({ close }) => close === kind)) {
    if (kind === 'in') refuse(lexer, 'this `in` has no `let` before it', 'Write `let … in …`, or take it away.');
    refuse(lexer, `this ${kind} closes nothing`, 'Take it away, or open what it closes.');
  }
  if (!innermost || innermost.close === kind) return;
  const isBlock = innermost.close === 'in' || text[innermost.start] === '{';
  if (!CLOSERS.has(kind) && (isBlock ? kind !== 'end' : !BEYOND.has(kind))) return;
  if (innermost.close === 'in') refuse(innermost, 'this `let` has no `in`', 'A let is written `let … in …`.');
  const before = CLOSERS.has(kind) ? ` before the ${kind}` : '';
  const shown = text.slice(innermost.start, innermost.end);
  refuse(innermost, `this ${shown} is not closed${before}`, `Close it with ${innermost.close}.`);
}
