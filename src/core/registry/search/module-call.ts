import { readAttrpath } from '../attrset-bindings.ts';
import { type Definition, resolve, type Scope } from '../scope.ts';
import { stripParentheses, type SyntaxNode } from '../syntax.ts';
import type { Namespace } from '../why-computed.ts';
import { isThrow } from './lacks.ts';

/** A call of a function that marks definitions of a module (`lib.mkIf condition content`). */
export interface ModuleCall {
  readonly name: string;
  readonly content: SyntaxNode;
  /** The condition of `mkIf`, or the number of `mkOrder` and `mkOverride`. */
  readonly first: SyntaxNode | undefined;
}

/** How many arguments each function has; the last one is the content. */
const ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ['mkIf', 2],
  ['mkMerge', 1],
  ['mkDefault', 1],
  ['mkForce', 1],
  ['mkBefore', 1],
  ['mkAfter', 1],
  ['mkOrder', 2],
  ['mkOverride', 2],
]);

const MARKS: ReadonlyMap<string, 'override' | 'order'> = new Map([
  ...['mkDefault', 'mkForce', 'mkOverride'].map((name) => [name, 'override'] as const),
  ...['mkBefore', 'mkAfter', 'mkOrder'].map((name) => [name, 'order'] as const),
]);

/** Whether a call gives its content a priority, or an order among other definitions; `undefined`: neither. */
export function markOf({ name }: ModuleCall): 'override' | 'order' | undefined {
  return MARKS.get(name);
}

interface CallContext {
  readonly text: string;
  readonly scope: Scope;
  /** The environments of the enclosing `with`s; `undefined`: none, or they are unknown. */
  readonly namespace: Namespace | undefined;
}

/**
 * Reads a call of a module function of nixpkgs, by `lib.NAME`, or by the name alone under `with lib;` or `inherit (lib) …`.
 * `undefined` for any other expression, and where the file gives the name another meaning.
 */
export function moduleCall(given: SyntaxNode, at: CallContext): ModuleCall | undefined {
  const args: SyntaxNode[] = [];
  let head = stripParentheses(given);
  while (head.type === 'apply_expression' && args.length < 2) {
    const [called, argument] = [head.childForFieldName('function'), head.childForFieldName('argument')];
    if (!called || !argument) return undefined;
    args.unshift(argument);
    head = stripParentheses(called);
  }
  const name = functionName(head, at);
  const content = args.at(-1);
  if (name === undefined || !content || ARGUMENTS.get(name) !== args.length) return undefined;
  const first = args.length === 2 ? args[0] : undefined;
  return name === 'mkOverride' && !isStrong(first, at.text) ? undefined : { name, content, first };
}

/** The priority of the default in an option's declaration: a number that is not less loses against it. */
const DEFAULT_PRIORITY = 1500;

function isStrong(priority: SyntaxNode | undefined, text: string): boolean {
  const node = priority && stripParentheses(priority);
  return node?.type === 'integer_expression' && Number(text.slice(node.startIndex, node.endIndex)) < DEFAULT_PRIORITY;
}

function functionName(head: SyntaxNode, at: CallContext): string | undefined {
  if (head.type === 'select_expression') {
    const set = head.childForFieldName('expression');
    const path = readAttrpath(head, at.text);
    if (!set || !path || head.childForFieldName('default')) return undefined;
    const name = path.at(-1) ?? '';
    return ARGUMENTS.has(name) && isLibrary(set, outsideModules(path.slice(0, -1)), at) ? name : undefined;
  }
  const name = variable(head, at.text);
  return name !== undefined && ARGUMENTS.has(name) && isFromLibrary(name, at) ? name : undefined;
}

function isFromLibrary(name: string, { text, scope, namespace }: CallContext): boolean {
  const definition = resolve(name, scope);
  if (definition.kind === 'unbound') {
    return (
      namespace !== undefined &&
      isLibrary(namespace.node, [], { text, scope: namespace.scope, namespace: namespace.outer })
    );
  }
  return isInheritedFrom(definition, text);
}

/** `lib.modules` has the same functions as `lib`. */
function outsideModules(path: readonly string[]): readonly string[] {
  return path.at(-1) === 'modules' ? path.slice(0, -1) : path;
}

/** Whether a name is inherited from the library (`inherit (lib) mkIf;`). */
function isInheritedFrom(definition: Definition, text: string): boolean {
  if (definition.kind !== 'computed' || definition.node.type !== 'inherit_from') return false;
  const source = definition.node.childForFieldName('expression');
  if (source === null) return false;
  const path = source.type === 'select_expression' ? readAttrpath(source, text) : undefined;
  const set = path?.at(-1) === 'modules' ? source.childForFieldName('expression') : null;
  const at = { text, scope: definition.scope, namespace: undefined };
  return set ? isLibrary(set, outsideModules(path ?? []), at) : isLibrary(source, [], at);
}

/** Limits how often a name is followed, because a definition may refer to itself. */
const MAX_HOPS = 8;

/** What nixpkgs is called where it is an argument. */
const NIXPKGS = /^(?:nix)?pkgs(?:$|[-_])/;

/**
 * Whether an expression, with a path selected from it, is the `lib` of nixpkgs: an argument of that name, `pkgs.lib`,
 * `nixpkgs.lib`, `inputs.nixpkgs.lib`, or a name that the file gives to one of these.
 */
function isLibrary(expression: SyntaxNode, selected: readonly string[], at: CallContext, hops = MAX_HOPS): boolean {
  if (hops === 0) return false;
  const node = stripParentheses(expression);
  if (node.type === 'select_expression') {
    const set = node.childForFieldName('expression');
    const path = readAttrpath(node, at.text);
    return (
      set !== null &&
      path !== undefined &&
      !node.childForFieldName('default') &&
      isLibrary(set, [...path, ...selected], at, hops - 1)
    );
  }
  const name = variable(node, at.text);
  if (name === undefined) return false;
  const definition = resolve(name, at.scope);
  switch (definition.kind) {
    case 'argument': {
      // What the file itself gives where no argument is given; that of `pkgs` is always some version of nixpkgs.
      const given =
        selected.length === 0 && definition.node.type === 'formal'
          ? definition.node.childForFieldName('default')
          : null;
      const isOwn = given !== null && !isThrow(given, at.scope, at.text) && !isLibrary(given, selected, at, hops - 1);
      return !isOwn && endsInLibrary([name, ...selected]);
    }
    case 'value':
      return isLibrary(definition.node, selected, { ...at, scope: definition.scope }, hops - 1);
    case 'computed': {
      const source = definition.node.type === 'inherit_from' ? definition.node.childForFieldName('expression') : null;
      return source !== null && isLibrary(source, [name, ...selected], { ...at, scope: definition.scope }, hops - 1);
    }
    case 'unbound':
      return false;
  }
}

function endsInLibrary(path: readonly string[]): boolean {
  if (path.at(-1) !== 'lib' || path.length > 3) return false;
  return path.length === 1 || NIXPKGS.test(path.at(-2) ?? '');
}

function variable(node: SyntaxNode, text: string): string | undefined {
  return node.type === 'variable_expression' ? text.slice(node.startIndex, node.endIndex) : undefined;
}
