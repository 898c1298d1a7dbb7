import { countBelow } from './diagnostic.ts';
import type { SyntaxNode } from './syntax.ts';

/**
 * Where a text may bind a wanted name: where it stands, and wherever an escape or an interpolation may make it up. What is
 * elsewhere need not be walked.
 */
export class Spots {
  readonly #wanted: readonly string[];
  /** In order; `undefined`: anywhere. */
  readonly #offsets: readonly number[] | undefined;

  constructor(text: string, wanted: readonly string[]) {
    this.#wanted = wanted;
    const name = wanted.at(-1) ?? '';
    if (/^[\w'-]+$/.test(name)) {
      this.#offsets = Array.from(text.matchAll(new RegExp(`${name}|\\$\\{|\\\\`, 'g')), ({ index }) => index);
    }
  }

  /** Whether a path leads towards the wanted one, so that what it ends in matters too. */
  isOnWay(path: readonly string[]): boolean {
    return path.length + 1 < this.#wanted.length && path.every((name, index) => name === this.#wanted[index]);
  }

  /** Whether a node may bind the wanted name somewhere inside. */
  isIn({ startIndex, endIndex }: SyntaxNode): boolean {
    if (!this.#offsets) return true;
    return (this.#offsets[countBelow(this.#offsets, startIndex)] ?? Infinity) < endIndex;
  }
}
