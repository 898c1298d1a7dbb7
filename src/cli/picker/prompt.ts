import { createInterface, type Interface, type Key } from 'node:readline';
import { PassThrough } from 'node:stream';

export interface Question {
  readonly values: readonly string[];
  readonly matches: (filter: string, value: string) => boolean;
  readonly show: (state: PromptState) => void;
}

export interface PromptState {
  readonly matching: readonly string[];
  readonly focus: number;
  readonly chosen: readonly string[];
  /** What Enter would take: what was chosen, or else what is focused. */
  readonly wanted: readonly string[];
  readonly filter: string;
  readonly cursor: number;
  /** Whether the next Esc leaves, and drops what was chosen. */
  readonly isLeaving: boolean;
}

const PAGE = 10;
const BACKSPACE: Key = { ctrl: true, name: 'h' };
const TO_END: Key = { ctrl: true, name: 'e' };
const DELETE_LINE: Key = { ctrl: true, name: 'u' };

/** A filter over values of which several may be chosen. Node's line editor understands the keys and edits the filter. */
export class Prompt {
  readonly #question: Question;
  readonly #keys = new PassThrough();
  readonly #editor: Interface;
  readonly #answer: Promise<readonly string[] | undefined>;
  #resolve: (chosen: readonly string[] | undefined) => void = () => {};
  #matching: readonly string[];
  #focus = 0;
  #chosen: readonly string[] = [];
  #filter = '';
  #isLeaving = false;

  constructor(question: Question) {
    this.#question = question;
    this.#matching = question.values;
    this.#answer = new Promise((resolve) => (this.#resolve = resolve));
    // Without an output, the editor shows nothing. It waits 50 ms for the rest of an escape sequence.
    this.#editor = createInterface({ input: this.#keys, terminal: true, escapeCodeTimeout: 50, historySize: 0 });
    this.#keys.on('keypress', (_: unknown, key: Key) => this.#onKey(key));
  }

  get state(): PromptState {
    return {
      matching: this.#matching,
      focus: this.#focus,
      chosen: this.#chosen,
      wanted: this.#chosen.length > 0 ? this.#chosen : this.#matching.slice(this.#focus, this.#focus + 1),
      filter: this.#filter,
      cursor: this.#editor.cursor,
      isLeaving: this.#isLeaving,
    };
  }

  /** What Enter took; `undefined`: the user left. */
  async ask(): Promise<readonly string[] | undefined> {
    this.redraw();
    return this.#answer;
  }

  press(keys: string): void {
    this.#keys.write(keys);
  }

  redraw(): void {
    this.#question.show(this.state);
  }

  leave(): void {
    this.#end(undefined);
  }

  stay(): void {
    this.#isLeaving = false;
    this.redraw();
  }

  #onKey({ name }: Key): void {
    const wasLeaving = this.#isLeaving;
    this.#isLeaving = false;
    if (name === 'return') return this.#end(this.state.wanted);
    // Space selects until something is typed; then it separates words of the filter.
    const selects = name === 'tab' || (name === 'space' && this.#filter === '');
    if (selects) this.#editor.write(null, BACKSPACE);
    if (name === 'escape') {
      if (this.#filter !== '') {
        this.#editor.write(null, TO_END);
        this.#editor.write(null, DELETE_LINE);
      } else if (wasLeaving || this.#chosen.length === 0) return this.leave();
      else this.#isLeaving = true;
    }
    this.#match();
    const last = this.#matching.length - 1;
    if (selects) {
      this.#toggle();
      this.#move(1);
    } else if (name === 'down') this.#focus = this.#focus < last ? this.#focus + 1 : 0;
    else if (name === 'up') this.#focus = this.#focus > 0 ? this.#focus - 1 : Math.max(0, last);
    else if (name === 'pagedown') this.#move(PAGE);
    else if (name === 'pageup') this.#move(-PAGE);
    this.redraw();
  }

  /** Applies a filter that has changed. The focus stays on its value where that still matches. */
  #match(): void {
    if (this.#editor.line === this.#filter) return;
    const focused = this.#matching[this.#focus] ?? '';
    this.#filter = this.#editor.line;
    const { values, matches } = this.#question;
    this.#matching = this.#filter === '' ? values : values.filter((value) => matches(this.#filter, value));
    this.#focus = Math.max(0, this.#matching.indexOf(focused));
  }

  #toggle(): void {
    const focused = this.#matching[this.#focus];
    if (focused === undefined) return;
    const rest = this.#chosen.filter((value) => value !== focused);
    this.#chosen = rest.length < this.#chosen.length ? rest : [...rest, focused];
  }

  #move(by: number): void {
    this.#focus = Math.max(0, Math.min(this.#matching.length - 1, this.#focus + by));
  }

  #end(chosen: readonly string[] | undefined): void {
    this.#keys.removeAllListeners('keypress');
    this.#editor.close();
    this.#resolve(chosen);
  }
}
