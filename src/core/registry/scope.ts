import { bindingsIn, readAttrpath } from './attrset-bindings.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

/** What a name means where it stands. */
export type Definition =
  /** `isAttribute`: it is bound by a `rec` set, so that it is also an attribute of that set. */
  | { readonly kind: 'value'; readonly node: SyntaxNode; readonly scope: Scope; readonly isAttribute?: boolean }
  | { readonly kind: 'argument'; readonly node: SyntaxNode }
  /** `scope`: that of the set which an `inherit (…)` takes it from. */
  | { readonly kind: 'computed'; readonly node: SyntaxNode; readonly scope?: Scope }
  | { readonly kind: 'unbound' };

/** The names in force at a place, innermost first. `undefined`: the outermost scope, without names of the file. */
export type Scope =
  | {
      readonly outer: Scope;
      readonly bind: (name: string) => Definition | undefined;
    }
  | undefined;

/** An expression, and the names in force in it. */
export interface Scoped {
  readonly node: SyntaxNode;
  readonly scope: Scope;
}

/** The parts of an expression, by the names of their fields, in a scope. */
export function partsIn(node: SyntaxNode, scope: Scope, ...fields: readonly string[]): readonly Scoped[] {
  return fields.flatMap((field) => {
    const part = node.childForFieldName(field);
    return part ? [{ node: part, scope }] : [];
  });
}

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
export function bindingScope(node: SyntaxNode, text: string, outer: Scope): Scope {
  const { byName, isOverridable } = bindingsIn(node, text);
  const bound = new Map<string, Definition>();
  const isAttribute = node.type === 'rec_attrset_expression';
  const define = (name: string): Definition | undefined => {
    const found = byName.get(name);
    const [only] = found ?? [];
    if (!found || !only) return undefined;
    // Several bindings of one name are parts of a set (`a.b = …; a.c = …;`), or an error, but never one plain value.
    const isPlain = found.length === 1 && !isOverridable;
    if (!isPlain) return { kind: 'computed', node: only };
    const definition = definitionIn(only, name, text, scope);
    return definition.kind === 'value' && isAttribute ? { ...definition, isAttribute } : definition;
  };
  const scope: Scope = {
    outer,
    bind: (name) => {
      const definition = bound.get(name) ?? define(name);
      if (definition) bound.set(name, definition);
      return definition;
    },
  };
  return scope;
}

export function unknownScope(node: SyntaxNode): Scope {
  return { outer: undefined, bind: () => ({ kind: 'computed', node }) };
}

function definitionIn(binding: SyntaxNode, name: string, text: string, scope: Scope): Definition {
  if (binding.type === 'inherit') return resolve(name, scope?.outer);
  const value = binding.childForFieldName('expression');
  const attrpath = readAttrpath(binding, text);
  if (binding.type !== 'binding' || !value || attrpath?.length !== 1) return { kind: 'computed', node: binding, scope };
  return { kind: 'value', node: value, scope };
}

/** The asserts that Nix evaluates before it has the attributes of one set: those of all sides of a chain of `//`. */
export interface AssertGroup {
  /** The first whose condition is not certain from the text. */
  assertion: SyntaxNode | undefined;
  readonly outer: AssertGroup | undefined;
}

/** An assert that Nix evaluates before it has the attributes of the set of a group. */
export function firstAssert(group: AssertGroup): SyntaxNode | undefined {
  for (let each: AssertGroup | undefined = group; each; each = each.outer) if (each.assertion) return each.assertion;
  return undefined;
}

/** Whether the condition of an `assert` is `true`, and the file does not define that name. */
export function holdsForCertain(node: SyntaxNode, text: string, scope: Scope): boolean {
  const given = node.childForFieldName('condition');
  const condition = given && stripParentheses(given);
  const isTrue =
    condition?.type === 'variable_expression' && text.slice(condition.startIndex, condition.endIndex) === 'true';
  return isTrue && resolve('true', scope).kind === 'unbound';
}
