import { GLOBALS } from './globals.ts';
import type { Span, SyntaxProblem } from './problem.ts';

/** The names that a scope defines: a set of them, or a map by them. */
export interface Names {
  keys(): Iterable<string>;
}

interface Use extends Span {
  readonly name: string;
  /** The number of uses before it. */
  readonly index: number;
  /** Whether it stands by itself in a list, where a string may be meant. */
  readonly isElement: boolean;
}

/**
 * The variables used so far that nothing has defined yet. Scopes are closed from the inside out: what a scope defines
 * is struck out of the uses since its beginning, and what is left in the end is not defined anywhere.
 * Each use is visited a constant number of times, however deep it is.
 */
export class Variables {
  /** All uses since the last `with` was closed, also the defined ones. */
  readonly #uses: Use[] = [];
  /** The uses that no scope has defined yet, by name and in order. */
  readonly #open = new Map<string, Use[]>();

  /** A mark of this moment: the beginning of a scope. */
  get mark(): number {
    return this.#uses.length;
  }

  use(name: string, { start, end }: Span, isElement = false): void {
    if (GLOBALS.has(name)) return;
    const use = { name, start, end, isElement, index: this.#uses.length };
    this.#uses.push(use);
    const known = this.#open.get(name);
    if (known) known.push(use);
    else this.#open.set(name, [use]);
  }

  /** Closes the scope that began at `mark` and defines `names`. */
  close(mark: number, names: Names): void {
    for (const name of names.keys()) this.#strike(name, mark);
  }

  /** Closes the body of a `with`, which may define any name. */
  closeWith(mark: number): void {
    for (let index = mark; index < this.#uses.length; index += 1) {
      this.#strike((this.#uses[index] as Use).name, mark);
    }
    this.#uses.length = mark;
  }

  #strike(name: string, mark: number): void {
    const uses = this.#open.get(name);
    while ((uses?.at(-1)?.index ?? -1) >= mark) uses?.pop();
  }

  /** The first variable that is left over. */
  undefinedOne(text: string): SyntaxProblem | undefined {
    let first: Use | undefined;
    for (const [use] of this.#open.values()) {
      if (use && use.start < (first?.start ?? Infinity)) first = use;
    }
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
