import { endsWith } from './attrpath.ts';
import { isForeign } from './foreign.ts';
import { holdsRec, isSet, namesDefinedBy, piecesOf, type Pieces } from './pieces.ts';
import {
  attributeNames,
  bindingScope,
  bindingsOf,
  functionScope,
  inheritedNames,
  isOverridable,
  resolve,
  unknownScope,
} from './scope.ts';
import type { Definition, Scope } from './scope.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

/** Stands in a path for a name that is computed. */
export const COMPUTED_NAME = '${…}';

/** A binding on the spine whose attrpath ends in the wanted one, and what its name means there. */
export interface Candidate {
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
  readonly isForeign: boolean;
}

export interface Spine {
  readonly candidates: readonly Candidate[];
  readonly ends: readonly End[];
}

/**
 * Walks the spine of a Nix file (function bodies, `let … in`, `with`, `assert`, parentheses, sets, either side of `//`)
 * and collects the bindings whose attrpath ends in `wanted` (`['activeModels']` finds `whisper.activeModels` too).
 */
export function walkSpine(root: SyntaxNode, text: string, wanted: readonly string[]): Spine {
  const found: Candidate[] = [];
  const ends: End[] = [];
  const expression = root.childForFieldName('expression');
  const top = { path: [], scope: undefined, holder: undefined, merged: false, isSide: false, namespaces: [] };
  const asserts = { assertion: undefined, asserted: [] };
  if (expression) walk(expression, { ...top, ...asserts, text, wanted, found, ends });
  return { candidates: found, ends };
}

interface Walk {
  readonly text: string;
  readonly wanted: readonly string[];
  readonly found: Candidate[];
  readonly ends: End[];
  readonly path: readonly string[];
  readonly scope: Scope;
  readonly holder: Holder | undefined;
  /** Inside a set that is written in pieces. */
  readonly merged: boolean;
  readonly isSide: boolean;
  readonly namespaces: readonly SyntaxNode[];
  readonly assertion: SyntaxNode | undefined;
  /** Collects each `assert` that Nix comes to before it has the set that is walked. */
  readonly asserted: SyntaxNode[];
}

function walk(node: SyntaxNode, at: Walk): void {
  const into = (field: string, change: Partial<Walk> = {}): void => {
    const child = node.childForFieldName(field);
    if (child) walk(child, { ...at, ...change });
  };
  switch (node.type) {
    case 'function_expression':
      return into('body', { scope: functionScope(node, at.text, at.scope) });
    case 'with_expression': {
      const namespace = node.childForFieldName('environment');
      return into('body', { namespaces: namespace ? [...at.namespaces, namespace] : at.namespaces });
    }
    case 'assert_expression': {
      if (holdsForCertain(node, at)) return into('body');
      at.asserted.push(node);
      return into('body', { assertion: at.assertion ?? node });
    }
    case 'parenthesized_expression':
      return into('expression');
    case 'let_expression': {
      const scope = bindingScope(bindingsOf(node), at.text, at.scope);
      const body = node.childForFieldName('body');
      const holder = at.holder ?? (body ? { body, depth: at.path.length } : undefined);
      collect(bindingsOf(node), { ...at, scope, holder }, true);
      return into('body', { scope });
    }
    case 'attrset_expression':
      return collect(bindingsOf(node), at, false);
    case 'rec_attrset_expression': {
      const scope = at.merged ? at.scope : bindingScope(bindingsOf(node), at.text, at.scope);
      return collect(bindingsOf(node), { ...at, scope }, true);
    }
    case 'binary_expression':
      return walkUpdate(node, at);
    default:
      end(node, at);
  }
}

/** Whether the condition of an `assert` is `true` itself, and no name of the file. */
function holdsForCertain(node: SyntaxNode, { text, scope }: Walk): boolean {
  const given = node.childForFieldName('condition');
  const condition = given && stripParentheses(given);
  const isTrue =
    condition?.type === 'variable_expression' && text.slice(condition.startIndex, condition.endIndex) === 'true';
  return isTrue && resolve('true', scope).kind === 'unbound';
}

