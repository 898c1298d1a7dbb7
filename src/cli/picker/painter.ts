import type { Output } from '../../adapters/process/host.ts';
import type { Frame } from './frame.ts';

const [HIDE, SHOW, ERASE_LINE, ERASE_BELOW] = ['\x1b[?25l', '\x1b[?25h', '\x1b[K', '\x1b[J'];
/** Turns on and off that the terminal marks pasted text. */
const [MARK_PASTES, MARK_NO_PASTES] = ['\x1b[?2004h', '\x1b[?2004l'];

/**
 * Paints each frame over the last, in one write. The cursor rests in the first line: when a resized terminal wraps the old
 * lines, all of them are below it.
 */
export class Painter {
  readonly #output: Output;
  #cursor: number | undefined;
  #columns = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  paint({ lines, cursor }: Frame, columns: number): void {
    const text = lines.map((line) => line + ERASE_LINE).join('\r\n');
    const back = lines.length > 1 ? `\x1b[${lines.length - 1}A` : '';
    const right = cursor > 0 ? `\x1b[${cursor}C` : '';
    // A terminal that gets wider joins lines that it has wrapped, even if they were overwritten.
    const clean = this.#columns === columns ? '' : ERASE_BELOW;
    const first = this.#cursor === undefined ? MARK_PASTES : '';
    this.#output.write(`${first}${HIDE}${this.#home(columns)}${clean}${text}${ERASE_BELOW}\r${back}${right}${SHOW}`);
    this.#cursor = cursor;
    this.#columns = columns;
  }

  /** Leaves the screen as it was before the first frame. */
  erase(): void {
    if (this.#cursor !== undefined)
      this.#output.write(`${this.#home(this.#output.columns || 80)}${ERASE_BELOW}${MARK_NO_PASTES}`);
    this.#cursor = undefined;
  }

  /** Moves to where the frame begins: in a terminal that became narrower than the cursor's column, the cursor has moved down. */
  #home(columns: number): string {
    const down = Math.floor((this.#cursor ?? 0) / Math.max(1, columns));
    return down > 0 ? `\r\x1b[${down}A` : '\r';
  }
}
