import type { SyntaxNode } from '../src/core/registry/syntax.ts';

/**
 * The text of a tree: every expression in parentheses, without comments and errors. If Nix parses it to the same as the source,
 * the tree has the meaning of the source. The printed tree is not enough, because it has neither operators nor the extent of
 * comments, paths and strings.
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
    const separator = WITH_TEXT.has(node.type) ? '' : ' ';
    const spelled = node.children.map((child) => spell(child, node.type)).join(separator);
    // To Nix `a/b` is `./a/b`; this shows an `a//b` that only the grammar takes for a path.
    return node.type === 'path_expression' && !/^[./]/.test(spelled) ? `./${spelled}` : spelled;
  }

  function leaf(node: SyntaxNode, parent: string | undefined): string {
    const source = text.slice(node.startIndex, node.endIndex);
    if (node.type === 'uri_expression') return `"${source.replaceAll('$', '\\$')}"`;
    if (node.type !== 'string_fragment') return source;
    // Plain text in the grammar must not become an interpolation.
    const dollar = parent === 'indented_string_expression' ? "''$" : '\\$';
    return source.replace(/(\$*)\$\{/g, (match, before: string) =>
      before.length % 2 === 0 ? `${before}${dollar}{` : match,
    );
  }
}

const WITH_TEXT = new Set(['string_expression', 'indented_string_expression', 'path_expression', 'hpath_expression']);

function isOperand(node: SyntaxNode, spelled: string, parent: string | undefined): boolean {
  if (!node.type.endsWith('_expression') || parent === 'attrpath' || parent === 'inherited_attrs') return false;
  // Nix accepts the name `or` only directly after the function that it is an argument of.
  return spelled !== 'or' || parent !== 'apply_expression';
}
