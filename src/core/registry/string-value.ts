import type { Span } from '../nix/problems.ts';
import { readStringLiteral } from '../nix/literals.ts';
import { readAttrpath } from './attrset-bindings.ts';
import { follow, type Followed } from './follow.ts';
import { isComputed } from './list.ts';
import { bindingScope, resolve, type Scope } from './scope.ts';
import { spanOf, stripParentheses, type SyntaxNode } from './syntax.ts';

/** The variables that `builtins.getEnv` sees; an unset one is the empty string, as in Nix. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The string of literals, names, `+`, interpolation, `let … in` and `if` on equal strings; no paths, no `with`. */
export function readString(
  node: SyntaxNode,
  scope: Scope,
  text: string,
  budget: StringBudget = stringBudget(),
): string | undefined {
  return read(node, scope, { text, environment: undefined, depth: 0, budget, seen: {} });
}

/** A call of `builtins.getEnv` for a variable that a registry may not read. */
export interface UnlistedVariable extends Span {
  readonly variable: string;
}

/** The same with an environment, of which only the listed variables are read. */
export function readWithVariables(
  node: SyntaxNode,
  scope: Scope,
  text: string,
  environment: Environment,
  budget: StringBudget,
): string | UnlistedVariable | undefined {
  const seen: Reading['seen'] = {};
  const value = read(node, scope, { text, environment, depth: 0, budget, seen });
  return seen.unlisted ?? value;
}

/** How many steps are left; without any, strings are computed. */
interface StringBudget {
  steps: number;
}

// Names that double each other (`a = b + b; b = c + c; …`) would take forever.
export function stringBudget(): StringBudget {
  return { steps: 1_000_000 };
}

interface Reading {
  readonly text: string;
  readonly environment: Environment | undefined;
  readonly depth: number;
  readonly budget: StringBudget;
  readonly seen: { unlisted?: UnlistedVariable };
}

const MAX_DEPTH = 64;
// Longer than any name or path that a system takes.
const MAX_LENGTH = 16_384;
/** How many characters of a literal are one step. */
const CHARACTERS = 16;

function read(given: SyntaxNode, within: Scope, parent: Reading): string | undefined {
  parent.budget.steps -= 1;
  if (parent.depth > MAX_DEPTH || parent.budget.steps < 0) return undefined;
  const at = { ...parent, depth: parent.depth + 1 };
  const followed = follow({ kind: 'value', node: given, scope: within }, spanOf(given), at.text);
  if (isComputed(followed)) return undefined;
  const value = readFollowed(followed, at);
  return value === undefined || value.length > MAX_LENGTH ? undefined : value;
}

function readFollowed({ node, scope }: Followed, at: Reading): string | undefined {
  switch (node.type) {
    case 'string_expression':
    case 'indented_string_expression':
      return readInterpolated(node, scope, at);
    case 'let_expression': {
      const body = node.childForFieldName('body');
      return body ? read(body, bindingScope(node, at.text, scope), at) : undefined;
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
  at.budget.steps -= Math.floor((node.endIndex - node.startIndex) / CHARACTERS);
  if (at.budget.steps < 0) return undefined;
  let interpolations: ReadonlyMap<number, SyntaxNode> | undefined;
  return readStringLiteral(at.text, node.startIndex, (opening) => {
    interpolations ??= new Map(node.namedChildren.map((child) => [child.startIndex, child]));
    const interpolation = interpolations.get(opening);
    if (interpolation?.type !== 'interpolation') return undefined;
    const expression = interpolation.childForFieldName('expression');
    const value = expression ? read(expression, scope, at) : undefined;
    return value === undefined ? undefined : { value, end: interpolation.endIndex };
  })?.value;
}

function readConditional(node: SyntaxNode, scope: Scope, at: Reading): string | undefined {
  const condition = node.childForFieldName('condition');
  const test = condition && stripParentheses(condition);
  if (test?.type !== 'binary_expression') return undefined;
  const operator = test.childForFieldName('operator')?.type === '==' ? '==' : '!=';
  const [left, right] = operands(test, operator, scope, at);
  if (left === undefined || right === undefined) return undefined;
  const holds = operator === '==' ? left === right : left !== right;
  const branch = node.childForFieldName(holds ? 'consequence' : 'alternative');
  return branch ? read(branch, scope, at) : undefined;
}

function operands(node: SyntaxNode, operator: string, scope: Scope, at: Reading): readonly (string | undefined)[] {
  if (node.childForFieldName('operator')?.type !== operator) return [];
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
  at.seen.unlisted ??= { ...spanOf(node), variable: name };
  return undefined;
}

function slice(node: SyntaxNode, at: Reading): string {
  return at.text.slice(node.startIndex, node.endIndex);
}

/** The variables that `modelsDir` may read, as a regular expression of JavaScript and of Nix: they locate folders. */
export const LISTED = '(HOME|USER|TMPDIR|.*_(MODELS_PATH|MODELS_DIR|HOME))';

/** The same in words. */
export const LISTED_IN_WORDS =
  'HOME, USER, TMPDIR, XDG_DATA_HOME and the like, WHISPER_MODELS_PATH, and any whose name ends in _MODELS_PATH, _MODELS_DIR or _HOME';

/** Whether `modelsDir` may read a variable: its value is shown and written to files, where no token must get. */
export function isListed(name: string): boolean {
  return new RegExp(`^${LISTED}$`, 's').test(name);
}
