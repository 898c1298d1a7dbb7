import { bindingScope, bindingsOf, readAttrpath, resolve, type Scope } from './scope.ts';
import { readStringLiteral } from './string-literal.ts';
import type { SyntaxNode } from './syntax.ts';
import { stripParentheses } from './value.ts';

/** The variables that `builtins.getEnv` sees; an unset one is the empty string, as in Nix. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The string that an expression comes down to where that can be told without an evaluator: literals, names,
 * `+`, interpolation, `let … in`, `if` on the equality of strings, and `builtins.getEnv "NAME"`. That is enough for
 * the `modelsDir` that people write. Limits: no paths, no indented strings with interpolation, no `with`.
 */
export function readString(node: SyntaxNode, scope: Scope, text: string, environment: Environment): string | undefined {
  return read(node, scope, { text, environment, depth: 0, budget: { steps: MAX_STEPS } });
}

interface Reading {
  readonly text: string;
  readonly environment: Environment;
  readonly depth: number;
  /** Shared by the whole reading. */
  readonly budget: { steps: number };
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
      return readInterpolated(node, scope, at);
    case 'indented_string_expression':
      return readStringLiteral(at.text, node.startIndex)?.value;
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
  const plain = (start: number, end: number): string | undefined =>
    readStringLiteral(`"${at.text.slice(start, end)}"`, 0)?.value;
  let value = '';
  let from = node.startIndex + 1;
  const interpolations = node.namedChildren.filter((child) => child.type === 'interpolation');
  for (const interpolation of interpolations) {
    const expression = interpolation.childForFieldName('expression');
    const before = plain(from, interpolation.startIndex);
    const inner = expression ? read(expression, scope, at) : undefined;
    if (before === undefined || inner === undefined) return undefined;
    value += before + inner;
    from = interpolation.endIndex;
  }
  const rest = plain(from, node.endIndex - 1);
  return rest === undefined ? undefined : value + rest;
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
  if (called?.type !== 'select_expression' || !argument) return undefined;
  const set = called.childForFieldName('expression');
  if (set?.type !== 'variable_expression' || slice(set, at) !== 'builtins') return undefined;
  const isOwnName = resolve('builtins', scope).kind !== 'unbound';
  if (isOwnName || readAttrpath(called, at.text)?.join('.') !== 'getEnv') return undefined;
  const name = read(argument, scope, at);
  return name === undefined ? undefined : (at.environment[name] ?? '');
}

function slice(node: SyntaxNode, at: Reading): string {
  return at.text.slice(node.startIndex, node.endIndex);
}
