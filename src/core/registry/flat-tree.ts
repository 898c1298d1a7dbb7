import { LimitExceeded } from '../nix/problems.ts';
import type { SyntaxNode } from './syntax.ts';

/** The words of a node, in their order; `next` is the index of the node after its subtree. */
const WORDS = { symbol: 0, field: 1, flags: 2, start: 3, end: 4, next: 5 } as const;
const FLAGS = { named: 1, error: 2, missing: 4, hasError: 8 } as const;
export const WORDS_PER_NODE = Object.keys(WORDS).length;

/** Four nodes for each of 100,000 bindings. They are counted, not timed, so that the limit is the same on every machine. */
const MAX_NODES = 400_000;

/** The names of the symbols and fields of a grammar, by their numbers. */
export interface GrammarNames {
  readonly symbol: (symbol: number) => string;
  readonly field: (field: number) => string;
}

/** A syntax tree as wasm/nix-parser.c returns it: six words for each node, in preorder. */
class FlatTree {
  readonly names: GrammarNames;
  readonly #words: Uint32Array;
  readonly #nodes = new Map<number, FlatNode>();

  constructor(words: Uint32Array, names: GrammarNames) {
    this.#words = words;
    this.names = names;
  }

  word(index: number, word: keyof typeof WORDS): number {
    return this.#words[index * WORDS_PER_NODE + WORDS[word]] ?? 0;
  }

  hasFlag(index: number, flag: keyof typeof FLAGS): boolean {
    return (this.word(index, 'flags') & FLAGS[flag]) !== 0;
  }

  *childrenOf(index: number): Generator<number> {
    const end = this.word(index, 'next');
    for (let child = index + 1; child < end; child = this.word(child, 'next')) yield child;
  }

  firstChild(index: number, isWanted: (child: number) => boolean): FlatNode | null {
    for (const child of this.childrenOf(index)) if (isWanted(child)) return this.node(child);
    return null;
  }

  fieldOf(index: number): string | undefined {
    const field = this.word(index, 'field');
    return field === 0 ? undefined : this.names.field(field);
  }

  /** The node of an index, always the same object. Throws `LimitExceeded` after too many nodes. */
  node(index: number): FlatNode {
    const known = this.#nodes.get(index);
    if (known) return known;
    if (this.#nodes.size >= MAX_NODES) throw new LimitExceeded('work');
    const node = new FlatNode(this, index);
    this.#nodes.set(index, node);
    return node;
  }
}

/** A node that is created when it is asked for: most nodes of a tree are never looked at. */
export class FlatNode implements SyntaxNode {
  readonly #tree: FlatTree;
  readonly #index: number;
  #children: readonly FlatNode[] | undefined;
  #namedChildren: readonly FlatNode[] | undefined;

  constructor(tree: FlatTree, index: number) {
    this.#tree = tree;
    this.#index = index;
  }

  get type(): string {
    return this.#tree.names.symbol(this.#tree.word(this.#index, 'symbol'));
  }

  get startIndex(): number {
    return this.#tree.word(this.#index, 'start');
  }

  get endIndex(): number {
    return this.#tree.word(this.#index, 'end');
  }

  get isNamed(): boolean {
    return this.#tree.hasFlag(this.#index, 'named');
  }

  get isError(): boolean {
    return this.#tree.hasFlag(this.#index, 'error');
  }

  get isMissing(): boolean {
    return this.#tree.hasFlag(this.#index, 'missing');
  }

  get hasError(): boolean {
    return this.#tree.hasFlag(this.#index, 'hasError');
  }

  /** The name of the field that this node is in its parent. */
  get field(): string | undefined {
    return this.#tree.fieldOf(this.#index);
  }

  get children(): readonly FlatNode[] {
    return (this.#children ??= Array.from(this.#tree.childrenOf(this.#index), (child) => this.#tree.node(child)));
  }

  get namedChildren(): readonly FlatNode[] {
    return (this.#namedChildren ??= [...this.#tree.childrenOf(this.#index)]
      .filter((child) => this.#tree.hasFlag(child, 'named'))
      .map((child) => this.#tree.node(child)));
  }

  get firstNamedChild(): FlatNode | null {
    return this.#tree.firstChild(this.#index, (child) => this.#tree.hasFlag(child, 'named'));
  }

  childForFieldName(name: string): FlatNode | null {
    return this.#tree.firstChild(this.#index, (child) => this.#tree.fieldOf(child) === name);
  }
}

/** The root of a flat tree. */
export function rootOf(words: Uint32Array, names: GrammarNames): FlatNode {
  return new FlatTree(words, names).node(0);
}
