import type { Construct } from '../../messages/registry.ts';
import type { Place } from '../../nix/notes.ts';
import type { ParsedText, SyntaxNode } from '../syntax.ts';
import { calledName } from '../why-computed.ts';
import { isThrow } from './lacks.ts';
import { chainTo, type Link } from './place-chain.ts';

/** The outermost construct around a place that keeps a list there from being read; `undefined`: none of the known ones. */
export function constructAround(parsed: ParsedText, place: Place): Construct | undefined {
  const [first] = constructsAround(parsed, place);
  return first;
}

/** All of them, from the outside in. */
export function constructsAround(parsed: ParsedText, place: Place): readonly Construct[] {
  const chain = chainTo(parsed, place);
  return chain.flatMap((link, index) => constructOf(link, chain[index - 1], chain[index + 1], parsed.text) ?? []);
}

function constructOf(
  link: Link,
  outer: Link | undefined,
  inner: Link | undefined,
  text: string,
): Construct | undefined {
  const { node, scope } = link;
  const isInside = (field: string): boolean =>
    inner !== undefined && node.childForFieldName(field)?.startIndex === inner.node.startIndex;
  switch (node.type) {
    case 'apply_expression': {
      // `f a b` is `(f a) b`: only the outermost call is named.
      if (outer?.node.type === 'apply_expression' && isCalledBy(node, outer.node)) return undefined;
      const name = calledName(node, text);
      if (isThrow(node, scope, text) || name === undefined) return { kind: 'call', name: 'a function' };
      return { kind: name.endsWith('mkOption') ? 'option' : 'call', name };
    }
    case 'list_expression':
      return { kind: 'element' };
    case 'formal':
      return { kind: inner ? 'default' : 'argument', name: nameOf(node, text) };
    case 'function_expression':
      return outer?.node.type === 'binding' ? { kind: 'function', name: nameOf(outer.node, text) } : undefined;
    case 'inherit_from':
      return isInside('expression') ? { kind: 'source' } : undefined;
    case 'select_expression':
      return { kind: 'selection' };
    case 'binary_expression': {
      const operator = node.childForFieldName('operator')?.type ?? '';
      return operator === '//' ? undefined : { kind: 'operand', name: operator };
    }
    default:
      return undefined;
  }
}

function isCalledBy(node: SyntaxNode, call: SyntaxNode): boolean {
  return call.childForFieldName('function')?.startIndex === node.startIndex;
}

function nameOf(node: SyntaxNode, text: string): string {
  const name = node.childForFieldName('attrpath') ?? node.childForFieldName('name') ?? node;
  return text.slice(name.startIndex, name.endIndex);
}
