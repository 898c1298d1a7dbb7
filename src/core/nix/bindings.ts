import { readStringLiteral } from './string-literal.ts';
import type { TokenKind } from './lexer.ts';
import { computedName, string } from './literals.ts';
import { refuse, type Span } from './problem.ts';
import { brackets, refuseOpen, refuseToken, take, takeWord, type Reader } from './reader.ts';
import { addBinding, addInherited, emptyBindings, type Attrpath, type Bindings } from './sets.ts';

/** `{ … }`, at its opening brace. */
export function set(reader: Reader, recursive: boolean): Bindings {
  const { lexer } = reader;
  const open = { start: lexer.start, end: lexer.end };
  take(reader, '{');
  const bindings = readBindings(reader, '}', recursive, open);
  lexer.next();
  return bindings;
}

/**
 * Bindings up to `end`, which is left to the caller. A `let` and a `rec` see their own names, except in what they
 * inherit from the scope around.
 */
export function readBindings(reader: Reader, end: TokenKind, recursive: boolean, open: Span): Bindings {
  const { lexer, variables } = reader;
  const bindings = emptyBindings(recursive);
  const { mark } = variables;
  const inherited: Inherited[] = [];
  while (lexer.kind !== end) {
    if (lexer.kind === 'end') refuseOpen(lexer, open, end);
    if (lexer.kind === 'inherit') inherited.push(...inherit(reader, bindings));
    else binding(reader, bindings);
  }
  if (recursive) variables.close(mark, bindings.attributes);
  for (const { name, at } of inherited) variables.use(name, at);
  return bindings;
}

/** The names of an attrpath, `undefined` for each that is computed. */
export function attrpath(reader: Reader): Attrpath {
  const names = [attribute(reader)];
  while (reader.lexer.kind === '.') {
    reader.lexer.next();
    names.push(attribute(reader));
  }
  return names;
}

interface Inherited {
  readonly name: string;
  readonly at: Span;
}

function binding(reader: Reader, bindings: Bindings): void {
  const { lexer } = reader;
  const { start } = lexer;
  const path = attrpath(reader);
  const at = { start, end: lexer.previousEnd };
  take(reader, '=');
  const value = reader.expression();
  if (lexer.kind !== ';') refuseEnd(reader, at);
  lexer.next();
  addBinding(bindings, path, typeof value === 'object' ? value : undefined, at);
}

/** The value of a binding ends in something else than a semicolon: say where it should be. */
function refuseEnd({ lexer }: Reader, name: Span): never {
  const { text, kind, start, previousEnd } = lexer;
  if (kind !== '=' && !['in', '}', 'end', 'inherit', 'name'].includes(kind)) refuseToken(lexer, '`;`');
  // `a = [ ] ⏎ b = 1;`: the name on the new line was taken for an argument.
  const line = kind === '=' ? text.lastIndexOf('\n', start) : -1;
  const end = line > name.end ? text.slice(0, line).trimEnd().length : previousEnd;
  const shown = text.slice(name.start, name.end);
  refuse({ start: end - 1, end }, `a ; is missing after the value of ${shown}`, 'Each binding ends in a semicolon.');
}

/** `inherit …;`: gives the names that are taken from the scope around. */
function inherit(reader: Reader, bindings: Bindings): readonly Inherited[] {
  const { lexer } = reader;
  lexer.next();
  const hasSource = lexer.kind === '(';
  if (hasSource) brackets(reader, ')');
  const inherited: Inherited[] = [];
  while (lexer.kind !== ';') {
    const at = { start: lexer.start, end: lexer.end };
    const name = attribute(reader);
    if (name === undefined) refuse(at, 'an `inherit` with a computed name', 'Write the name out.');
    addInherited(bindings, name, at);
    if (!hasSource) inherited.push({ name, at });
  }
  lexer.next();
  return inherited;
}

function attribute(reader: Reader): string | undefined {
  const { lexer } = reader;
  if (lexer.kind === 'or') return takeWord(reader, 'or');
  if (lexer.kind !== '"' && lexer.kind !== '${') return takeWord(reader, 'name');
  const known = lexer.kind === '"' ? string(reader) : computedName(reader);
  return typeof known === 'number' ? readStringLiteral(lexer.text, known)?.value : undefined;
}
