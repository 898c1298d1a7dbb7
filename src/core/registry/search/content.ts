import { follow, joinNames, type Names } from '../follow.ts';
import { isComputed } from '../list.ts';
import type { Definition } from '../scope.ts';
import { spanOf, stripParentheses } from '../syntax.ts';
import type { BindingMatch, Condition } from './binding-search.ts';
import { moduleCall } from './module-call.ts';

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
  for (;;) {
    const followed = follow(definition, spanOf(match.node), text);
    if (isComputed(followed) || seen.has(followed.node.startIndex)) return content;
    seen.add(followed.node.startIndex);
    if (followed.names) namespace = undefined;
    const { node, scope } = followed;
    const call = moduleCall(node, { text, scope, namespace });
    if (!call) return content;
    let { condition } = content;
    const names = joinNames(followed.names, content.names);
    if (call.name === 'mkIf' && call.first) condition = { branch: 'mkIf', of: call.first, outer: condition };
    const inner = stripParentheses(call.content);
    if (call.name === 'mkMerge') {
      if (inner.type !== 'list_expression') return content;
      const parts = inner.namedChildren.filter(({ type }) => type !== 'comment');
      return { parts: parts.map((part) => ({ kind: 'value', node: part, scope })), names, condition, inModule: true };
    }
    definition = { kind: 'value', node: call.content, scope };
    content = { parts: [definition], names, condition, inModule: true };
  }
}
