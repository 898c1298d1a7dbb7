import { bindingsOf, definedNames } from './scope.ts';
import type { SyntaxNode } from './syntax.ts';
import { stripParentheses } from './value.ts';

/** The bindings of a set by the first name of their attrpaths. */
export type Pieces = ReadonlyMap<string, readonly SyntaxNode[]>;

export function piecesOf(bindings: readonly SyntaxNode[], text: string): Pieces {
  const pieces = new Map<string, SyntaxNode[]>();
  for (const binding of bindings) {
    for (const name of definedNames(binding, text)) {
      const known = pieces.get(name);
      if (known) known.push(binding);
      else pieces.set(name, [binding]);
    }
  }
  return pieces;
}

/** Whether the value of a binding is a `rec` set, or a set with one in it. */
export function holdsRec(binding: SyntaxNode): boolean {
  const value = binding.childForFieldName('expression');
  const node = value && stripParentheses(value);
  return (
    node?.type === 'rec_attrset_expression' || (node?.type === 'attrset_expression' && bindingsOf(node).some(holdsRec))
  );
}