function collect(bindings: readonly SyntaxNode[], at: Walk, opensScope: boolean): void {
  const overridable = isOverridable(bindings, at.text);
  const pieces = piecesOf(bindings, at.text);
  for (const binding of bindings) {
    if (binding.type === 'binding') collectBinding(binding, pieces, overridable, at);
    else collectInherited(binding, opensScope ? at.scope?.outer : at.scope, overridable, at);
  }
}

function collectInherited(binding: SyntaxNode, from: Scope, overridable: boolean, at: Walk): void {
  const isPlain = binding.type === 'inherit' && !overridable;
  for (const { name, node } of inheritedNames(binding, at.text)) {
    const path = [...at.path, name];
    if (!endsWith(path, at.wanted)) continue;
    const definition: Definition = isPlain ? resolve(name, from) : { kind: 'computed', node: binding };
    at.found.push({ path, node, definition, holder: at.holder, assertion: at.assertion });
  }
}

function collectBinding(binding: SyntaxNode, pieces: Pieces, overridable: boolean, at: Walk): void {
  const names = attributeNames(binding, at.text);
  const value = binding.childForFieldName('expression');
  if (names.includes(undefined) && !at.holder && mayBeWanted(binding, pieces, at)) {
    const definition: Definition = { kind: 'computed', node: binding };
    at.found.push({ path: at.wanted, node: binding, definition, holder: undefined, assertion: at.assertion });
  }
  if (names.length === 0 || !value) return;
  const path = [...at.path, ...names.map((name) => name ?? COMPUTED_NAME)];
  const siblings = (names[0] === undefined ? undefined : pieces.get(names[0])) ?? [];
  // Nix makes one set of the pieces, and which of them is `rec` decides what the names in all of them mean.
  const merged = at.merged || (siblings.length > 1 && siblings.some(holdsRec));
  const scope = merged ? unknownScope(binding) : at.scope;
  if (endsWith(path, at.wanted)) {
    const isPlain = !overridable && (siblings.length === 1 || names.length > 1);
    const definition: Definition = isPlain
      ? { kind: 'value', node: value, scope }
      : { kind: 'computed', node: binding };
    at.found.push({ path, node: binding, definition, holder: at.holder, assertion: at.assertion });
  } else if (!at.holder || isSet(value)) {
    walk(value, { ...at, path, scope, merged, asserted: [] });
  }
}

/** Whether a name that only an evaluator knows (`"${x}" = …;`) may give the result exactly the wanted attribute. */
function mayBeWanted(binding: SyntaxNode, pieces: Pieces, at: Walk): boolean {
  const path = [...at.path, ...attributeNames(binding, at.text)];
  const fits =
    path.length === at.wanted.length && path.every((name, index) => (name ?? at.wanted[index]) === at.wanted[index]);
  // Nix refuses a computed name that the set has already.
  return fits && !pieces.has(at.wanted[at.path.length] ?? '');
}

function end(node: SyntaxNode, { path, isSide, holder, ends, text, scope, namespaces }: Walk): void {
  if (!holder) ends.push({ path, node, isSide, isForeign: isForeign(node, text, scope, namespaces) });
}

/**
 * `left // right`: what the right side defines hides the left's. A right side that is no plain set may hide anything,
 * so what was found on the left is then not the last word.
 */
function walkUpdate(node: SyntaxNode, at: Walk): void {
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (!left || !right) return;
  if (!node.children.some((child) => child.type === '//')) {
    return end(node, at);
  }
  const fromLeft: Candidate[] = [];
  const fromRight: Candidate[] = [];
  const asserted: SyntaxNode[] = [];
  walk(left, { ...at, found: fromLeft, isSide: true, asserted });
  walk(right, { ...at, found: fromRight, isSide: true, asserted });
  at.asserted.push(...asserted);
  // Nix evaluates both sides before it has either's attributes.
  const [other] = asserted;
  const take = (candidate: Candidate): void => {
    at.found.push(candidate.holder ? candidate : { ...candidate, assertion: candidate.assertion ?? other });
  };
  const hidden = namesDefinedBy(right, at.text);
  for (const candidate of fromLeft) {
    const first = candidate.path[at.path.length];
    const certain =
      candidate.holder !== undefined || (hidden !== undefined && first !== undefined && !hidden.includes(first));
    take(certain ? candidate : { ...candidate, definition: { kind: 'computed', node: right } });
  }
  for (const candidate of fromRight) take(candidate);
}
