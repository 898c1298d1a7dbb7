import { readStringLiteral } from '../nix/literals.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

/** The bindings of a `let`, a set or a `rec` set. */
export interface AttrsetBindings {
  /** In order, comments left out. */
  readonly all: readonly SyntaxNode[];
  /** By the first name of their attrpaths; an `inherit` by each of its names. */
  readonly byName: ReadonlyMap<string, readonly SyntaxNode[]>;
  /** Whether it has `__overrides`, which replaces values of a `rec` set, or `__functor`, which makes the set a function. */
  readonly isOverridable: boolean;
}

const KNOWN = new WeakMap<SyntaxNode, AttrsetBindings>();

/** The bindings of a node, indexed once: there may be very many. */
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
  return nameNodes(binding).map((part) => attributeName(part, text));
}

/** The nodes of the names in the attrpath of a binding. */
export function nameNodes(binding: SyntaxNode): readonly SyntaxNode[] {
  return binding.childForFieldName('attrpath')?.namedChildren.filter(({ type }) => type !== 'comment') ?? [];
}

/** What most bindings begin with. Matching the text is much faster than visiting the nodes. */
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
    // To Nix, `${"name"}` is the plain name, also in the scope of a `rec`, unless the string is a concatenation.
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
  // The first child, unless a comment comes before it. Visiting all children would be slow: there may be many comments.
  const first = node.firstNamedChild;
  const set = first?.type === 'binding_set' ? first : node.namedChildren.find(({ type }) => type === 'binding_set');
  return set?.namedChildren.filter((child) => child.type !== 'comment') ?? [];
}

/** Each is checked once: the bindings may be many, and the sets in them deep. */
const REC = new WeakMap<SyntaxNode | readonly SyntaxNode[], boolean>();

/** Whether the value of any of the bindings is a `rec` set, or contains one. */
export function haveRecSet(bindings: readonly SyntaxNode[], text: string): boolean {
  const known = REC.get(bindings) ?? bindings.some((each) => hasRecSet(each, text));
  REC.set(bindings, known);
  return known;
}

function hasRecSet(binding: SyntaxNode, text: string): boolean {
  const value = binding.childForFieldName('expression');
  const node = value && stripParentheses(value);
  if (node?.type !== 'attrset_expression') return node?.type === 'rec_attrset_expression';
  const known = REC.get(node) ?? bindingsIn(node, text).all.some((each) => hasRecSet(each, text));
  REC.set(node, known);
  return known;
}

export function isSet(node: SyntaxNode): boolean {
  return node.type === 'attrset_expression' || node.type === 'rec_attrset_expression';
}

/** The names of an attrpath as users type it: `a.b`, and `a."b.c"` for a name with a dot in it. */
export function parseAttrpath(given: string): readonly string[] {
  return Array.from(given.matchAll(/"((?:[^"\\]|\\.)*)"|([^."]+)/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'),
  );
}

/** Whether the last names of a path are the wanted ones. */
export function endsWith(path: readonly (string | undefined)[], wanted: readonly string[]): boolean {
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
