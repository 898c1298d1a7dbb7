import { holdsRec, piecesOf, type Pieces } from './pieces.ts';
import {
  attributeNames,
  bindingScope,
  bindingsOf,
  functionScope,
  inheritedNames,
  isOverridable,
  readAttrpath,
  resolve,
  unknownScope,
} from './scope.ts';
import type { Definition, Scope } from './scope.ts';
import type { SyntaxNode } from './syntax.ts';

/** A binding on the spine whose attrpath ends in the wanted one, and what its name means there. */
export interface Candidate {
  readonly path: readonly string[];
  /** The binding, or the name in an `inherit`: what a message points at. */
  readonly node: SyntaxNode;
  readonly definition: Definition;
  /** A `let` binding is not visible from outside the file. */
  readonly exported: boolean;
}

/**
 * Walks the spine of a Nix file (function bodies, `let … in`, `with`, `assert`, parentheses, sets, either side of `//`)
 * and collects the bindings whose attrpath ends in `wanted` (`['activeModels']` finds `whisper.activeModels` too).
 */
export function findCandidates(root: SyntaxNode, text: string, wanted: readonly string[]): readonly Candidate[] {
  const found: Candidate[] = [];
  const expression = root.childForFieldName('expression');
  if (expression) walk(expression, { text, wanted, found, path: [], scope: undefined, exported: true, merged: false });
  return found;
}

interface Walk {
  readonly text: string;
  readonly wanted: readonly string[];
  readonly found: Candidate[];
  readonly path: readonly string[];
  readonly scope: Scope;
  readonly exported: boolean;
  /** Inside a set that is written in pieces. */
  readonly merged: boolean;
}

function walk(node: SyntaxNode, at: Walk): void {
  const into = (field: string, change: Partial<Walk> = {}): void => {
    const child = node.childForFieldName(field);
    if (child) walk(child, { ...at, ...change });
  };
  switch (node.type) {
    case 'function_expression':
      return into('body', { scope: functionScope(node, at.text, at.scope) });
    case 'with_expression':
    case 'assert_expression':
      return into('body');
    case 'parenthesized_expression':
      return into('expression');
    case 'let_expression': {
      const scope = bindingScope(bindingsOf(node), at.text, at.scope);
      collect(bindingsOf(node), { ...at, scope, exported: false }, true);
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
  }
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
    if (!endsIn(path, at.wanted)) continue;
    const definition: Definition = isPlain ? resolve(name, from) : { kind: 'computed', node: binding };
    at.found.push({ path, node, definition, exported: at.exported });
  }
}

function collectBinding(binding: SyntaxNode, pieces: Pieces, overridable: boolean, at: Walk): void {
  const attrpath = readAttrpath(binding, at.text);
  const value = binding.childForFieldName('expression');
  if (!attrpath && at.exported && mayBeWanted(binding, pieces, at)) {
    at.found.push({ path: at.wanted, node: binding, definition: { kind: 'computed', node: binding }, exported: true });
  }
  if (!attrpath?.[0] || !value) return;
  const path = [...at.path, ...attrpath];
  const siblings = pieces.get(attrpath[0]) ?? [];
  // Nix makes one set of the pieces, and which of them is `rec` decides what the names in all of them mean.
  const merged = at.merged || (siblings.length > 1 && siblings.some(holdsRec));
  const scope = merged ? unknownScope(binding) : at.scope;
  if (endsIn(path, at.wanted)) {
    const isPlain = !overridable && (siblings.length === 1 || attrpath.length > 1);
    const definition: Definition = isPlain
      ? { kind: 'value', node: value, scope }
      : { kind: 'computed', node: binding };
    at.found.push({ path, node: binding, definition, exported: at.exported });
  } else if (at.exported || isSet(value)) {
    walk(value, { ...at, path, scope, merged });
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

/**
 * `left // right`: what the right side defines hides the left's. A right side that is no plain set may hide anything,
 * so what was found on the left is then not the last word.
 */
function walkUpdate(node: SyntaxNode, at: Walk): void {
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  const operator = node.children.find((child) => child.type === '//');
  if (!left || !right || !operator) return;
  const fromLeft: Candidate[] = [];
  walk(left, { ...at, found: fromLeft });
  const hidden = namesDefinedBy(right, at.text);
  for (const candidate of fromLeft) {
    const first = candidate.path[at.path.length];
    const certain = !candidate.exported || (hidden !== undefined && first !== undefined && !hidden.includes(first));
    at.found.push(certain ? candidate : { ...candidate, definition: { kind: 'computed', node: right } });
  }
  walk(right, at);
}

/** The names that a set at the right of `//` defines; `undefined` where that cannot be told from the text. */
function namesDefinedBy(node: SyntaxNode, text: string): readonly string[] | undefined {
  if (node.type === 'parenthesized_expression') {
    const inner = node.childForFieldName('expression');
    return inner ? namesDefinedBy(inner, text) : undefined;
  }
  if (!isSet(node)) return undefined;
  const names: string[] = [];
  for (const binding of bindingsOf(node)) {
    const paths =
      binding.type === 'binding'
        ? [readAttrpath(binding, text)]
        : inheritedNames(binding, text).map(({ name }) => [name]);
    for (const path of paths) {
      if (path?.[0] === undefined) return undefined;
      names.push(path[0]);
    }
  }
  return names;
}

function isSet(node: SyntaxNode): boolean {
  return node.type === 'attrset_expression' || node.type === 'rec_attrset_expression';
}

function endsIn(path: readonly string[], wanted: readonly string[]): boolean {
  return (
    wanted.length <= path.length && wanted.every((name, index) => path[path.length - wanted.length + index] === name)
  );
}
