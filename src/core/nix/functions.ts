import { refuse } from './problem.ts';
import { closeBracket, openBrace, take, takeWord, type Reader } from './reader.ts';

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
    lexer.next();
  }
  if (lexer.is('...')) lexer.next();
  closeBracket(reader);
}

function formal(reader: Reader, names: Set<string>): void {
  const { start, end } = reader.lexer;
  const name = takeWord(reader, 'name');
  if (names.has(name)) refuse({ start, end }, `the function has two arguments ${name}`, 'Keep one of the two.');
  names.add(name);
}
