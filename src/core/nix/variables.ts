import { GLOBALS } from './globals.ts';
import type { Span, SyntaxProblem } from './problem.ts';

/** Something that tells whether it defines a name. */
export interface Names {
  has(name: string): boolean;
}

interface Use extends Span {
  readonly name: string;
  /** Whether it stands by itself in a list, where a string may be meant. */
  readonly isElement: boolean;
}

/**
 * The variables used so far that nothing has defined yet. Scopes are closed from the inside out: what a scope defines
 * is struck out of the uses since its beginning, and what is left in the end is not defined anywhere.
 */
export class Variables {
  readonly #uses: Use[] = [];

  /** A mark of this moment: the beginning of a scope. */
  get mark(): number {
    return this.#uses.length;
  }

  use(name: string, { start, end }: Span, isElement = false): void {
    if (!GLOBALS.has(name)) this.#uses.push({ name, start, end, isElement });
  }

  /** Closes the scope that began at `mark` and defines `names`. */
  close(mark: number, names: Names): void {
    let kept = mark;
    for (let index = mark; index < this.#uses.length; index += 1) {
      const use = this.#uses[index] as Use;
      if (names.has(use.name)) continue;
      this.#uses[kept] = use;
      kept += 1;
    }
    this.#uses.length = kept;
  }

  /** Closes the body of a `with`, which may define any name. */
  closeWith(mark: number): void {
    this.#uses.length = mark;
  }

  /** The first variable that is left over. */
  undefinedOne(text: string): SyntaxProblem | undefined {
    const first = this.#uses.toSorted((a, b) => a.start - b.start)[0];
    if (!first) return undefined;
    const { name, start, end, isElement } = first;
    const message = `${name} is not defined`;
    if (!isElement) {
      return { start, end, message, hint: 'Define it in a let, take it as an argument, or mend its spelling.' };
    }
    // `ggml-base.en.bin` without quotes is the name `ggml-base` with something selected from it.
    const word = /[\w.'-]+/y;
    word.lastIndex = start;
    const shown = word.exec(text)?.[0] ?? name;
    return { start, end: start + shown.length, message, hint: `If it is meant as a string, quote it: "${shown}".` };
  }
}
