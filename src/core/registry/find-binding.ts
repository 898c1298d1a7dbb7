import {
  attributeNames,
  type AttrsetBindings,
  bindingsIn,
  endsWith,
  haveRecSet,
  inheritedNames,
  isSet,
  namesDefinedBy,
} from './attrset-bindings.ts';
import { NameOccurrences } from './follow.ts';
import {
  type AssertGroup,
  bindingScope,
  type Definition,
  firstAssert,
  functionScope,
  holdsForCertain,
  resolve,
  type Scope,
  unknownScope,
} from './scope.ts';
import type { SyntaxNode } from './syntax.ts';
import { isForeign, type Namespace } from './why-computed.ts';

/** The placeholder for a computed name in a path. */
export const COMPUTED_NAME = '${…}';

/**
 * Walks the parts of a Nix file that make up its result (function bodies, `let … in`, `with`, `assert`, parentheses, sets,
 * either side of `//`), and collects the bindings whose attrpath ends in `wanted` (`['activeModels']` finds
 * `whisper.activeModels` too).
 */
export function findBindings(root: SyntaxNode, text: string, wanted: readonly string[]): BindingSearch {
  const found: Found[] = [];
  const ends: End[] = [];
  const expression = root.childForFieldName('expression');
  const top = { path: [], scope: undefined, enclosingLet: undefined, merged: false, isSide: false };
  const occurrences = new NameOccurrences(text, wanted);
  const outside = { namespace: undefined, assertion: undefined, group: { assertion: undefined, outer: undefined } };
  if (expression) walk(expression, { ...top, ...outside, text, wanted, found, ends, occurrences });
  const matches = found.map(({ group, ...match }): BindingMatch => {
    const { enclosingLet, assertion } = match;
    return { ...match, assertion: assertion ?? (enclosingLet ? undefined : firstAssert(group)) };
  });
  return { matches, ends };
}

type Found = BindingMatch & Pick<Walk, 'group'>;

interface Walk {
  readonly text: string;
  readonly wanted: readonly string[];
  readonly found: Found[];
  readonly ends: End[];
  readonly path: readonly string[];
  readonly scope: Scope;
  readonly enclosingLet: EnclosingLet | undefined;
  /** Whether it is inside a set that is written in several parts. */
  readonly merged: boolean;
  readonly isSide: boolean;
  /** The environments of the enclosing `with`s. */
  readonly namespace: Namespace | undefined;
  /** Where the text may bind the wanted name. */
  readonly occurrences: NameOccurrences;
  readonly assertion: SyntaxNode | undefined;
  readonly group: AssertGroup;
}

function walk(start: SyntaxNode, from: Walk): void {
  let next: WalkStep | undefined = { node: start, at: from };
  // A loop instead of recursion, because a chain of `//` may be longer than a stack is deep.
  while (next) next = step(next);
}

interface WalkStep {
  readonly node: SyntaxNode;
  readonly at: Walk;
}

/** Collects from a node, and returns the expression whose value the node has. */
function step({ node, at }: WalkStep): WalkStep | undefined {
  const into = (field: string, change: Partial<Walk> = {}): WalkStep | undefined => {
    const child = node.childForFieldName(field);
    return child ? { node: child, at: { ...at, ...change } } : undefined;
  };
  switch (node.type) {
    case 'function_expression':
      return into('body', { scope: functionScope(node, at.text, at.scope) });
    case 'with_expression': {
      const opened = node.childForFieldName('environment');
      const namespace = opened ? { node: opened, scope: at.scope, outer: at.namespace } : at.namespace;
      return into('body', { namespace });
    }
    case 'assert_expression': {
      if (holdsForCertain(node, at.text, at.scope)) return into('body');
      at.group.assertion ??= node;
      return into('body', { assertion: at.assertion ?? node });
    }
    case 'parenthesized_expression':
      return into('expression');
    case 'let_expression': {
      const scope = bindingScope(node, at.text, at.scope);
      const body = node.childForFieldName('body');
      const enclosingLet = at.enclosingLet ?? (body ? { body, depth: at.path.length } : undefined);
      collect(node, { ...at, scope, enclosingLet }, true);
      return into('body', { scope });
    }
    case 'attrset_expression':
      collect(node, at, false);
      return undefined;
    case 'rec_attrset_expression': {
      const scope = at.merged ? at.scope : bindingScope(node, at.text, at.scope);
      collect(node, { ...at, scope }, true);
      return undefined;
    }
    default:
      if (node.childForFieldName('operator')?.type === '//') return walkUpdate(node, at);
      return end(node, at);
  }
}

function collect(node: SyntaxNode, at: Walk, opensScope: boolean): void {
  const bindings = bindingsIn(node, at.text);
  for (const binding of bindings.all) {
    // Most of a large file is unrelated to the list.
    if (!at.occurrences.isTowards(at.path) && !at.occurrences.mayBeIn(binding)) continue;
    if (binding.type === 'binding') collectBinding(binding, bindings, at);
    else collectInherited(binding, opensScope ? at.scope?.outer : at.scope, bindings.isOverridable, at);
  }
}

