import type { Key } from 'node:readline';
import { PassThrough, Writable } from 'node:stream';
import { AutocompletePrompt, isCancel, settings } from '@clack/core';

/** What is asked, and who shows it. */
export interface Question {
  readonly values: readonly string[];
  readonly matches: (filter: string, value: string) => boolean;
  readonly show: (state: PromptState) => void;
}

export interface PromptState {
  readonly matching: readonly string[];
  /** Index among those. */
  readonly focus: number;
  readonly chosen: readonly string[];
  readonly filter: string;
  readonly cursor: number;
  /** Whether the next Esc leaves, and drops what was chosen. */
  readonly isLeaving: boolean;
}

interface Option {
  readonly value: string;
}

const PAGE = 10;

/**
 * A filter over values of which several may be chosen. The library understands keys and keeps the state; what it would draw is
 * thrown away, because it erases before it draws and leaves an empty line behind.
 */
export class Prompt {
  readonly #keys = new PassThrough();
  readonly #screen = new Screen();
  readonly #prompt: ModelPrompt;

  constructor({ values, matches, show }: Question) {
    // By itself, the library ends with the first Esc.
    settings.aliases.delete('escape');
    this.#prompt = new ModelPrompt(this.#keys, {
      options: values.map((value) => ({ value })),
      filter: (filter, { value }) => matches(filter, value),
      multiple: true,
      input: this.#keys,
      output: this.#screen,
      render: () => {
        show(this.state);
        return undefined;
      },
    });
  }

  get state(): PromptState {
    return this.#prompt.view;
  }

  /** What was chosen in the end: the focused one where nothing was selected; `undefined`: nothing. */
  async ask(): Promise<readonly string[] | undefined> {
    const answer = await this.#prompt.prompt();
    if (isCancel(answer)) return undefined;
    const { chosen, matching, focus } = this.state;
    return chosen.length > 0 ? chosen : matching.slice(focus, focus + 1);
  }

  press(keys: string): void {
    this.#keys.write(keys);
  }

  redraw(): void {
    this.#screen.emit('resize');
  }

  leave(): void {
    this.#prompt.leave();
  }

  /** Leaves no more, after all. */
  stay(): void {
    this.#prompt.isLeaving = false;
    this.redraw();
  }
}

class Screen extends Writable {
  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
}

class ModelPrompt extends AutocompletePrompt<Option> {
  isLeaving = false;

  constructor(keys: PassThrough, options: ConstructorParameters<typeof AutocompletePrompt<Option>>[0]) {
    super(options);
    this.on('key', (_, { name }) => {
      const wasLeaving = this.isLeaving;
      this.isLeaving = false;
      if (name === 'tab' || (name === 'space' && this.isNavigating)) this.#move(1, 1);
      else if (name === 'pagedown') this.#move(1, PAGE);
      else if (name === 'pageup') this.#move(-1, PAGE);
      else if (name === 'escape' && this.userInput === '') {
        if (wasLeaving || this.selectedValues.length === 0) this.state = 'cancel';
        else this.isLeaving = true;
      }
      // To the end of the line and all of it away: later, because this key is still being read.
      else if (name === 'escape') setImmediate(() => keys.write('\x05\x15'));
    });
  }

  get view(): PromptState {
    const { _cursor: cursor, isLeaving } = this;
    return {
      matching: this.filteredOptions.map(({ value }) => value),
      focus: this.cursor,
      chosen: this.selectedValues,
      filter: this.userInput,
      cursor,
      isLeaving,
    };
  }

  leave(): void {
    this.state = 'cancel';
    this.close();
  }

  /** Whether a key selects, and is no part of the filter. The library takes each space after an arrow key for one that does. */
  protected override _isActionKey(char: string | undefined, { name }: Key): boolean {
    const selects = name === 'space' && this.userInput === '';
    this.isNavigating = selects;
    return char === '\t' || selects;
  }

  /** Moves the focus, and stops at both ends. */
  #move(step: 1 | -1, times: number): void {
    for (let left = times; left > 0; left -= 1) {
      const next = this.cursor + step;
      if (next < 0 || next >= this.filteredOptions.length) return;
      this.emit('key', undefined, { name: step > 0 ? 'down' : 'up' });
    }
  }
}
