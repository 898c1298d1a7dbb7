import { bindingsOf, definedNames, inheritedNames, readAttrpath } from './scope.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

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

/** The names that a set at the right of `//` defines; `undefined` where that cannot be told from the text. */
export function namesDefinedBy(node: SyntaxNode, text: string): readonly string[] | undefined {
  if (node.type === 'parenthesized_expression') {
    const inner = node.childForFieldName('expression');
    return inner ? namesDefinedBy(inner, text) : undefined;
  }
  if (!isSet(node)) return undefined;
  const names: string[] = [];
  for (const binding of bindingsOf(node)) {
    const paths =
      binding.type === 'binding'
        ? [readAttrpath(binding, text)]
        : inheritedNames(binding, text).map(({ name }) => [name]);
    for (const path of paths) {
      if (path?.[0] === undefined) return undefined;
      names.push(path[0]);
    }
  }
  return names;
}

export function isSet(node: SyntaxNode): boolean {
  return node.type === 'attrset_expression' || node.type === 'rec_attrset_expression';
}
