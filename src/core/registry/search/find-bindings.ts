import {
  attributeNames,
  type AttrsetBindings,
  bindingsIn,
  endsWith,
  haveRecSet,
  inheritedNames,
  isSet,
} from '../attrset-bindings.ts';
import {
  bindingScope,
  type Definition,
  firstAssert,
  functionScope,
  holdsForCertain,
  resolve,
  type Scope,
  unknownScope,
} from '../scope.ts';
import { type ParsedText, spanOf, stripParentheses, type SyntaxNode } from '../syntax.ts';
import { COMPUTED_NAME, leadsTo } from './attr.ts';
import {
  type BindingMatch,
  type BindingSearch,
  type End,
  type Found,
  NameOccurrences,
  SearchBudget,
  type Walk,
} from './binding-search.ts';
import { markOf, moduleCall } from './module-call.ts';
import { addMatch, addPiece, end, followName, isUnconditional, mayBeWanted, TOP, type WalkStep } from './walk-steps.ts';
import { mergeBranches, mergeSides, remainingLefts } from './merge.ts';

/**
 * Walks the parts of a Nix file that make up its result (function bodies, `let … in`, `with`, `assert`, parentheses, sets, either
 * side of `//`, the branches of `if`, module functions, names of any of these), and collects the bindings whose attrpath ends in
 * `wanted` (`['activeModels']` finds `whisper.activeModels` too).
 */
export function findBindings({ root, text, notes }: ParsedText, wanted: readonly string[]): BindingSearch {
  const found: Found[] = [];
  const ends: End[] = [];
  const occurrences = new NameOccurrences(text, wanted);
  const budget = new SearchBudget();
  const modules = { overrides: [], merges: [], bound: new Set<number>() };
  const pieces: BindingSearch['pieces'][number][] = [];
  const search = { text, wanted, occurrences, unclear: notes.unclear, uses: notes.uses, budget, modules, pieces };
  const expression = root.childForFieldName('expression');
  if (expression) walk(expression, { search, found, ends, ...TOP, group: { assertion: undefined, outer: undefined } });
  const matches = found.map(({ group, ...match }): BindingMatch => {
    const { enclosingLet, assertion, path } = match;
    const overridden = notes.overridable.find((set) => leadsTo(set.path, path));
    const obstacle = match.obstacle ?? (overridden && { ...overridden, reason: OVERRIDABLE });
    return { ...match, obstacle, assertion: assertion ?? (enclosingLet ? undefined : firstAssert(group)) };
  });
  return { matches, ends, modules, pieces };
}

function walk(start: SyntaxNode, from: Walk): void {
  let next: WalkStep | undefined = { node: start, at: from };
  // A loop instead of recursion, because a chain of `//` may be longer than a stack is deep.
  while (next) next = step(next);
}

/** Collects from a node, and returns the expression whose value the node has. */
function step({ node, at }: WalkStep): WalkStep | undefined {
  const { text, budget } = at.search;
  budget.take();
  const into = (field: string, change: Partial<Walk> = {}): WalkStep | undefined => {
    const child = node.childForFieldName(field);
    return child ? { node: child, at: { ...at, ...change } } : undefined;
  };
  switch (node.type) {
    case 'function_expression':
      return into('body', { scope: functionScope(node, text, at.scope) });
    case 'with_expression': {
      const opened = node.childForFieldName('environment');
      const namespace = opened ? { node: opened, scope: at.scope, outer: at.namespace } : at.namespace;
      return into('body', { namespace });
    }
    case 'assert_expression': {
      if (holdsForCertain(node, text, at.scope)) return into('body');
      at.group.assertion ??= node;
      return into('body', { assertion: at.assertion ?? node });
    }
    case 'parenthesized_expression':
      return into('expression');
    case 'let_expression': {
      const scope = bindingScope(node, text, at.scope);
      const body = node.childForFieldName('body');
      const enclosingLet = at.enclosingLet ?? (body ? { body, depth: at.path.length } : undefined);
      collect(node, { ...at, scope, enclosingLet }, true);
      return into('body', { scope });
    }
    case 'attrset_expression':
      collect(node, at, false);
      return undefined;
    case 'rec_attrset_expression': {
      const scope = at.merged ? at.scope : bindingScope(node, text, at.scope);
      collect(node, { ...at, scope }, true);
      return undefined;
    }
    case 'if_expression':
      walkBranches(node, at);
      return undefined;
    case 'variable_expression':
      return followName(node, at) ?? end(node, at);
    case 'apply_expression':
      return walkCall(node, at);
    default:
      if (node.childForFieldName('operator')?.type === '//') return walkUpdate(node, at);
      return end(node, at);
  }
}

function collect(node: SyntaxNode, at: Walk, opensScope: boolean): void {
  const { occurrences, text } = at.search;
  const bindings = bindingsIn(node, text);
  for (const binding of bindings.all) {
    // Most of a large file is unrelated to the list.
    if (!occurrences.isTowards(at.path) && !occurrences.mayBeIn(binding)) continue;
    if (binding.type === 'binding') collectBinding(binding, bindings, opensScope, at);
    else collectInherited(binding, opensScope ? at.scope?.outer : at.scope, bindings.isOverridable, at);
  }
}

