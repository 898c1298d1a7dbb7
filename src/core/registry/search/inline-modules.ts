import { follow } from '../follow.ts';
import { isComputed } from '../list.ts';
import { functionScope, type Scope } from '../scope.ts';
import { type ParsedText, spanOf, type SyntaxNode } from '../syntax.ts';
import { findBindings } from './find-bindings.ts';
import { lacks } from './lacks.ts';

interface Task {
  readonly node: SyntaxNode;
  readonly scope: Scope;
}

const MAX_STEPS = 10_000;

/** A module that the file writes into its `imports` and that may define an option, or its `imports` if nothing is known of them. */
export function inlineModule(parsed: ParsedText, option: readonly string[]): SyntaxNode | undefined {
  const { text } = parsed;
  const own = option[0] === 'config' ? option.slice(1) : option;
  const paths = [own, ['config', ...own], ['imports']];
  for (const match of findBindings(parsed, ['imports']).matches) {
    if (match.enclosingLet || match.path.length > 1) continue;
    if (match.obstacle) return match.node;
    // An inherited value is from another file.
    if (match.definition.kind !== 'value') continue;
    const tasks: Task[] = [match.definition];
    let steps = 0;
    for (let task = tasks.pop(); task; task = tasks.pop()) {
      steps += 1;
      const { node, scope } = task;
      const parts = partsOf(task, text);
      if (parts) tasks.push(...parts);
      else if (steps > MAX_STEPS || !paths.every((path) => lacks(node, scope, path, text, true))) return node;
    }
  }
  return undefined;
}

/** What an element of `imports` is made of; `undefined`: it is a module of this file. */
function partsOf({ node: given, scope: within }: Task, text: string): readonly Task[] | undefined {
  const followed = follow({ kind: 'value', node: given, scope: within }, spanOf(given), text);
  if (isComputed(followed)) return [];
  const { node, scope } = followed;
  switch (node.type) {
    case 'attrset_expression':
    case 'rec_attrset_expression':
    case 'let_expression':
      return undefined;
    case 'function_expression': {
      const body = node.childForFieldName('body');
      return body ? [{ node: body, scope: functionScope(node, text, scope) }] : [];
    }
    default:
      // Paths and selections are of other files.
      return node.namedChildren
        .filter(({ type }) => type !== 'comment' && type !== 'attrpath')
        .map((child) => ({ node: child, scope }));
  }
}
