import { readStringLiteral } from '../nix/string-literal.ts';
import type { SyntaxNode } from './syntax.ts';

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