function collectInherited(binding: SyntaxNode, from: Scope, overridable: boolean, at: Walk): void {
  const isPlain = binding.type === 'inherit' && !overridable;
  for (const { name, node } of inheritedNames(binding, at.text)) {
    const path = [...at.path, name];
    const definition: Definition = isPlain ? resolve(name, from) : { kind: 'computed', node: binding };
    if (leadsTo(path, at.wanted)) {
      // The list is in the inherited value.
      if (definition.kind === 'value') walk(definition.node, { ...at, path, scope: definition.scope });
      else addMatch(at, at.wanted, node, { kind: 'computed', node: binding });
    }
    if (!endsWith(path, at.wanted)) continue;
    addMatch(at, path, node, definition);
  }
}

function collectBinding(binding: SyntaxNode, { byName, isOverridable }: AttrsetBindings, at: Walk): void {
  const names = attributeNames(binding, at.text);
  const value = binding.childForFieldName('expression');
  if (names.includes(undefined) && !at.enclosingLet && mayBeWanted(names, byName, at)) {
    addMatch(at, at.wanted, binding, { kind: 'computed', node: binding });
  }
  if (names.length === 0 || !value) return;
  const path = [...at.path, ...names.map((name) => name ?? COMPUTED_NAME)];
  const siblings = (names[0] === undefined ? undefined : byName.get(names[0])) ?? [];
  // Nix merges the parts into one set, and which of them is `rec` decides what the names in all of them mean.
  const merged = at.merged || (siblings.length > 1 && haveRecSet(siblings, at.text));
  const scope = merged ? unknownScope(binding) : at.scope;
  if (endsWith(path, at.wanted)) {
    const isPlain = !isOverridable && (siblings.length === 1 || names.length > 1);
    const definition: Definition = isPlain
      ? { kind: 'value', node: value, scope }
      : { kind: 'computed', node: binding };
    addMatch(at, path, binding, definition);
  } else if (!at.enclosingLet || isSet(value)) {
    walk(value, { ...at, path, scope, merged, group: { assertion: undefined, outer: at.group } });
  }
}

function addMatch(at: Walk, path: readonly string[], node: SyntaxNode, definition: Definition): void {
  const { found, enclosingLet, assertion, group } = at;
  found.push({ path, node, definition, enclosingLet, assertion, group });
}

function leadsTo(path: readonly string[], wanted: readonly string[]): boolean {
  return path.length < wanted.length && path.every((name, index) => name === wanted[index]);
}

/** Whether a computed name (`"${x}" = …;`) may be exactly the wanted attribute of the result. */
function mayBeWanted(names: readonly (string | undefined)[], known: AttrsetBindings['byName'], at: Walk): boolean {
  const path = [...at.path, ...names];
  const fits =
    path.length <= at.wanted.length && path.every((name, index) => (name ?? at.wanted[index]) === at.wanted[index]);
  // Nix refuses a computed name that the set already has.
  return fits && !known.has(at.wanted[at.path.length] ?? '');
}

function end(node: SyntaxNode, { path, isSide, enclosingLet, ends, text, scope, namespace, wanted }: Walk): undefined {
  if (enclosingLet || path.length >= wanted.length) return;
  ends.push({ path, node, isSide, isForeign: () => isForeign(node, text, scope, namespace) });
}

// Names of the right side hide those of the left. A right side that is not a plain set may hide any name, so what was
// found on the left is computed then.
function walkUpdate(node: SyntaxNode, at: Walk): WalkStep | undefined {
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (!left || !right) return undefined;
  const fromLeft: Found[] = [];
  walk(left, { ...at, found: fromLeft, isSide: true });
  const hidden = fromLeft.length > 0 ? namesDefinedBy(right, at.text) : undefined;
  for (const match of fromLeft) {
    const first = match.path[at.path.length];
    const certain =
      match.enclosingLet !== undefined || (hidden !== undefined && first !== undefined && !hidden.has(first));
    at.found.push(certain ? match : { ...match, definition: { kind: 'computed', node: right } });
  }
  return { node: right, at: { ...at, isSide: true } };
}

/** A binding whose attrpath ends in the wanted one, and its definition. */
export interface BindingMatch {
  readonly path: readonly string[];
  /** The binding, or the name in an `inherit`: the place for messages. */
  readonly node: SyntaxNode;
  readonly definition: Definition;
  /** The `let` that binds it, which is not visible outside the file; `undefined`: it is an attribute of the result. */
  readonly enclosingLet: EnclosingLet | undefined;
  /** An `assert` that Nix evaluates before the binding, and whose condition is not certain from the text. */
  readonly assertion: SyntaxNode | undefined;
}

interface EnclosingLet {
  readonly body: SyntaxNode;
  /** How many names of the path lead to the `let`. */
  readonly depth: number;
}

/** An expression in the result that is not a set: its attributes need Nix to evaluate. */
export interface End {
  readonly path: readonly string[];
  readonly node: SyntaxNode;
  /** Whether it is a side of `//`, so that its attributes are merged into a set. */
  readonly isSide: boolean;
  readonly isForeign: () => boolean;
}

export interface BindingSearch {
  readonly matches: readonly BindingMatch[];
  /** Those outside of a `let` whose path is shorter than the wanted one: only these may contain it. */
  readonly ends: readonly End[];
}
