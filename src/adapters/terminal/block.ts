import type { Output } from '../process/host.ts';

/** What is written to a terminal beside its text: once at the beginning, then whenever it is another, and at the end. */
export interface TerminalTitle {
  readonly begin: string;
  readonly now: string;
  readonly end: string;
}

/** Who has lines in the block, from above. */
export type Part = 'progress' | 'status';

const PARTS: readonly Part[] = ['progress', 'status'];
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const [WRAP_NOT, WRAP] = ['\x1b[?7l', '\x1b[?7h'];
const CLEAR_BELOW = '\r\x1b[J';

/**
 * Lines at the bottom of a terminal that are painted again and again. Meanwhile the hidden cursor waits in the first cell of the
 * block: wherever a terminal that is resized moves the text, it moves the cursor too, and what is below it is the block.
 * When the program ends, by itself or by a signal that a terminal or a person sends, but for SIGKILL, the block is gone and the
 * cursor is back; while the terminal is somebody else's there is none.
 */
export class TerminalBlock {
  readonly #output: Output;
  readonly #signal: AbortSignal;
  readonly #isOthers: () => boolean;
  readonly #lines = new Map<Part, readonly string[]>();
  #marks: TerminalTitle | undefined;
  #isUp = false;
  #isMarked = '';

  /** Once `signal` is aborted nothing is painted any more; nor while the terminal is somebody else's. */
  constructor(output: Output, signal: AbortSignal, isOthers: () => boolean = () => false) {
    this.#output = output;
    this.#signal = signal;
    this.#isOthers = isOthers;
  }

  get columns(): number {
    return this.#output.columns || 80;
  }

  /** Lines that the progress may have: one stays free, so that nothing scrolls, and those of others. */
  get rows(): number {
    return Math.max(1, (this.#output.rows || 24) - 1 - (this.#lines.get('status')?.length ?? 0));
  }

  /** Shows these lines in the place of those that the part had; they must not reach the last column. */
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

  /** Does something that writes to the terminal itself, whole lines, above the block. */
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
    // Where the terminal has become narrower and nobody knows yet, lines are cut and not wrapped.
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

  /** Ctrl-Z: the terminal is somebody else's until the program goes on. */
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
