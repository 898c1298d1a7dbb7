import type { Output } from '../../adapters/process/host.ts';
import type { Frame } from './frame.ts';

const [HIDE, SHOW, ERASE_LINE, ERASE_BELOW] = ['\x1b[?25l', '\x1b[?25h', '\x1b[K', '\x1b[J'];
/** Has the terminal say what is pasted, and no more. */
const [MARK_PASTES, MARK_NO_PASTES] = ['\x1b[?2004h', '\x1b[?2004l'];

/**
 * Paints one frame over the other, each in one write. The cursor rests in the first line: wherever a terminal that gets another
 * width wraps the old lines to, all of them are below it.
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
    // Lines that the terminal has wrapped would be joined again when it gets wider, whatever is written over them.
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

  /** To where the frame begins: on a terminal that became narrower than what is typed, the cursor has gone down. */
  #home(columns: number): string {
    const down = Math.floor((this.#cursor ?? 0) / Math.max(1, columns));
    return down > 0 ? `\r\x1b[${down}A` : '\r';
  }
}
