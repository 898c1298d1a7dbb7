import type { Span } from '../nix/problems.ts';
import { follow, REFERS_TO_ITSELF, type Names } from './follow.ts';
import { isComputed, readList, type Computed, type StringList } from './list.ts';
import { bindingScope, type Definition, partsIn, type Scope, type Scoped } from './scope.ts';
import { readString, stringBudget } from './string-value.ts';
import { spanOf, type SyntaxNode } from './syntax.ts';
import { whyComputed } from './why-computed.ts';

/** A list in the file, and the names through which it is part of the value. */
export interface ListPart {
  readonly list: StringList;
  readonly names: Names | undefined;
}

export type ListValue = readonly (ListPart | Computed)[];

// Names that double each other (`a = b ++ b; b = c ++ c; …`) would take forever.
const MAX_STEPS = 200_000;

interface Task {
  readonly definition: Definition;
  readonly at: Span;
  readonly names: Names | undefined;
}

/** Marks the end of the expression at offset `left`, which a name stood for. */
interface Leaving {
  readonly left: number;
}

/**
 * The strings of definitions, one after the other: lists, names, `++`, `let`, `with`. `led`: the names that led to the
 * definitions. A loop, because chains may exceed the stack.
 */
export function readListValue(
  definitions: readonly Definition[],
  at: Span,
  text: string,
  led: Names | undefined,
): ListValue {
  const parts: (ListPart | Computed)[] = [];
  const lists = new Map<number, StringList | Computed>();
  const budget = stringBudget();
  /** The offsets of the expressions that the current names stand for. */
  const named = new Set<number>();
  const tasks: (Task | Leaving)[] = definitions.toReversed().map((definition) => ({ definition, at, names: led }));
  let steps = 0;
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    if ('left' in task) {
      named.delete(task.left);
      continue;
    }
    steps += 1;
    const followed = follow(task.definition, task.at, text);
    if (isComputed(followed)) {
      parts.push(followed);
      continue;
    }
    const { node, scope } = followed;
    let { names } = task;
    for (let each = followed.names; each; each = each.next) {
      names = { ...each, next: names };
      steps += 1;
    }
    if (followed.names) {
      if (named.has(node.startIndex)) {
        parts.push({ ...task.at, reason: REFERS_TO_ITSELF });
        continue;
      }
      named.add(node.startIndex);
      tasks.push({ left: node.startIndex });
    }
    const known = lists.get(node.startIndex);
    if (known && !isComputed(known)) steps += known.elements.length;
    if (steps > MAX_STEPS) return [{ ...task.at, reason: 'because it is too large to read without Nix' }];
    if (node.type === 'list_expression') {
      const list = known ?? readList(text, node, (element) => readString(element, scope, text, budget));
      lists.set(node.startIndex, list);
      parts.push(isComputed(list) ? list : { list, names });
      continue;
    }
    const operands = operandsOf(node, scope, text);
    if (!operands) parts.push(whyComputed(node, text));
    for (const operand of operands?.toReversed() ?? []) {
      tasks.push({ definition: { kind: 'value', ...operand }, at: spanOf(operand.node), names });
    }
  }
  return parts;
}

function operandsOf(node: SyntaxNode, scope: Scope, text: string): readonly Scoped[] | undefined {
  switch (node.type) {
    case 'with_expression':
      return partsIn(node, scope, 'body');
    case 'let_expression':
      return partsIn(node, bindingScope(node, text, scope), 'body');
    case 'binary_expression':
      return node.childForFieldName('operator')?.type === '++' ? partsIn(node, scope, 'left', 'right') : undefined;
    default:
      return undefined;
  }
}
