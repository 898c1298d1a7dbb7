import { attributeNames, type AttrsetBindings, endsWith } from '../attrset-bindings.ts';
import { follow, joinNames } from '../follow.ts';
import { isComputed } from '../list.ts';
import type { Definition } from '../scope.ts';
import { spanOf, type SyntaxNode } from '../syntax.ts';
import { isForeign } from '../why-computed.ts';
import { leadsTo } from './attr.ts';
import type { Piece, Trail, Walk } from './binding-search.ts';
import { isThrow } from './lacks.ts';
import { obstacleOnTheLeft } from './merge.ts';

/** Where a walk begins. */
export const TOP = {
  path: [],
  scope: undefined,
  enclosingLet: undefined,
  merged: false,
  isSide: false,
  namespace: undefined,
  assertion: undefined,
  condition: undefined,
  names: undefined,
  inModule: false,
  marked: undefined,
  isCalled: false,
  lefts: undefined,
  trail: undefined,
} as const;

/** An expression, and how the walk came to it. */
export interface WalkStep {
  readonly node: SyntaxNode;
  readonly at: Walk;
}

export function addMatch(at: Walk, path: readonly string[], node: SyntaxNode, definition: Definition): void {
  const { found, enclosingLet, assertion, group, condition, names, inModule, isCalled, namespace } = at;
  const known = { enclosingLet, assertion, group, condition, names, inModule, isCalled, namespace };
  found.push({ path, node, definition, ...known, obstacle: enclosingLet ? undefined : obstacleOnTheLeft(path, at) });
}

/** Whether nothing decides if a set is part of the result, or changes its attributes. */
export function isUnconditional({ condition, isSide, inModule, isCalled, lefts, assertion }: Walk): boolean {
  return !condition && !isSide && !inModule && !isCalled && !lefts && !assertion;
}

/** Notes a binding of a part of the wanted attribute, by a longer attrpath. */
export function addPiece(
  binding: SyntaxNode,
  names: readonly (string | undefined)[],
  known: Pick<Piece, 'value' | 'scope' | 'siblings' | 'isPlain'>,
  { path: outer, search: { wanted, pieces }, enclosingLet, names: led }: Walk,
): void {
  for (let count = 1; count < names.length; count += 1) {
    const path = [...outer, ...names.slice(0, count)];
    if (!isPath(path) || !endsWith(path, wanted)) continue;
    pieces.push({ path, rest: names.slice(count), binding, enclosingLet, names: led, ...known });
  }
}

function isPath(names: readonly (string | undefined)[]): names is readonly string[] {
  return names.every((name) => name !== undefined);
}

/** Whether a computed name (`"${x}" = …;`) may be exactly the wanted attribute of the result. */
export function mayBeWanted(
  names: readonly (string | undefined)[],
  { byName }: Pick<AttrsetBindings, 'byName'>,
  at: Walk,
): boolean {
  const { wanted, text } = at.search;
  if (!leadsTo([...at.path, ...names], wanted)) return false;
  // Nix refuses a computed name that the set already has.
  const taken = wanted.slice(at.path.length, at.path.length + names.indexOf(undefined) + 1);
  const rivals = byName.get(taken[0] ?? '') ?? [];
  const hasName = (binding: SyntaxNode): boolean =>
    taken.length === 1 || taken.every((name, index) => attributeNames(binding, text)[index] === name);
  return !rivals.some(hasName);
}

/** Notes an expression whose attributes need Nix to evaluate. */
export function end(node: SyntaxNode, { path, isSide, enclosingLet, ends, search, scope, namespace }: Walk): undefined {
  const { text, wanted } = search;
  if (enclosingLet || path.length >= wanted.length || isThrow(node, scope, text)) return;
  ends.push({ path, node, isSide, isForeign: () => isForeign(node, text, scope, namespace) });
}

/** The expression that a name stands for; `undefined`: it is not in the file, or the way to it leads through itself. */
export function followName(node: SyntaxNode, at: Walk): WalkStep | undefined {
  const { text, budget } = at.search;
  const followed = follow({ kind: 'value', node, scope: at.scope }, spanOf(node), text);
  if (isComputed(followed)) return undefined;
  for (let each = at.trail; each; each = each.outer) {
    budget.take();
    if (each.node.startIndex === followed.node.startIndex) return undefined;
  }
  const trail: Trail = { node: followed.node, outer: at.trail };
  const names = joinNames(followed.names, at.names);
  // What `with`s are around the expression is not known here.
  return { node: followed.node, at: { ...at, scope: followed.scope, namespace: undefined, names, trail } };
}
