import type { TokenKind } from './lexer.ts';
import { computedName, readStringLiteral, string } from './literals.ts';
import { refuse, type Span } from './problems.ts';
import {
  brackets,
  closeBracket,
  describe,
  enter,
  leave,
  openBrace,
  type Reader,
  refuseObvious,
  refuseToken,
  takeWord,
} from './reader.ts';
import { addBinding, addInherited, type Attrpath, type Bindings, emptyBindings } from './scopes.ts';

/** `{ … }`, at its opening brace. */
export function set(reader: Reader, recursive: boolean): Bindings {
  openBrace(reader);
  const bindings = readBindings(reader, '}', recursive);
  closeBracket(reader);
  return bindings;
}

/** Bindings up to `end`, which stays. A `let` or `rec` sees its own names, except in what it inherits from outside. */
export function readBindings(reader: Reader, end: TokenKind, recursive: boolean): Bindings {
  const { lexer, variables } = reader;
  const bindings = emptyBindings(recursive);
  const { mark } = variables;
  const inherited: Inherited[] = [];
  while (lexer.kind !== end) {
    if (lexer.kind === 'inherit') inherit(reader, bindings, inherited);
    else binding(reader, bindings);
  }
  if (recursive) bindings.usesOwn = variables.close(mark, bindings.attributes);
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
  if (lexer.kind !== '=') refuseNoEqualSign(reader, at);
  lexer.next();
  const { start: valueStart } = lexer;
  const { notes } = reader;
  const { mark } = reader.variables;
  reader.path.push(...path);
  if (notes.wanted.has(path.at(-1))) notes.places.push({ kind: 'binding', path: [...reader.path], ...at });
  for (const [index, name] of path.entries()) {
    if (!OVERRIDING.has(name)) continue;
    const around = reader.path.slice(0, reader.path.length - path.length + index);
    notes.overridable.push({ kind: 'binding', path: around, ...at });
  }
  // Each name but the last nests the value in another set.
  enter(reader, path.length - 1);
  const value = reader.expression();
  leave(reader, path.length - 1);
  reader.path.length -= path.length;
  if (!lexer.is(';')) refuseEnd(reader, at, valueStart);
  lexer.next();
  addBinding(bindings, path, { set: typeof value === 'object' ? value : undefined, at, mark }, reader);
}

const OVERRIDING: ReadonlySet<string | undefined> = new Set(['__overrides', '__functor']);

/** Common mistakes for an equals sign. */
const OTHER_SIGNS = /==|:=|\+=|:/y;

function refuseNoEqualSign(reader: Reader, name: Span): never {
  refuseObvious(reader);
  const { text, kind, start } = reader.lexer;
  const shown = text.slice(name.start, name.end);
  const hint = `Write it as \`${shown} = VALUE;\``;
  OTHER_SIGNS.lastIndex = start;
  const [sign] = OTHER_SIGNS.exec(text) ?? [];
  if (sign !== undefined) refuse({ start, end: start + sign.length }, `\`${sign}\` where \`=\` is expected`, hint);
  const orFunction = kind === 'name' ? '; separate the arguments of a function with commas' : '';
  refuse(name, `a = is missing after ${shown}`, hint + orFunction);
}

// What follows a value whose semicolon is missing: the next binding, or the end of all of them.
const AFTER_BINDING = new Set(['name', 'inherit', '${', 'in', '}']);

function refuseEnd(reader: Reader, name: Span, value: number): never {
  const { text, kind, previousEnd } = reader.lexer;
  const isClosed = kind === 'in' || kind === '}';
  if (isClosed && reader.open.at(-1)?.close !== kind) refuseObvious(reader);
  const shown = text.slice(name.start, name.end);
  if (AFTER_BINDING.has(kind)) refuseNoSemicolon(previousEnd, shown);
  if (kind !== '=') refuseToken(reader, describe(';'));
  // `a = [ ] ⏎ b = 1;`: the name before this sign was taken for an argument of the value.
  if (reader.beforeArgument > value) refuseNoSemicolon(reader.beforeArgument, shown);
  const isNextLine = text.slice(name.end, value).includes('\n');
  if (isNextLine) refuse(name, `${shown} has no value`, `Write one between = and ;, or delete ${shown}`);
  refuse(reader.lexer, 'a second = in one binding', 'End each binding with a semicolon; to compare, write ==');
}

function refuseNoSemicolon(end: number, shown: string): never {
  refuse({ start: end - 1, end }, `a ; is missing after the value of ${shown}`, 'End each binding with a semicolon');
}

function inherit(reader: Reader, bindings: Bindings, inherited: Inherited[]): void {
  const { lexer, notes } = reader;
  const { start } = lexer;
  lexer.next();
  const hasSource = lexer.kind === '(';
  if (hasSource) brackets(reader, ')');
  let before = lexer.previousEnd;
  if (lexer.kind === ';') noteEmptyInherit(reader, start);
  while (lexer.kind !== ';') {
    if (!ATTRIBUTES.has(lexer.kind)) refuseInherit(reader, before);
    const at = { start: lexer.start, end: lexer.end };
    before = lexer.previousEnd;
    const name = attribute(reader);
    if (name === undefined) refuse(at, 'an `inherit` with a computed name', 'Write the name literally');
    addInherited(bindings, name, at);
    if (OVERRIDING.has(name)) notes.overridable.push({ kind: 'inherit', path: [...reader.path], ...at });
    if (notes.wanted.has(name)) notes.places.push({ kind: 'inherit', path: [...reader.path, name], ...at });
    if (!hasSource) inherited.push({ name, at });
  }
  lexer.next();
}

/** An `inherit` without names binds nothing. The grammar of tree-sitter does not know it. */
function noteEmptyInherit({ lexer: { text, end }, notes }: Reader, start: number): void {
  notes.respelled.push({ start, end, as: text.slice(start, end).replace(/[^\r\n]/g, ' ') });
}

const ATTRIBUTES = new Set(['name', 'or', '"', '${']);

function refuseInherit(reader: Reader, before: number): never {
  refuseObvious(reader);
  const { kind, previousEnd } = reader.lexer;
  const hint = 'Write `inherit NAME NAME;` or `inherit (SET) NAME NAME;`';
  if (kind !== '=' && !AFTER_BINDING.has(kind)) refuseToken(reader, 'a name', hint);
  const end = kind === '=' ? before : previousEnd;
  refuse({ start: end - 1, end }, 'a ; is missing after this `inherit`', hint);
}

function attribute(reader: Reader): string | undefined {
  const { lexer } = reader;
  if (lexer.kind === 'or') return takeWord(reader, 'or');
  if (lexer.kind !== '"' && lexer.kind !== '${') return takeWord(reader, 'name');
  const known = lexer.kind === '"' ? string(reader) : computedName(reader);
  return typeof known === 'number' ? readStringLiteral(lexer.text, known)?.value : undefined;
}
