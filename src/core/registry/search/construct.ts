import type { Construct } from '../../messages/registry.ts';
import type { Place } from '../../nix/notes.ts';
import type { ParsedText, SyntaxNode } from '../syntax.ts';
import { calledName } from '../why-computed.ts';
import { isThrow } from './lacks.ts';
import { moduleCall } from './module-call.ts';
import { chainTo, letBinding, type Link, SETS } from './place-chain.ts';

/** The outermost construct around a place that keeps a list there from being read; `undefined`: none of the known ones. */
export function constructAround(parsed: ParsedText, place: Place): Construct | undefined {
  const [first] = constructsAround(parsed, place);
  return first;
}

/** All of them, from the outside in. */
export function constructsAround(parsed: ParsedText, place: Place): readonly Construct[] {
  const chain = chainTo(parsed, place);
  return chain.flatMap((_, index) => constructOf(chain, index, place, parsed.text) ?? []);
}

function constructOf(chain: readonly Link[], index: number, place: Place, text: string): Construct | undefined {
  const [outer, link, inner] = [chain[index - 1], chain[index], chain[index + 1]];
  if (!link) return undefined;
  const { node, scope } = link;
  switch (node.type) {
    case 'apply_expression': {
      // `f a b` is `(f a) b`: only the outermost call is named.
      const isPart = outer?.node.type === 'apply_expression' && isCalledBy(node, outer.node);
      if (isPart || moduleCall(node, { ...link, text })) return undefined;
      const name = calledName(node, text);
      if (isThrow(node, scope, text) || name === undefined) return { kind: 'call', name: 'a function' };
      return name.endsWith('mkOption') ? { kind: 'option', name, option: optionOf(place) } : { kind: 'call', name };
    }
    case 'list_expression':
      return isPartsOfMerge(chain, index, text) ? undefined : { kind: 'element' };
    case 'formal':
      return { kind: inner ? 'default' : 'argument', name: nameOf(node, text) };
    case 'function_expression': {
      const around = chain.slice(0, index).findLastIndex(({ node: { type } }) => type === 'binding' || SETS.has(type));
      const binding = letBinding(chain, around);
      return binding && { kind: 'function', name: nameOf(binding, text) };
    }
    case 'inherit_from':
      return inner && node.childForFieldName('expression')?.startIndex === inner.node.startIndex
        ? { kind: 'source' }
        : undefined;
    case 'select_expression':
      return { kind: 'selection' };
    case 'binary_expression': {
      const operator = node.childForFieldName('operator');
      const name = operator ? text.slice(operator.startIndex, operator.endIndex) : '';
      return name === '//' ? undefined : { kind: 'operand', name };
    }
    default:
      return undefined;
  }
}

/** Whether a list has the parts of a `mkMerge`. */
function isPartsOfMerge(chain: readonly Link[], index: number, text: string): boolean {
  const call = chain.slice(0, index).findLast(({ node: { type } }) => type !== 'parenthesized_expression');
  return call?.node.type === 'apply_expression' && moduleCall(call.node, { ...call, text })?.name === 'mkMerge';
}

/** The path of the option that a declaration with `mkOption` is of, without what is a part of the declaration. */
function optionOf({ path }: Place): string {
  const names = path.map((name) => name ?? '…');
  const option = names[0] === 'options' ? names.slice(1) : names;
  return (PARTS_OF_OPTIONS.has(option.at(-1) ?? '') ? option.slice(0, -1) : option).join('.');
}

const PARTS_OF_OPTIONS = new Set(['default', 'defaultText', 'example', 'type', 'apply', 'description']);

function isCalledBy(node: SyntaxNode, call: SyntaxNode): boolean {
  return call.childForFieldName('function')?.startIndex === node.startIndex;
}

function nameOf(node: SyntaxNode, text: string): string {
  const name = node.childForFieldName('attrpath') ?? node.childForFieldName('name') ?? node;
  return text.slice(name.startIndex, name.endIndex);
}
