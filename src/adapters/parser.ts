import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type Parser from 'tree-sitter';
import { noParser } from '../core/messages/evaluation.ts';
import type { SyntaxNode } from '../core/registry/syntax.ts';

let parser: Parser | undefined;

/** Parses Nix source text into a concrete syntax tree. Loads the native parser when first called. */
export function parseNix(text: string): SyntaxNode {
  parser ??= load();
  // The native binding refuses texts over 32,767 characters unless its buffer is large enough.
  const bufferSize = Math.max(32 * 1024, (text.length + 1) * 2);
  return new RememberedNode(parser.parse(text, null, { bufferSize }).rootNode);
}

function load(): Parser {
  const require = createRequire(import.meta.url);
  try {
    const TreeSitter = require('tree-sitter') as typeof Parser;
    const loaded = new TreeSitter();
    loaded.setLanguage(require('#grammar') as Parser.Language);
    return loaded;
  } catch (cause) {
    const said = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause);
    throw noParser(said, dirname(require.resolve('#package')), cause);
  }
}

/** A node that asks the native tree once for each thing: every question costs more than most of what is done with its answer. */
class RememberedNode implements SyntaxNode {
  readonly #node: Parser.SyntaxNode;
  #type: string | undefined;
  #startIndex: number | undefined;
  #endIndex: number | undefined;
  #children: readonly SyntaxNode[] | undefined;
  #namedChildren: readonly SyntaxNode[] | undefined;
  #first: SyntaxNode | null | undefined;
  #next: SyntaxNode | null | undefined;
  readonly #fields = new Map<string, SyntaxNode | null>();

  constructor(node: Parser.SyntaxNode) {
    this.#node = node;
  }

  get type(): string {
    return (this.#type ??= this.#node.type);
  }

  get startIndex(): number {
    return (this.#startIndex ??= this.#node.startIndex);
  }

  get endIndex(): number {
    return (this.#endIndex ??= this.#node.endIndex);
  }

  get isError(): boolean {
    return this.#node.isError;
  }

  get isMissing(): boolean {
    return this.#node.isMissing;
  }

  get hasError(): boolean {
    return this.#node.hasError;
  }

  get children(): readonly SyntaxNode[] {
    return (this.#children ??= this.#node.children.map((child) => new RememberedNode(child)));
  }

  get namedChildren(): readonly SyntaxNode[] {
    return (this.#namedChildren ??= this.#node.namedChildren.map((child) => new RememberedNode(child)));
  }

  get firstNamedChild(): SyntaxNode | null {
    if (this.#first === undefined) this.#first = remembered(this.#node.firstNamedChild);
    return this.#first;
  }

  get nextNamedSibling(): SyntaxNode | null {
    if (this.#next === undefined) this.#next = remembered(this.#node.nextNamedSibling);
    return this.#next;
  }

  /** The tree as an S-expression. */
  toString(): string {
    return this.#node.toString();
  }

  childForFieldName(name: string): SyntaxNode | null {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const child = remembered(this.#node.childForFieldName(name));
    this.#fields.set(name, child);
    return child;
  }
}

function remembered(node: Parser.SyntaxNode | null): SyntaxNode | null {
  return node && new RememberedNode(node);
}
