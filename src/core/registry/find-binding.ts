import {
  attributeNames,
  type AttrsetBindings,
  bindingsIn,
  endsWith,
  holdsRecIn,
  inheritedNames,
  isSet,
  namesDefinedBy,
} from './attrset-bindings.ts';
import { Spots } from './follow.ts';
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

/** Stands in a path for a name that is computed. */
export const COMPUTED_NAME = '${…}';

/**
 * Walks the spine of a Nix file (function bodies, `let … in`, `with`, `assert`, parentheses, sets, either side of `//`)
 * and collects the bindings whose attrpath ends in `wanted` (`['activeModels']` finds `whisper.activeModels` too).
 */
export function findBindings(root: SyntaxNode, text: string, wanted: readonly string[]): Spine {
  const found: Found[] = [];
  const ends: End[] = [];
  const expression = root.childForFieldName('expression');
  const top = { path: [], scope: undefined, holder: undefined, merged: false, isSide: false, namespace: undefined };
  const spots = new Spots(text, wanted);
  const asserts = { assertion: undefined, group: { assertion: undefined, outer: undefined } };
  if (expression) walk(expression, { ...top, ...asserts, text, wanted, found, ends, spots });
  const candidates = found.map(({ group, ...candidate }): BindingMatch => {
    const { holder, assertion } = candidate;
    return { ...candidate, assertion: assertion ?? (holder ? undefined : firstAssert(group)) };
  });
  return { candidates, ends };
}

/** A candidate before all asserts are known. */
type Found = BindingMatch & Pick<Walk, 'group'>;

interface Walk {
  readonly text: string;
  readonly wanted: readonly string[];
  readonly found: Found[];
  readonly ends: End[];
  readonly path: readonly string[];
  readonly scope: Scope;
  readonly holder: Holder | undefined;
  /** Inside a set that is written in pieces. */
  readonly merged: boolean;
  readonly isSide: boolean;
  /** What the `with`s around it open. */
  readonly namespace: Namespace | undefined;
  /** Where the text may bind the wanted name. */
  readonly spots: Spots;
  readonly assertion: SyntaxNode | undefined;
  readonly group: AssertGroup;
}

function walk(start: SyntaxNode, from: Walk): void {
  let next: Onward | undefined = { node: start, at: from };
  // What leads on to one expression is a loop: a chain of `//` may be longer than a stack is deep.
  while (next) next = onward(next);
}

interface Onward {
  readonly node: SyntaxNode;
  readonly at: Walk;
}

/** Looks at a node, and gives the one expression that its value is the value of. */
function onward({ node, at }: Onward): Onward | undefined {
  const into = (field: string, change: Partial<Walk> = {}): Onward | undefined => {
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
      const holder = at.holder ?? (body ? { body, depth: at.path.length } : undefined);
      collect(node, { ...at, scope, holder }, true);
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
    // Most of a large file has nothing to do with the list.
    if (!at.spots.isOnWay(at.path) && !at.spots.isIn(binding)) continue;
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
      // The list is in what is inherited.
      if (definition.kind === 'value') walk(definition.node, { ...at, path, scope: definition.scope });
      else at.found.push({ path: at.wanted, node, definition: { kind: 'computed', node: binding }, ...contextOf(at) });
    }
    if (!endsWith(path, at.wanted)) continue;
    at.found.push({ path, node, definition, ...contextOf(at) });
  }
}

