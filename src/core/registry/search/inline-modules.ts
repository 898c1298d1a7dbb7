import { follow } from '../follow.ts';
import { isComputed } from '../list.ts';
import { functionScope, type Scope } from '../scope.ts';
import { type ParsedText, spanOf, type SyntaxNode } from '../syntax.ts';
import { findBindings } from './find-bindings.ts';
import { calledName } from '../why-computed.ts';
import { SearchBudget } from './binding-search.ts';
import { lacks } from './lacks.ts';
import { leadsTo } from './walk-steps.ts';

interface Task {
  readonly node: SyntaxNode;
  readonly scope: Scope;
}

/**
 * A module that the file writes into its `imports` and that may define an option, or a part of the `imports` that might. Paths and what arguments have are modules of other files.
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
    const tasks: Task[] = [match.definition];
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
function partsOf({ node: given, scope: within }: Task, text: string): readonly Task[] | undefined {
  const followed = follow({ kind: 'value', node: given, scope: within }, spanOf(given), text);
  if (isComputed(followed)) return [];
  const { node, scope } = followed;
  const into = (inner: Scope, ...fields: readonly string[]): readonly Task[] =>
    fields.flatMap((field) => {
      const child = node.childForFieldName(field);
      return child ? [{ node: child, scope: inner }] : [];
    });
  switch (node.type) {
    case 'list_expression':
      return node.namedChildren.filter(({ type }) => type !== 'comment').map((child) => ({ node: child, scope }));
    case 'function_expression':
      return into(functionScope(node, text, scope), 'body');
    case 'with_expression':
      return into(scope, 'body');
    case 'if_expression':
      return into(scope, 'consequence', 'alternative');
    case 'binary_expression':
      return into(scope, 'left', 'right');
    case 'apply_expression':
      return callParts(node, text, into(scope, 'function', 'argument'));
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
function callParts(call: SyntaxNode, text: string, parts: readonly Task[]): readonly Task[] | undefined {
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
