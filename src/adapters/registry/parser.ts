import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type Parser from 'tree-sitter';
import { parserNotLoaded } from '../../core/messages/evaluation.ts';
import { LimitExceeded } from '../../core/nix/problems.ts';
import type { SyntaxNode } from '../../core/registry/syntax.ts';

let parser: Parser | undefined;

/** A tree that is parsed when a node is first read: a text that fails the syntax check never is, because error recovery is slow. */
export function parseNix(text: string): SyntaxNode {
  return new RememberedNode(text, { nodes: 0 });
}

/** Four nodes for each of 100,000 bindings. They are counted, not timed, so that the limit is the same on every machine. */
const MAX_NODES = 400_000;

function parse(text: string): Parser.SyntaxNode {
  parser ??= load();
  // The native binding refuses texts over 32,767 characters unless its buffer is large enough.
  const bufferSize = Math.max(32 * 1024, (text.length + 1) * 2);
  return parser.parse(text, null, { bufferSize }).rootNode;
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
    throw parserNotLoaded(said, dirname(require.resolve('#package')), cause);
  }
}

/** A node that asks the native tree once for each thing: every question costs more than most of what is done with its answer. */
class RememberedNode implements SyntaxNode {
  /** A node of the native tree, or the text that it is made of when it is first needed. */
  #given: Parser.SyntaxNode | string;
  /** How many nodes of the tree have been created so far. */
  readonly #tree: { nodes: number };
  #type: string | undefined;
  #startIndex: number | undefined;
  #endIndex: number | undefined;
  #children: readonly SyntaxNode[] | undefined;
  #namedChildren: readonly SyntaxNode[] | undefined;
  #first: SyntaxNode | null | undefined;
  #fields: Map<string, SyntaxNode | null> | undefined;

  constructor(given: Parser.SyntaxNode | string, tree: { nodes: number }) {
    this.#given = given;
    this.#tree = tree;
    tree.nodes += 1;
    if (tree.nodes > MAX_NODES) throw new LimitExceeded('work');
  }

  get #node(): Parser.SyntaxNode {
    if (typeof this.#given === 'string') this.#given = parse(this.#given);
    return this.#given;
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
    return (this.#children ??= this.#node.children.map((child) => new RememberedNode(child, this.#tree)));
  }

  get namedChildren(): readonly SyntaxNode[] {
    return (this.#namedChildren ??= this.#node.namedChildren.map((child) => new RememberedNode(child, this.#tree)));
  }

  get firstNamedChild(): SyntaxNode | null {
    if (this.#first === undefined) this.#first = this.#remembered(this.#node.firstNamedChild);
    return this.#first;
  }

  toString(): string {
    return this.#node.toString();
  }

  childForFieldName(name: string): SyntaxNode | null {
    this.#fields ??= new Map();
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const child = this.#remembered(this.#node.childForFieldName(name));
    this.#fields.set(name, child);
    return child;
  }

  #remembered(node: Parser.SyntaxNode | null): SyntaxNode | null {
    return node && new RememberedNode(node, this.#tree);
  }
}
