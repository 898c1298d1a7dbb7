import type { Output } from '../process/host.ts';

/** Sequences beside the text, like a title: once at the beginning, then whenever they change, and at the end. */
export interface TerminalSequences {
  readonly begin: string;
  readonly now: string;
  readonly end: string;
}

/** The parts of the block, from top to bottom. */
export type Part = 'picker' | 'progress' | 'status';

const PARTS: readonly Part[] = ['picker', 'progress', 'status'];
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const [WRAP_NOT, WRAP] = ['\x1b[?7l', '\x1b[?7h'];
const CLEAR_BELOW = '\x1b[J';

/**
 * Lines at the bottom of a terminal that are repainted. The cursor waits in the first line of the block: a terminal that is
 * resized moves the cursor with the text, so the block is always what is below it. It is hidden, unless a part shows it. When the program ends, also by a signal
 * other than SIGKILL, the block is removed and the cursor shown. Nothing is painted while another program has the terminal.
 */
export class TerminalBlock {
  readonly #output: Output;
  readonly #signal: AbortSignal;
  readonly #isOthers: () => boolean;
  readonly #lines = new Map<Part, readonly string[]>();
  #sequences: TerminalSequences | undefined;
  #isUp = false;
  /** The column of the cursor where a part shows it. */
  #cursor: number | undefined;
  #painted = { cursor: 0, columns: 0 };
  #sent = '';

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

  /** Replaces the lines of a part. Lines must not reach the last column. `cursor`: its column in the first line, to show it. */
  show(part: Part, lines: readonly string[], marks = this.#sequences, cursor?: number): void {
    this.#lines.set(part, lines);
    this.#sequences = marks;
    this.#cursor = cursor;
    this.#paint();
  }

  hide(part: Part): void {
    this.#lines.delete(part);
    if (part !== 'status') this.#endSequences();
    this.#paint();
  }

  above(write: () => void): void {
    if (this.#isUp) this.#output.write(this.#home() + CLEAR_BELOW);
    write();
    this.#paint();
  }

  #paint(): void {
    const lines = PARTS.flatMap((part) => this.#lines.get(part) ?? []).slice(0, (this.#output.rows || 24) - 1);
    if (lines.length === 0 || this.#signal.aborted || this.#isOthers()) return this.#leave();
    const { columns } = this;
    const cursor = this.#cursor ?? 0;
    const [hide, show] = this.#cursor === undefined ? [this.#isUp ? '' : HIDE_CURSOR, ''] : [HIDE_CURSOR, SHOW_CURSOR];
    // A terminal that gets wider joins lines that it has wrapped, even if they were overwritten.
    const clean = this.#isUp && this.#painted.columns !== columns ? CLEAR_BELOW : '';
    const home = this.#home();
    if (!this.#isUp) this.#enter();
    // If the terminal has become narrower before the program knows, lines are cut instead of wrapped.
    const text = lines.map((line) => `${line}\x1b[K`).join('\r\n');
    const back = lines.length > 1 ? `\x1b[${lines.length - 1}A` : '';
    const right = cursor > 0 ? `\x1b[${cursor}C` : '';
    const start = `${hide}${this.#changed()}${WRAP_NOT}${home}${clean}`;
    this.#output.write(`${start}${text}${CLEAR_BELOW}${WRAP}\r${back}${right}${show}`);
    this.#painted = { cursor, columns };
  }

  /** To the first cell: in a terminal that became narrower than the cursor's column, the cursor has moved down. */
  #home(): string {
    const down = Math.floor(this.#painted.cursor / this.columns);
    return this.#isUp && down > 0 ? `\r\x1b[${down}A` : '\r';
  }

  #changed(): string {
    const { begin = '', now = '' } = this.#sequences ?? {};
    if (now === this.#sent) return '';
    const isFirst = this.#sent === '';
    this.#sent = now;
    return isFirst ? begin + now : now;
  }

  #endSequences(): void {
    if (this.#sent !== '') this.#output.write(this.#sequences?.end ?? '');
    this.#sent = '';
    this.#sequences = undefined;
  }

  #enter(): void {
    this.#isUp = true;
    process.on('exit', this.#leave).on('SIGTSTP', this.#suspend).on('SIGQUIT', this.#quit);
    this.#signal.addEventListener('abort', this.#leave);
  }

  readonly #leave = (): void => {
    this.#endSequences();
    if (!this.#isUp) return;
    const home = this.#home();
    this.#isUp = false;
    process.off('exit', this.#leave).off('SIGTSTP', this.#suspend).off('SIGQUIT', this.#quit);
    this.#signal.removeEventListener('abort', this.#leave);
    this.#output.write(home + CLEAR_BELOW + SHOW_CURSOR);
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
