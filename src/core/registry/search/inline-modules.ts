import { follow } from '../follow.ts';
import { isComputed } from '../list.ts';
import { functionScope, partsIn, type Scoped } from '../scope.ts';
import { type ParsedText, spanOf, type SyntaxNode } from '../syntax.ts';
import { findBindings } from './find-bindings.ts';
import { calledName } from '../why-computed.ts';
import { leadsTo } from './attr.ts';
import { SearchBudget } from './binding-search.ts';
import { lacks } from './lacks.ts';

/**
 * A module that the file writes into its `imports` and that may define an option, or a part of the `imports` that might. Paths and
 * attributes of arguments are modules of other files.
 */
export function inlineModule(parsed: ParsedText, option: readonly string[]): SyntaxNode | undefined {
  const { text } = parsed;
  const budget = new SearchBudget();
  const imports = IMPORTS.flatMap((name) => findBindings(parsed, [name]).matches);
  for (const match of imports) {
    const set = match.path.slice(0, -1);
    if (match.enclosingLet || !leadsTo(set, option)) continue;
    if (match.obstacle) return match.node;
    // An inherited value is from another file.
    if (match.definition.kind !== 'value') continue;
    const own = withoutConfig(option.slice(set.length));
    const paths = [own, ['config', ...own], ...IMPORTS.map((name) => [name])];
    const tasks: Scoped[] = [match.definition];
    for (let task = tasks.pop(); task; task = tasks.pop()) {
      const { node, scope } = task;
      budget.take();
      const parts = partsOf(task, text);
      if (parts) tasks.push(...parts);
      else if (!paths.every((path) => lacks(node, scope, path, { text, budget, inherits: true }))) return node;
    }
  }
  return undefined;
}

const IMPORTS = ['imports', 'require'];

/** The path of an option from its module. */
export function withoutConfig(path: readonly string[]): readonly string[] {
  return path[0] === 'config' ? path.slice(1) : path;
}

/** What an element of `imports` is made of; `undefined`: it is a module of this file, or nothing is known of it. */
function partsOf({ node: given, scope: within }: Scoped, text: string): readonly Scoped[] | undefined {
  const followed = follow({ kind: 'value', node: given, scope: within }, spanOf(given), text);
  if (isComputed(followed)) return [];
  const { node, scope } = followed;
  switch (node.type) {
    case 'list_expression':
      return node.namedChildren.filter(({ type }) => type !== 'comment').map((child) => ({ node: child, scope }));
    case 'function_expression':
      return partsIn(node, functionScope(node, text, scope), 'body');
    case 'with_expression':
      return partsIn(node, scope, 'body');
    case 'if_expression':
      return partsIn(node, scope, 'consequence', 'alternative');
    case 'binary_expression':
      return partsIn(node, scope, 'left', 'right');
    case 'apply_expression':
      return callParts(node, text, partsIn(node, scope, 'function', 'argument'));
    case 'path_expression':
    case 'hpath_expression':
    case 'spath_expression':
    case 'string_expression':
    case 'select_expression':
      return [];
    default:
      return undefined;
  }
}

/** The parts of a call that makes modules of paths, or chooses between modules. */
function callParts(call: SyntaxNode, text: string, parts: readonly Scoped[]): readonly Scoped[] | undefined {
  const name = calledName(call, text)?.split('.').at(-1);
  const kind = name === undefined ? undefined : CALLS[name];
  if (kind === 'loads') return [];
  return kind === 'chooses' ? parts : undefined;
}

const CALLS: Readonly<Record<string, 'loads' | 'chooses'>> = {
  import: 'loads',
  optional: 'chooses',
  optionals: 'chooses',
};