function collectBinding(binding: SyntaxNode, { byName, isOverridable }: AttrsetBindings, at: Walk): void {
  const names = attributeNames(binding, at.text);
  const value = binding.childForFieldName('expression');
  if (names.includes(undefined) && !at.holder && mayBeWanted(names, byName, at)) {
    const definition: Definition = { kind: 'computed', node: binding };
    at.found.push({ path: at.wanted, node: binding, definition, ...contextOf(at), holder: undefined });
  }
  if (names.length === 0 || !value) return;
  const path = [...at.path, ...names.map((name) => name ?? COMPUTED_NAME)];
  const siblings = (names[0] === undefined ? undefined : byName.get(names[0])) ?? [];
  // Nix makes one set of the pieces, and which of them is `rec` decides what the names in all of them mean.
  const merged = at.merged || (siblings.length > 1 && holdsRecIn(siblings, at.text));
  const scope = merged ? unknownScope(binding) : at.scope;
  if (endsWith(path, at.wanted)) {
    const isPlain = !isOverridable && (siblings.length === 1 || names.length > 1);
    const definition: Definition = isPlain
      ? { kind: 'value', node: value, scope }
      : { kind: 'computed', node: binding };
    at.found.push({ path, node: binding, definition, ...contextOf(at) });
  } else if (!at.holder || isSet(value)) {
    walk(value, { ...at, path, scope, merged, group: { assertion: undefined, outer: at.group } });
  }
}

function contextOf({ holder, assertion, group }: Walk): Pick<Found, 'holder' | 'assertion' | 'group'> {
  return { holder, assertion, group };
}

/** Whether a path is the beginning of the wanted one. */
function leadsTo(path: readonly string[], wanted: readonly string[]): boolean {
  return path.length < wanted.length && path.every((name, index) => name === wanted[index]);
}

/** Whether a name that only an evaluator knows (`"${x}" = …;`) may give the result exactly the wanted attribute. */
function mayBeWanted(names: readonly (string | undefined)[], known: AttrsetBindings['byName'], at: Walk): boolean {
  const path = [...at.path, ...names];
  const fits =
    path.length <= at.wanted.length && path.every((name, index) => (name ?? at.wanted[index]) === at.wanted[index]);
  // Nix refuses a computed name that the set has already.
  return fits && !known.has(at.wanted[at.path.length] ?? '');
}

function end(node: SyntaxNode, { path, isSide, holder, ends, text, scope, namespace, wanted }: Walk): undefined {
  if (holder || path.length >= wanted.length) return;
  ends.push({ path, node, isSide, isForeign: () => isForeign(node, text, scope, namespace) });
}

/**
 * `left // right`: what the right side defines hides the left's. A right side that is no plain set may hide anything,
 * so what was found on the left is then not the last word.
 */
function walkUpdate(node: SyntaxNode, at: Walk): Onward | undefined {
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (!left || !right) return undefined;
  const fromLeft: Found[] = [];
  walk(left, { ...at, found: fromLeft, isSide: true });
  const hidden = fromLeft.length > 0 ? namesDefinedBy(right, at.text) : undefined;
  for (const candidate of fromLeft) {
    const first = candidate.path[at.path.length];
    const certain =
      candidate.holder !== undefined || (hidden !== undefined && first !== undefined && !hidden.has(first));
    at.found.push(certain ? candidate : { ...candidate, definition: { kind: 'computed', node: right } });
  }
  return { node: right, at: { ...at, isSide: true } };
}

/** A binding on the spine whose attrpath ends in the wanted one, and what its name means there. */
export interface BindingMatch {
  readonly path: readonly string[];
  /** The binding, or the name in an `inherit`: what a message points at. */
  readonly node: SyntaxNode;
  readonly definition: Definition;
  /** The `let` that it is bound in, which is not visible from outside the file; `undefined`: the result has it. */
  readonly holder: Holder | undefined;
  /** An `assert` that has to hold before Nix gets to the binding, and which the text does not decide. */
  readonly assertion: SyntaxNode | undefined;
}

export interface Holder {
  readonly body: SyntaxNode;
  /** How many names of the path lead to the `let`. */
  readonly depth: number;
}

/** Where the spine ends in something that is no set: what is in there, only an evaluator knows. */
export interface End {
  readonly path: readonly string[];
  readonly node: SyntaxNode;
  /** Whether it is a side of `//`, so that its attributes are among those of a set. */
  readonly isSide: boolean;
  readonly isForeign: () => boolean;
}

export interface Spine {
  readonly candidates: readonly BindingMatch[];
  /** Those outside of a `let`, and with a shorter path than the wanted one: further inside they say nothing of it. */
  readonly ends: readonly End[];
}
