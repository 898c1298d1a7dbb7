import { parseNix } from '../../src/adapters/registry/parser.ts';
import type { SyntaxNode } from '../../src/core/registry/syntax.ts';

/**
 * The text of a module that results in a set of nothing but its list, so that Nix can evaluate a list which the file does
 * not export, or next to which something else fails: an `assert`, the other side of a `//`. All names stay what they are.
 * `undefined` where there is no such list, or more than one.
 */
export function spliced(text: string): string | undefined {
  const body = parseNix(text).childForFieldName('expression');
  const list = body && splice(body, text);
  return typeof list === 'string' ? list : undefined;
}

const WANTED = 'activeModels';

function splice(node: SyntaxNode, text: string): string | undefined {
  const slice = (from: number, to: number): string => text.slice(from, to);
  const inner = (field: string): string | undefined => {
    const child = node.childForFieldName(field);
    return child ? splice(child, text) : undefined;
  };
  // The head of an expression with another body.
  const headed = (body: string | undefined): string | undefined => {
    const start = node.childForFieldName('body')?.startIndex;
    return body === undefined || start === undefined ? undefined : slice(node.startIndex, start) + body;
  };
  switch (node.type) {
    case 'function_expression':
    case 'with_expression':
      return headed(inner('body'));
    case 'assert_expression':
      return inner('body');
    case 'parenthesized_expression': {
      const expression = inner('expression');
      return expression === undefined ? undefined : `(${expression}\n)`;
    }
    case 'let_expression': {
      const path = pathOf(node, text);
      return headed(inner('body') ?? (path && `{ ${WANTED} = ${path}; }`));
    }
    case 'attrset_expression':
    case 'rec_attrset_expression': {
      const path = pathOf(node, text);
      return path && `{ ${WANTED} = (${slice(node.startIndex, node.endIndex)}).${path}; }`;
    }
    case 'if_expression':
      return inner('consequence') ?? inner('alternative');
    case 'binary_expression':
      return inner('right') ?? inner('left');
    default:
      return undefined;
  }
}

/** The attrpath of the list below a set or a `let`. */
function pathOf(node: SyntaxNode, text: string): string | undefined {
  const bindings = node.namedChildren.find(({ type }) => type === 'binding_set')?.namedChildren ?? [];
  const paths = bindings.flatMap((binding) => {
    if (binding.type !== 'binding') return inherits(binding, text) ? [WANTED] : [];
    const attrpath = binding.childForFieldName('attrpath');
    const value = binding.childForFieldName('expression');
    if (!attrpath || !value) return [];
    const path = text.slice(attrpath.startIndex, attrpath.endIndex);
    const last = attrpath.namedChildren.at(-1);
    if (last && text.slice(last.startIndex, last.endIndex).replaceAll('"', '') === WANTED) return [path];
    const below = value.type.endsWith('attrset_expression') ? pathOf(value, text) : undefined;
    return below === undefined ? [] : [`${path}.${below}`];
  });
  return paths.length === 1 ? paths[0] : undefined;
}

function inherits(binding: SyntaxNode, text: string): boolean {
  const names = binding.childForFieldName('attrs')?.namedChildren ?? [];
  return names.some(({ startIndex, endIndex }) => text.slice(startIndex, endIndex) === WANTED);
}