function collectInherited(binding: SyntaxNode, from: Scope, overridable: boolean, at: Walk): void {
  const { text, wanted } = at.search;
  const isPlain = binding.type === 'inherit' && !overridable;
  for (const { name, node } of inheritedNames(binding, text)) {
    const path = [...at.path, name];
    const definition: Definition = isPlain ? resolve(name, from) : { kind: 'computed', node: binding };
    const names = { name, isAttribute: definition.kind === 'value' && definition.isAttribute === true, next: at.names };
    // What `with`s are around the definition is not known here.
    const inherited = { ...at, names, namespace: undefined, lefts: remainingLefts(at), marked: undefined };
    if (path.length < wanted.length && leadsTo(path, wanted)) {
      // The list is in the inherited value.
      if (definition.kind === 'value') walk(definition.node, { ...inherited, path, scope: definition.scope });
      else addMatch(inherited, wanted, node, { kind: 'computed', node: binding });
    }
    if (!endsWith(path, wanted)) continue;
    addMatch(inherited, path, node, definition);
  }
}

const OVERRIDABLE = 'in a set with `__overrides` or `__functor`';
const UNCLEAR = 'by a set in several parts, which versions of Nix read differently';

function collectBinding(binding: SyntaxNode, bindings: AttrsetBindings, isRecursive: boolean, at: Walk): void {
  const { byName, isOverridable } = bindings;
  const { text, wanted, unclear, modules, uses } = at.search;
  const names = attributeNames(binding, text);
  const value = binding.childForFieldName('expression');
  if (names.includes(undefined) && !at.enclosingLet && mayBeWanted(names, bindings, at)) {
    addMatch(at, wanted, binding, { kind: 'computed', node: binding });
  }
  if (names.length === 0 || !value) return;
  const path = [...at.path, ...names.map((name) => name ?? COMPUTED_NAME)];
  if (!at.enclosingLet && leadsTo(wanted, path)) modules.bound.add(binding.startIndex);
  const siblings = (names[0] === undefined ? undefined : byName.get(names[0])) ?? [];
  const isUnclear = siblings.length > 1 && unclear.size > 0 && siblings.some((each) => unclear.has(each.startIndex));
  // Nix merges the parts into one set, and which of them is `rec` decides what the names in all of them mean.
  const merged = at.merged || (siblings.length > 1 && haveRecSet(siblings, text));
  const scope = merged ? unknownScope(binding) : at.scope;
  const isCertain = !isUnclear && !isOverridable && !merged && isUnconditional(at);
  addPiece(binding, names, { value, scope, siblings: bindings, isPlain: isCertain }, at);
  const found: Found[] = [];
  if (endsWith(path, wanted)) {
    const isPlain = siblings.length === 1 || names.length > 1;
    const definition: Definition = isPlain
      ? { kind: 'value', node: value, scope }
      : { kind: 'computed', node: binding };
    addMatch({ ...at, found }, path, binding, definition);
  } else if (!at.enclosingLet || isSet(value)) {
    const group = { assertion: undefined, outer: at.group };
    const isCalled = at.isCalled || (isRecursive && (uses.get(names[0] ?? '') ?? 0) > 0);
    const inside = { isSide: false, marked: undefined, isCalled, lefts: remainingLefts(at) };
    walk(value, { ...at, path, scope, merged, group, found, ...inside });
  }
  const reason = isUnclear ? UNCLEAR : isOverridable ? OVERRIDABLE : undefined;
  for (const match of found) {
    at.found.push(reason === undefined ? match : { ...match, obstacle: { ...spanOf(binding), reason } });
  }
}

function walkCall(node: SyntaxNode, at: Walk): WalkStep | undefined {
  const { scope, namespace, search } = at;
  // A marked definition is not a set of attributes, so that `//` would not merge its content.
  const isPlain = !at.isSide && !at.isCalled && at.marked === undefined;
  const call = !isPlain ? undefined : moduleCall(node, { text: search.text, scope, namespace });
  if (!call) return end(node, at);
  const inside = { ...at, inModule: true };
  if (call.name === 'mkIf' && call.first) {
    return {
      node: call.content,
      at: { ...inside, condition: { branch: 'mkIf', of: call.first, outer: at.condition } },
    };
  }
  const { modules, wanted } = search;
  const isOnTheWay = at.path.length < wanted.length && leadsTo(at.path, wanted);
  if (call.name !== 'mkMerge') {
    // Nix merges an order only where it is directly around the value of an option.
    if (markOf(call) !== 'override') return end(node, at);
    if (isOnTheWay) modules.overrides.push(at.path.length);
    return { node: call.content, at: { ...inside, marked: 'override' } };
  }
  const list = stripParentheses(call.content);
  if (list.type !== 'list_expression') return end(node, at);
  const parts = list.namedChildren.filter(({ type }) => type !== 'comment');
  if (isOnTheWay && parts.length > 1) modules.merges.push(at.path.length);
  for (const part of parts) walk(part, inside);
  return undefined;
}

function walkBranches(node: SyntaxNode, at: Walk): void {
  const of = node.childForFieldName('condition');
  const branches = BRANCHES.flatMap(([branch, field]) => {
    const child = node.childForFieldName(field);
    return child && of ? [{ node: child, condition: { branch, of, outer: at.condition }, found: [] }] : [];
  });
  for (const { node: child, condition, found } of branches) walk(child, { ...at, condition, found });
  at.found.push(...mergeBranches(node, branches, at));
}

const BRANCHES = [
  ['then', 'consequence'],
  ['else', 'alternative'],
] as const;

function walkUpdate(node: SyntaxNode, at: Walk): WalkStep | undefined {
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (!left || !right) return undefined;
  const found: Found[] = [];
  walk(left, { ...at, found, isSide: true });
  at.found.push(...mergeSides(found, right, at));
  const lefts = { node: left, scope: at.scope, depth: at.path.length, condition: at.condition, outer: at.lefts };
  return { node: right, at: { ...at, isSide: true, lefts } };
}
