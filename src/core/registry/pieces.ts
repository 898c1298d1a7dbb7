import { bindingsIn, readAttrpath } from './attrset-bindings.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

/** Looked at once: the pieces may be very many, and the sets in them deep. */
const REC = new WeakMap<SyntaxNode | readonly SyntaxNode[], boolean>();

/** Whether one of the pieces that a set is written in is a `rec` set, or has one in it. */
export function holdsRecIn(pieces: readonly SyntaxNode[], text: string): boolean {
  const known = REC.get(pieces) ?? pieces.some((piece) => holdsRec(piece, text));
  REC.set(pieces, known);
  return known;
}

/** Whether the value of a binding is a `rec` set, or a set with one in it. */
function holdsRec(binding: SyntaxNode, text: string): boolean {
  const value = binding.childForFieldName('expression');
  const node = value && stripParentheses(value);
  if (node?.type !== 'attrset_expression') return node?.type === 'rec_attrset_expression';
  const known = REC.get(node) ?? bindingsIn(node, text).all.some((each) => holdsRec(each, text));
  REC.set(node, known);
  return known;
}

/** The names that a set at the right of `//` defines; `undefined` where that cannot be told from the text. */
export function namesDefinedBy(node: SyntaxNode, text: string): ReadonlySet<string> | undefined {
  const set = stripParentheses(node);
  if (!isSet(set)) return undefined;
  const { all, byName } = bindingsIn(set, text);
  const isTold = all.every((binding) => binding.type !== 'binding' || readAttrpath(binding, text)?.[0] !== undefined);
  return isTold ? new Set(byName.keys()) : undefined;
}

export function isSet(node: SyntaxNode): boolean {
  return node.type === 'attrset_expression' || node.type === 'rec_attrset_expression';
}
