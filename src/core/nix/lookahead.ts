import { isPathChar, UNDERSCORE } from './characters.ts';
import { LimitExceeded } from './limit.ts';

const MAX_CHARACTERS = 25_000_000;

/**
 * Where the characters end that a path may begin with. Each is visited once here. The lexer of the tree visits them again for
 * each token among them (`a.b.c.d` may be a path until its end), so that is counted, and limited.
 */
export class Lookahead {
  readonly #text: string;
  #start = 0;
  #characters = 0;
  end = 0;
  /** The last `_` before the end. */
  underscore = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Looks ahead from a character that a path may begin with; throws `LimitExceeded` after too many characters. */
  from(start: number): void {
    if (start < this.#start || start >= this.end) {
      let [at, underscore] = [start, -1];
      for (let code = this.#text.charCodeAt(at); isPathChar(code); code = this.#text.charCodeAt(at)) {
        if (code === UNDERSCORE) underscore = at;
        at += 1;
      }
      [this.#start, this.end, this.underscore] = [start, at, underscore];
    }
    this.#characters += this.end - start;
    if (this.#characters > MAX_CHARACTERS) throw new LimitExceeded('work');
  }
}
