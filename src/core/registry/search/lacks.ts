import { attributeNames, bindingsIn, haveRecSet, inheritedNames } from '../attrset-bindings.ts';
import { follow } from '../follow.ts';
import { isComputed } from '../list.ts';
import { bindingScope, functionScope, partsIn, resolve, type Scope, type Scoped } from '../scope.ts';
import { spanOf, stripParentheses, type SyntaxNode } from '../syntax.ts';
import type { SearchBudget } from './binding-search.ts';

interface Task extends Scoped {
  readonly path: readonly string[];
}

interface Manner {
  readonly text: string;
  /** Whether a set may take other names from a set that is not in the file. */
  readonly inherits: boolean;
  readonly budget: SearchBudget;
}

/**
 * Whether an expression certainly has no attribute at a path: it is a set of the file without it, whichever branch an `if`
 * takes, or it ends the evaluation (`throw`).
 */
export function lacks(given: SyntaxNode, within: Scope, wanted: readonly string[], how: Manner): boolean {
  const tasks: Task[] = [{ node: given, scope: within, path: wanted }];
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    const parts = partsOf(task, how);
    if (!parts) return false;
    tasks.push(...parts);
  }
  return true;
}

/** What has to lack a path so that an expression does; `undefined`: that is not certain. */
function partsOf({ node: given, scope: within, path }: Task, how: Manner): readonly Task[] | undefined {
  const { text, budget } = how;
  budget.take();
  const followed = follow({ kind: 'value', node: given, scope: within }, spanOf(given), text);
  if (isComputed(followed)) return undefined;
  const { node, scope } = followed;
  const into = (inner: Scope, ...fields: readonly string[]): readonly Task[] =>
    partsIn(node, inner, ...fields).map((part) => ({ ...part, path }));
  switch (node.type) {
    case 'attrset_expression':
      return setParts(node, scope, path, how);
    case 'rec_attrset_expression':
      return setParts(node, bindingScope(node, text, scope), path, how);
    case 'let_expression':
      return into(bindingScope(node, text, scope), 'body');
    case 'function_expression':
      return into(functionScope(node, text, scope), 'body');
    case 'with_expression':
    case 'assert_expression':
      return into(scope, 'body');
    case 'if_expression':
      return into(scope, 'consequence', 'alternative');
    case 'binary_expression':
      return node.childForFieldName('operator')?.type === '//' ? into(scope, 'left', 'right') : undefined;
    default:
      return isThrow(node, scope, text) ? [] : undefined;
  }
}

function setParts(
  set: SyntaxNode,
  scope: Scope,
  path: readonly string[],
  { text, inherits, budget }: Manner,
): readonly Task[] | undefined {
  const { all, byName, isOverridable } = bindingsIn(set, text);
  budget.take(all.length);
  // In a set in several parts, one of which is a `rec`, names may mean something else.
  const ofFirst = byName.get(path[0] ?? '') ?? [];
  if (isOverridable || (ofFirst.length > 1 && haveRecSet(ofFirst, text))) return undefined;
  const parts: Task[] = [];
  for (const binding of all) {
    if (binding.type !== 'binding') {
      if (!inherits && binding.type !== 'inherit') return undefined;
      if (inheritedNames(binding, text).some(({ name }) => name === path[0])) return undefined;
      continue;
    }
    const names = attributeNames(binding, text);
    const value = binding.childForFieldName('expression');
    const differs = names.findIndex((name, index) => index < path.length && name !== path[index]);
    if (differs >= 0 && names[differs] !== undefined) continue;
    if (differs >= 0 || names.length >= path.length || !value) return undefined;
    parts.push({ node: value, scope, path: path.slice(names.length) });
  }
  return parts;
}

/** Whether an expression is `throw …` or `abort …`: it has no value at all. */
export function isThrow(given: SyntaxNode, scope: Scope, text: string): boolean {
  const node = stripParentheses(given);
  const called = node.type === 'apply_expression' ? node.childForFieldName('function') : null;
  if (called?.type !== 'variable_expression') return false;
  const name = text.slice(called.startIndex, called.endIndex);
  return (name === 'throw' || name === 'abort') && resolve(name, scope).kind === 'unbound';
}
