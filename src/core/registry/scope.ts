import { readStringLiteral } from '../nix/string-literal.ts';
import type { SyntaxNode } from './syntax.ts';

/** What a name means where it stands. */
export type Definition =
  | { readonly kind: 'value'; readonly node: SyntaxNode; readonly scope: Scope }
  | { readonly kind: 'argument'; readonly node: SyntaxNode }
  | { readonly kind: 'computed'; readonly node: SyntaxNode }
  | { readonly kind: 'unbound' };

/** The names in force at a place, innermost first. `undefined` is the outermost scope, which has none of the file's. */
export type Scope =
  | {
      readonly outer: Scope;
      readonly bind: (name: string) => Definition | undefined;
    }
  | undefined;

/** Looks a name up lexically, as Nix does: a `with` never hides a lexical binding, so it is not looked at here. */
export function resolve(name: string, scope: Scope): Definition {
  for (let at = scope; at; at = at.outer) {
    const found = at.bind(name);
    if (found) return found;
  }
  return { kind: 'unbound' };
}

/** The scope inside a function: its formals and the name of its whole argument. */
export function functionScope(node: SyntaxNode, text: string, outer: Scope): Scope {
  const names = new Map<string, SyntaxNode>();
  const universal = node.childForFieldName('universal');
  if (universal) names.set(text.slice(universal.startIndex, universal.endIndex), universal);
  for (const formal of node.childForFieldName('formals')?.namedChildren ?? []) {
    const name = formal.type === 'formal' ? formal.childForFieldName('name') : null;
    if (name) names.set(text.slice(name.startIndex, name.endIndex), formal);
  }
  const bind = (name: string): Definition | undefined => {
    const found = names.get(name);
    return found && { kind: 'argument', node: found };
  };
  return { outer, bind };
}

/** The scope that a `let` or a `rec { }` opens over its own bindings. */
export function bindingScope(bindings: readonly SyntaxNode[], text: string, outer: Scope): Scope {
  const scope: Scope = {
    outer,
    bind: (name) => {
      const found = bindings.filter((binding) => definedNames(binding, text).includes(name));
      const [only] = found;
      if (!only) return undefined;
      // Several bindings of one name are pieces of a set (`a.b = …; a.c = …;`) or an error: never one plain value.
      const isPlain = found.length === 1 && !isOverridable(bindings, text);
      return isPlain ? definitionIn(only, name, text, scope) : { kind: 'computed', node: only };
    },
  };
  return scope;
}

/** A scope in which no name can be told from the text. */
export function unknownScope(node: SyntaxNode): Scope {
  return { outer: undefined, bind: () => ({ kind: 'computed', node }) };
}

/** A `rec` set with `__overrides` takes its values from there; one with `__functor` is a function, and called before it is looked into. */
export function isOverridable(bindings: readonly SyntaxNode[], text: string): boolean {
  return bindings.some((binding) => {
    const names = definedNames(binding, text);
    return names.includes('__overrides') || names.includes('__functor');
  });
}

/** What `name` means through one binding that defines it; `scope` is the one its value is read in. */
function definitionIn(binding: SyntaxNode, name: string, text: string, scope: Scope): Definition {
  if (binding.type === 'inherit') return resolve(name, scope?.outer);
  const value = binding.childForFieldName('expression');
  const attrpath = readAttrpath(binding, text);
  if (binding.type !== 'binding' || !value || attrpath?.length !== 1) return { kind: 'computed', node: binding };
  return { kind: 'value', node: value, scope };
}

/** The names that a binding or an `inherit` defines in its own set; one computed by an expression is not among them. */
export function definedNames(binding: SyntaxNode, text: string): readonly string[] {
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
  const parts = binding.childForFieldName('attrpath')?.namedChildren.filter((node) => node.type !== 'comment') ?? [];
  return parts.map((part) => attributeName(part, text));
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

/** The bindings of a `let`, a set or a `rec` set. */
export function bindingsOf(node: SyntaxNode): readonly SyntaxNode[] {
  // One by one: it is the first child but for comments, and behind it there may be very many of those.
  let set = node.firstNamedChild;
  while (set && set.type !== 'binding_set') set = set.nextNamedSibling;
  return set?.namedChildren.filter((child) => child.type !== 'comment') ?? [];
}
