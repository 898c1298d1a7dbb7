import { resolve, type Scope } from './scope.ts';
import { stripParentheses, type SyntaxNode } from './syntax.ts';

/** The asserts that Nix comes to before it has the attributes of one set: those of all sides of a chain of `//`. */
export interface AssertGroup {
  /** The first that the text does not decide. */
  assertion: SyntaxNode | undefined;
  /** The group of the set that this one is in. */
  readonly outer: AssertGroup | undefined;
}

/** An assert that Nix comes to before it has what is in the set of a group. */
export function firstAssert(group: AssertGroup): SyntaxNode | undefined {
  for (let each: AssertGroup | undefined = group; each; each = each.outer) if (each.assertion) return each.assertion;
  return undefined;
}

/** Whether the condition of an `assert` is `true` itself, and no name of the file. */
export function holdsForCertain(node: SyntaxNode, text: string, scope: Scope): boolean {
  const given = node.childForFieldName('condition');
  const condition = given && stripParentheses(given);
  const isTrue =
    condition?.type === 'variable_expression' && text.slice(condition.startIndex, condition.endIndex) === 'true';
  return isTrue && resolve('true', scope).kind === 'unbound';
}
