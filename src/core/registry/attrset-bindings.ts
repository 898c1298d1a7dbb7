import { readStringLiteral } from '../nix/string-literal.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

/** The bindings of a `let`, a set or a `rec` set. */
export interface AttrsetBindings {
  /** In order, comments left out. */
  readonly all: readonly SyntaxNode[];
  /** By the first name of their attrpaths; an `inherit` by each of its names. */
  readonly byName: ReadonlyMap<string, readonly SyntaxNode[]>;
  /** A `rec` set with `__overrides` takes its values from there; one with `__functor` is a function, and called before it is looked into. */
  readonly isOverridable: boolean;
}

const KNOWN = new WeakMap<SyntaxNode, AttrsetBindings>();

/** The bindings of a node, put in order when they are first asked for: there may be very many. */
export function bindingsIn(node: SyntaxNode, text: string): AttrsetBindings {
  const known = KNOWN.get(node);
  if (known) return known;
  const all = bindingsOf(node);
  const byName = new Map<string, SyntaxNode[]>();
  for (const binding of all) {
    for (const name of definedNames(binding, text)) {
      const others = byName.get(name);
      if (others) others.push(binding);
      else byName.set(name, [binding]);
    }
  }
  const isOverridable = byName.has('__overrides') || byName.has('__functor');
  const bindings = { all, byName, isOverridable };
  KNOWN.set(node, bindings);
  return bindings;
}

/** The names that a binding or an `inherit` defines in its own set; one computed by an expression is not among them. */
function definedNames(binding: SyntaxNode, text: string): readonly string[] {
  if (binding.type !== 'binding') return inheritedNames(binding, text).map(({ name }) => name);
  const [first] = attributeNames(binding, text);
  return first === undefined ? [] : [first];
}

/** The names that an `inherit …;` or `inherit (…) …;` binds. */
export function inheritedNames(binding: SyntaxNode, text: string): readonly { name: string; node: SyntaxNode }[] {
  const attrs = binding.childForFieldName('attrs')?.namedChildren ?? [];
  return attrs.flatMap((node) => {
    const name = attributeName(node, text);
    return name === undefined ? [] : [{ name, node }];
  });
}

/** The attrpath of a binding as names; `undefined` where a part of it is computed. */
export function readAttrpath(binding: SyntaxNode, text: string): readonly string[] | undefined {
  const names = attributeNames(binding, text);
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** The names of an attrpath, `undefined` for each that is computed. */
export function attributeNames(binding: SyntaxNode, text: string): readonly (string | undefined)[] {
  const plain = binding.type === 'binding' ? plainName(binding, text) : undefined;
  if (plain !== undefined) return [plain];
  const parts = binding.childForFieldName('attrpath')?.namedChildren.filter((node) => node.type !== 'comment') ?? [];
  return parts.map((part) => attributeName(part, text));
}

/** What most bindings begin with. The text tells it much sooner than the nodes do. */
const PLAIN_NAME = /([a-zA-Z_][a-zA-Z0-9_'-]*)[ \t\r\n]*=(?!=)/y;

function plainName({ startIndex }: SyntaxNode, text: string): string | undefined {
  PLAIN_NAME.lastIndex = startIndex;
  return PLAIN_NAME.exec(text)?.[1];
}

function attributeName(node: SyntaxNode, text: string): string | undefined {
  switch (node.type) {
    case 'identifier':
      return text.slice(node.startIndex, node.endIndex);
    case 'string_expression':
      return readStringLiteral(text, node.startIndex)?.value;
    // To Nix, `${"name"}` is the plain name, also in the scope of a `rec`, unless the string comes in pieces.
    case 'indented_string_expression':
      return /^''[^$']*''$/.test(text.slice(node.startIndex, node.endIndex))
        ? readStringLiteral(text, node.startIndex)?.value
        : undefined;
    case 'parenthesized_expression':
    case 'interpolation': {
      const inner = node.childForFieldName('expression');
      return inner ? attributeName(inner, text) : undefined;
    }
    default:
      return undefined;
  }
}

function bindingsOf(node: SyntaxNode): readonly SyntaxNode[] {
  // The first child, unless a comment stands before it; behind it there may be very many of those.
  const first = node.firstNamedChild;
  const set = first?.type === 'binding_set' ? first : node.namedChildren.find(({ type }) => type === 'binding_set');
  return set?.namedChildren.filter((child) => child.type !== 'comment') ?? [];
}

/** Looked at once: the pieces may be very many, and the sets in them deep. */
const REC = new WeakMap<SyntaxNode | readonly SyntaxNode[], boolean>();

/** Whether one of the pieces that a set is written in is a `rec` set, or has one in it. */
export function holdsRecIn(pieces: readonly SyntaxNode[], text: string): boolean {
  const known = REC.get(pieces) ?? pieces.some((piece) => holdsRec(piece, text));
  REC.set(pieces, known);
  return known;
}

/** Whether the value of a binding is a `rec` set, or a set with one in it. */
function holdsRec(binding: SyntaxNode, text: string): boolean {
  const value = binding.childForFieldName('expression');
  const node = value && stripParentheses(value);
  if (node?.type !== 'attrset_expression') return node?.type === 'rec_attrset_expression';
  const known = REC.get(node) ?? bindingsIn(node, text).all.some((each) => holdsRec(each, text));
  REC.set(node, known);
  return known;
}

/** The names that a set at the right of `//` defines; `undefined` where that cannot be told from the text. */
export function namesDefinedBy(node: SyntaxNode, text: string): ReadonlySet<string> | undefined {
  const set = stripParentheses(node);
  if (!isSet(set)) return undefined;
  const { all, byName } = bindingsIn(set, text);
  const isTold = all.every((binding) => binding.type !== 'binding' || readAttrpath(binding, text)?.[0] !== undefined);
  return isTold ? new Set(byName.keys()) : undefined;
}

export function isSet(node: SyntaxNode): boolean {
  return node.type === 'attrset_expression' || node.type === 'rec_attrset_expression';
}

/** The names of an attrpath as people type it: `a.b`, and `a."b.c"` for a name with a dot in it. */
export function parseAttrpath(given: string): readonly string[] {
  return Array.from(given.matchAll(/"((?:[^"\\]|\\.)*)"|([^."]+)/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'),
  );
}

/** Whether the last names of a path are the wanted ones. */
export function endsWith(path: readonly string[], wanted: readonly string[]): boolean {
  return (
    wanted.length <= path.length && wanted.every((name, index) => path[path.length - wanted.length + index] === name)
  );
}

const NAME = /(?:"(?:[^"\\]|\\.)*"|[a-zA-Z0-9_][a-zA-Z0-9_'-]*)/.source;
const ATTRPATH = new RegExp(`^${NAME}(?:\\.${NAME})*$`);

/** Whether a text is an attrpath: names with dots between them, in quotes where they have other characters than names in Nix. */
export function isAttrpath(given: string): boolean {
  return ATTRPATH.test(given);
}
