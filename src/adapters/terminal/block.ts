import type { Output } from '../process/host.ts';

/** Sequences for the title of a terminal: once at the beginning, then whenever it changes, and at the end. */
export interface TerminalTitle {
  readonly begin: string;
  readonly now: string;
  readonly end: string;
}

/** The parts of the block, from top to bottom. */
export type Part = 'progress' | 'status';

const PARTS: readonly Part[] = ['progress', 'status'];
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const [WRAP_NOT, WRAP] = ['\x1b[?7l', '\x1b[?7h'];
const CLEAR_BELOW = '\r\x1b[J';

/**
 * Lines at the bottom of a terminal that are repainted. The hidden cursor waits in the first cell of the block: a terminal that
 * is resized moves the cursor with the text, so the block is always what is below it. When the program ends, also by a signal
 * other than SIGKILL, the block is removed and the cursor shown. Nothing is painted while another program has the terminal.
 */
export class TerminalBlock {
  readonly #output: Output;
  readonly #signal: AbortSignal;
  readonly #isOthers: () => boolean;
  readonly #lines = new Map<Part, readonly string[]>();
  #marks: TerminalTitle | undefined;
  #isUp = false;
  #isMarked = '';

  /** Nothing is painted after `signal` is aborted, nor while `isOthers` returns true. */
  constructor(output: Output, signal: AbortSignal, isOthers: () => boolean = () => false) {
    this.#output = output;
    this.#signal = signal;
    this.#isOthers = isOthers;
  }

  get columns(): number {
    return this.#output.columns || 80;
  }

  /** Lines that the progress may have: one line stays free, so that nothing scrolls, and the status has its own. */
  get rows(): number {
    return Math.max(1, (this.#output.rows || 24) - 1 - (this.#lines.get('status')?.length ?? 0));
  }

  /** Replaces the lines of a part. Lines must not reach the last column. */
  show(part: Part, lines: readonly string[], marks = this.#marks): void {
    this.#lines.set(part, lines);
    this.#marks = marks;
    this.#paint();
  }

  hide(part: Part): void {
    this.#lines.delete(part);
    if (part === 'progress') this.#unmark();
    this.#paint();
  }

  /** Calls a function that writes whole lines to the terminal, above the block. */
  above(write: () => void): void {
    if (this.#isUp) this.#output.write(CLEAR_BELOW);
    write();
    this.#paint();
  }

  #paint(): void {
    const lines = PARTS.flatMap((part) => this.#lines.get(part) ?? []).slice(0, (this.#output.rows || 24) - 1);
    if (lines.length === 0 || this.#signal.aborted || this.#isOthers()) return this.#leave();
    const begin = this.#isUp ? '' : HIDE_CURSOR;
    if (!this.#isUp) this.#enter();
    // If the terminal has become narrower before the program knows, lines are cut instead of wrapped.
    const text = lines.map((line) => `${line}\x1b[K`).join('\r\n');
    const back = lines.length > 1 ? `\x1b[${lines.length - 1}A` : '';
    this.#output.write(`${begin}${this.#mark()}${WRAP_NOT}\r${text}\x1b[J${WRAP}\r${back}`);
  }

  #mark(): string {
    const { begin = '', now = '' } = this.#marks ?? {};
    if (now === this.#isMarked) return '';
    const isFirst = this.#isMarked === '';
    this.#isMarked = now;
    return isFirst ? begin + now : now;
  }

  #unmark(): void {
    if (this.#isMarked !== '') this.#output.write(this.#marks?.end ?? '');
    this.#isMarked = '';
    this.#marks = undefined;
  }

  #enter(): void {
    this.#isUp = true;
    process.on('exit', this.#leave).on('SIGTSTP', this.#suspend).on('SIGQUIT', this.#quit);
    this.#signal.addEventListener('abort', this.#leave);
  }

  readonly #leave = (): void => {
    this.#unmark();
    if (!this.#isUp) return;
    this.#isUp = false;
    process.off('exit', this.#leave).off('SIGTSTP', this.#suspend).off('SIGQUIT', this.#quit);
    this.#signal.removeEventListener('abort', this.#leave);
    this.#output.write(CLEAR_BELOW + SHOW_CURSOR);
  };

  /** Ctrl-Z: another program has the terminal until this one continues. */
  readonly #suspend = (): void => {
    this.#leave();
    process.once('SIGCONT', () => this.#paint());
    process.kill(process.pid, 'SIGTSTP');
  };

  readonly #quit = (): void => {
    this.#leave();
    process.kill(process.pid, 'SIGQUIT');
  };
}
