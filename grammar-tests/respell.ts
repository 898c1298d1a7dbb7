import type { SyntaxNode } from '../src/core/registry/syntax.ts';

/**
 * The text that a tree stands for: every expression in parentheses, comments and errors left out. If Nix reads the same
 * in it as in the source, the tree means what the source means. The printed tree alone does not tell: it has neither
 * operators nor the extent of a comment, a path or a string.
 */
export function respell(root: SyntaxNode, text: string): string {
  return spell(root, undefined);

  function spell(node: SyntaxNode, parent: string | undefined): string {
    if (node.type === 'comment' || node.isError) return '';
    if (node.isMissing) return node.type === 'identifier' ? 'missing' : node.type;
    const spelled = node.children.length === 0 ? leaf(node, parent) : inner(node);
    return isOperand(node, spelled, parent) ? `(${spelled})` : spelled;
  }

  function inner(node: SyntaxNode): string {
    const separator = HOLDS_TEXT.has(node.type) ? '' : ' ';
    const spelled = node.children.map((child) => spell(child, node.type)).join(separator);
    // To Nix `a/b` is `./a/b`; an `a//b` that only the grammar holds for a path gives itself away so.
    return node.type === 'path_expression' && !/^[./]/.test(spelled) ? `./${spelled}` : spelled;
  }

  function leaf(node: SyntaxNode, parent: string | undefined): string {
    const source = text.slice(node.startIndex, node.endIndex);
    if (node.type === 'uri_expression') return `"${source.replaceAll('$', '\\$')}"`;
    if (node.type !== 'string_fragment') return source;
    // What is plain text to the grammar must not become an interpolation.
    const dollar = parent === 'indented_string_expression' ? "''$" : '\\$';
    return source.replace(/(\$*)\$\{/g, (match, before: string) =>
      before.length % 2 === 0 ? `${before}${dollar}{` : match,
    );
  }
}

const HOLDS_TEXT = new Set(['string_expression', 'indented_string_expression', 'path_expression', 'hpath_expression']);

function isOperand(node: SyntaxNode, spelled: string, parent: string | undefined): boolean {
  if (!node.type.endsWith('_expression') || parent === 'attrpath' || parent === 'inherited_attrs') return false;
  // Nix takes the name `or` only right behind what it is an argument of.
  return spelled !== 'or' || parent !== 'apply_expression';
}
