import { follow, joinNames, type Names } from '../follow.ts';
import { isComputed } from '../list.ts';
import type { Definition, Scope } from '../scope.ts';
import { spanOf, stripParentheses, type SyntaxNode } from '../syntax.ts';
import type { Namespace } from '../why-computed.ts';
import type { BindingMatch, Condition } from './binding-search.ts';
import { markOf, moduleCall } from './module-call.ts';

/** What the module functions around a value contain. */
export interface Content {
  /** The parts that make up the value, in order. */
  readonly parts: readonly Definition[];
  /** The names that were followed to a function. */
  readonly names: Names | undefined;
  readonly condition: Condition | undefined;
  readonly inModule: boolean;
}

/** The value of a match without the module functions directly around it; more than one part: those of a `mkMerge`. */
export function contentOf(match: BindingMatch, text: string): Content {
  let { definition, namespace } = match;
  let content: Content = {
    parts: [definition],
    names: undefined,
    condition: match.condition,
    inModule: match.inModule,
  };
  const seen = new Set<number>();
  let marked: 'override' | 'order' | undefined;
  for (;;) {
    const followed = follow(definition, spanOf(match.node), text);
    if (isComputed(followed) || seen.has(followed.node.startIndex)) return content;
    seen.add(followed.node.startIndex);
    if (followed.names) namespace = undefined;
    const { node, scope, namespace: inner } = insideWith({ node: followed.node, scope: followed.scope, namespace });
    const call = match.isCalled ? undefined : moduleCall(node, { text, scope, namespace: inner });
    const mark = call && markOf(call);
    // Nix takes a condition, then a priority, then an order away, and nothing that is marked again.
    if (!call || marked === 'order' || (marked === 'override' && mark !== 'order')) return content;
    marked = mark;
    namespace = inner;
    let { condition } = content;
    const names = joinNames(followed.names, content.names);
    if (call.name === 'mkIf' && call.first) condition = { branch: 'mkIf', of: call.first, outer: condition };
    const list = stripParentheses(call.content);
    if (call.name === 'mkMerge') {
      if (list.type !== 'list_expression') return content;
      const parts = list.namedChildren.filter(({ type }) => type !== 'comment');
      return { parts: parts.map((part) => ({ kind: 'value', node: part, scope })), names, condition, inModule: true };
    }
    definition = { kind: 'value', node: call.content, scope };
    content = { parts: [definition], names, condition, inModule: true };
  }
}

interface At {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly namespace: Namespace | undefined;
}

/** The body of the `with`s around an expression, and their environments. */
function insideWith(at: At): At {
  let { node, namespace } = at;
  for (;;) {
    node = stripParentheses(node);
    const [opened, body] =
      node.type === 'with_expression' ? ['environment', 'body'].map((name) => node.childForFieldName(name)) : [];
    if (!opened || !body) return { ...at, node, namespace };
    namespace = { node: opened, scope: at.scope, outer: namespace };
    node = body;
  }
}
