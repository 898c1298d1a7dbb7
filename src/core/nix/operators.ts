import { attrpath, set } from './bindings.ts';
import type { Lexer, TokenKind } from './lexer.ts';
import { number, path, STARTS, string } from './literals.ts';
import { refuse } from './problems.ts';
import {
  brackets,
  closeBracket,
  enter,
  EXPRESSION,
  type Known,
  leave,
  openBrace,
  openBracket,
  type Reader,
  refuseToken,
  take,
  takeWord,
} from './reader.ts';

const STRENGTHS: ReadonlyMap<TokenKind, number> = new Map([
  ['->', 1],
  ['||', 2],
  ['&&', 3],
  ['==', 4],
  ['!=', 4],
  ['<', 5],
  ['>', 5],
  ['<=', 5],
  ['>=', 5],
  ['//', 6],
  ['+', 8],
  ['-', 8],
  ['*', 9],
  ['/', 9],
  ['++', 10],
  ['?', 11],
]);
/** The strengths of comparisons: they cannot be chained. */
const COMPARISONS = new Set([4, 5]);
// The least strengths in the operand of a prefix operator: `!` binds between `//` and `+`, the negation most tightly.
const BELOW_NOT = 8;
const BELOW_NEGATION = 13;

// Operators that bind at least as tightly as `least`, by precedence climbing. A chain is read in a loop, whichever way
// its operator associates: the checks do not depend on that.
export function operation(reader: Reader, least = 0): Known {
  const { lexer } = reader;
  let known = operand(reader);
  for (;;) {
    const strength = STRENGTHS.get(lexer.kind) ?? -1;
    if (strength < least) return known;
    const isQuestion = lexer.kind === '?';
    requireClearUpdate(lexer);
    lexer.next();
    if (isQuestion) attrpath(reader);
    else operation(reader, strength + 1);
    known = undefined;
    if (COMPARISONS.has(strength) && STRENGTHS.get(lexer.kind) === strength) {
      refuse(lexer, `${lexer.kind} cannot be chained`, 'Put one of the two comparisons in parentheses');
    }
  }
}

/** `{ } //more` is an update to Nix; tree-sitter reads `/more` as a path, without an error. */
function requireClearUpdate({ kind, text, end, start }: Lexer): void {
  if (kind !== '//' || !/[\w.+-]/.test(text[end] ?? '')) return;
  refuse({ start, end }, 'this // looks like the start of a path', 'Put a space after it');
}

function operand(reader: Reader): Known {
  const { lexer } = reader;
  if (lexer.kind !== '!' && lexer.kind !== '-') return application(reader);
  const least = lexer.kind === '!' ? BELOW_NOT : BELOW_NEGATION;
  lexer.next();
  enter(reader);
  operation(reader, least);
  leave(reader);
  return undefined;
}

function application(reader: Reader): Known {
  let known = selection(reader);
  while (STARTS.has(reader.lexer.kind)) {
    const before = reader.lexer.previousEnd;
    selection(reader);
    reader.beforeArgument = before;
    known = undefined;
  }
  return known;
}

/** An argument or an element: a simple expression with the attributes that are selected from it. */
function selection(reader: Reader, isElement = false): Known {
  const { lexer } = reader;
  const known = simple(reader, isElement);
  if (lexer.kind === '.') {
    lexer.next();
    attrpath(reader);
    if (lexer.is('or')) {
      lexer.next();
      enter(reader);
      selection(reader);
      leave(reader);
    }
    return undefined;
  }
  if (lexer.kind !== 'or') return known;
  // An old use of the word as a name (`map or [ … ]`), which tree-sitter reads differently.
  return refuse(lexer, '`or` is used as a name', 'Give it another name');
}

function simple(reader: Reader, isElement: boolean): Known {
  const { lexer } = reader;
  switch (lexer.kind) {
    case 'name':
      variable(reader, isElement);
      return undefined;
    case '"':
    case "''":
      return string(reader);
    case '(':
      return brackets(reader, ')');
    case '{':
      return set(reader, false);
    case 'rec':
      lexer.next();
      return set(reader, true);
    case '[':
      list(reader, () => selection(reader, true));
      return undefined;
    case 'number':
      number(reader);
      return undefined;
    case 'path':
      path(reader);
      return undefined;
    case 'search path':
    case 'address':
      lexer.next();
      return undefined;
    case 'let':
      if (lexer.peek(1)[0] !== '{') refuseToken(reader, EXPRESSION);
      // The old form, whose value is its `body`.
      lexer.next();
      set(reader, true);
      return undefined;
    default:
      return refuseToken(reader, EXPRESSION);
  }
}

function variable({ lexer, variables, notes }: Reader, isElement: boolean): void {
  const name = lexer.text.slice(lexer.start, lexer.end);
  // A keyword rather than a variable: no scope can define it.
  if (name === '__curPos') notes.local.push({ start: lexer.start, end: lexer.end });
  variables.use(name, lexer, isElement);
  lexer.next();
}

/** Whether a function begins here, rather than a name or a set. */
export function isFunction({ lexer }: Reader): boolean {
  if (lexer.kind === 'name') {
    const [after] = lexer.peek(1);
    return after === ':' || after === '@';
  }
  const [first, second] = lexer.peek(2);
  if (first === '}') return second === ':' || second === '@';
  return first === '...' || (first === 'name' && (second === ',' || second === '?' || second === '}'));
}

/** `x: …`, `{ a, b ? 1, ... }: …`, with `@` before or after. */
export function readFunction(reader: Reader): undefined {
  const { lexer, variables } = reader;
  const { mark } = variables;
  const names = new Set<string>();
  const [head, tail] = lexer.kind === 'name' ? [formal, formals] : [formals, formal];
  head(reader, names);
  if (lexer.kind === '@') {
    lexer.next();
    tail(reader, names);
  }
  take(reader, ':');
  reader.expression();
  variables.close(mark, names);
}

function formals(reader: Reader, names: Set<string>): void {
  const { lexer } = reader;
  openBrace(reader);
  while (lexer.kind === 'name') {
    formal(reader, names);
    if (lexer.is('?')) {
      lexer.next();
      reader.expression();
    }
    if (!lexer.is(',')) return closeBracket(reader);
    const comma = { start: lexer.start, end: lexer.end };
    lexer.next();
    // The formatter writes a comma after the last one too.
    if (lexer.is('}')) reader.notes.respelled.push({ ...comma, as: ' ' });
  }
  if (lexer.is('...')) lexer.next();
  closeBracket(reader);
}

function formal(reader: Reader, names: Set<string>): void {
  const { start, end } = reader.lexer;
  const name = takeWord(reader, 'name');
  const { wanted, places } = reader.notes;
  if (wanted.has(name)) places.push({ kind: 'argument', path: [...reader.path, name], start, end });
  if (names.has(name)) refuse({ start, end }, `the function has two arguments ${name}`, 'Keep one of the two');
  names.add(name);
}

// Tokens of expressions that need parentheses in a list.
const LONGER = new Set(
  'if with assert let : @ ? ! - + * / // ++ == != < > <= >= && || -> |> <| rec inherit then else'.split(' '),
);

function list(reader: Reader, element: () => void): void {
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
