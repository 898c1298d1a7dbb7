import { bindingScope, bindingsOf, readAttrpath, resolve, type Scope } from './scope.ts';
import { readStringLiteral } from '../nix/string-literal.ts';
import type { Span } from '../nix/problem.ts';
import { spanOf, stripParentheses, type SyntaxNode } from './syntax.ts';
import { isListed } from './variables.ts';

/** The variables that `builtins.getEnv` sees; an unset one is the empty string, as in Nix. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The string that an expression comes down to where that can be told without an evaluator: literals, names,
 * `+`, interpolation, `let … in`, and `if` on the equality of strings.
 * That is enough for the `modelsDir` that people write. Limits: no paths, no `with`.
 */
export function readString(node: SyntaxNode, scope: Scope, text: string): string | undefined {
  return read(node, scope, { text, environment: undefined, depth: 0, budget: { steps: MAX_STEPS } });
}

/** A call of `builtins.getEnv` for a variable that a registry may not see. */
export interface UnlistedVariable extends Span {
  readonly variable: string;
}

/** The same with an environment, of which only the listed variables are seen. */
export function readWithVariables(
  node: SyntaxNode,
  scope: Scope,
  text: string,
  environment: Environment,
): string | UnlistedVariable | undefined {
  const budget: Reading['budget'] = { steps: MAX_STEPS };
  const value = read(node, scope, { text, environment, depth: 0, budget });
  return budget.unlisted ?? value;
}

interface Reading {
  readonly text: string;
  readonly environment: Environment | undefined;
  readonly depth: number;
  /** Shared by the whole reading. */
  readonly budget: { steps: number; unlisted?: UnlistedVariable };
}

// Deeper than anybody writes; ends the reading of a name that stands for itself.
const MAX_DEPTH = 64;
// Names that double each other (`a = b + b; b = c + c; …`) would take for ever.
const MAX_STEPS = 10_000;

function read(given: SyntaxNode, scope: Scope, parent: Reading): string | undefined {
  parent.budget.steps -= 1;
  if (parent.depth > MAX_DEPTH || parent.budget.steps < 0) return undefined;
  const at = { ...parent, depth: parent.depth + 1 };
  const node = stripParentheses(given);
  switch (node.type) {
    case 'string_expression':
    case 'indented_string_expression':
      return readInterpolated(node, scope, at);
    case 'variable_expression': {
      const definition = resolve(slice(node, at), scope);
      return definition.kind === 'value' ? read(definition.node, definition.scope, at) : undefined;
    }
    case 'let_expression': {
      const body = node.childForFieldName('body');
      return body ? read(body, bindingScope(bindingsOf(node), at.text, scope), at) : undefined;
    }
    case 'if_expression':
      return readConditional(node, scope, at);
    case 'binary_expression': {
      const [left, right] = operands(node, '+', scope, at);
      return left === undefined || right === undefined ? undefined : left + right;
    }
    case 'apply_expression':
      return readGetEnv(node, scope, at);
    default:
      return undefined;
  }
}

function readInterpolated(node: SyntaxNode, scope: Scope, at: Reading): string | undefined {
  let interpolations: readonly SyntaxNode[] | undefined;
  return readStringLiteral(at.text, node.startIndex, (opening) => {
    interpolations ??= node.namedChildren.filter((child) => child.type === 'interpolation');
    const interpolation = interpolations.find((child) => child.startIndex === opening);
    const expression = interpolation?.childForFieldName('expression');
    const value = expression ? read(expression, scope, at) : undefined;
    return interpolation && value !== undefined ? { value, end: interpolation.endIndex } : undefined;
  })?.value;
}

function readConditional(node: SyntaxNode, scope: Scope, at: Reading): string | undefined {
  const condition = node.childForFieldName('condition');
  const test = condition && stripParentheses(condition);
  if (test?.type !== 'binary_expression') return undefined;
  const operator = test.children.some((child) => child.type === '==') ? '==' : '!=';
  const [left, right] = operands(test, operator, scope, at);
  if (left === undefined || right === undefined) return undefined;
  const holds = operator === '==' ? left === right : left !== right;
  const branch = node.childForFieldName(holds ? 'consequence' : 'alternative');
  return branch ? read(branch, scope, at) : undefined;
}

function operands(node: SyntaxNode, operator: string, scope: Scope, at: Reading): readonly (string | undefined)[] {
  if (!node.children.some((child) => child.type === operator)) return [];
  return ['left', 'right'].map((side) => {
    const operand = node.childForFieldName(side);
    return operand ? read(operand, scope, at) : undefined;
  });
}

function readGetEnv(node: SyntaxNode, scope: Scope, at: Reading): string | undefined {
  const called = node.childForFieldName('function');
  const argument = node.childForFieldName('argument');
  if (!at.environment || called?.type !== 'select_expression' || !argument) return undefined;
  const set = called.childForFieldName('expression');
  if (set?.type !== 'variable_expression' || slice(set, at) !== 'builtins') return undefined;
  const isOwnName = resolve('builtins', scope).kind !== 'unbound';
  if (isOwnName || readAttrpath(called, at.text)?.join('.') !== 'getEnv') return undefined;
  const name = read(argument, scope, at);
  if (name === undefined) return undefined;
  if (isListed(name)) return at.environment[name] ?? '';
  at.budget.unlisted ??= { ...spanOf(node), variable: name };
  return undefined;
}

function slice(node: SyntaxNode, at: Reading): string {
  return at.text.slice(node.startIndex, node.endIndex);
}
