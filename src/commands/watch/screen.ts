import type { Host } from '../../adapters/process/host.ts';
import { cut, hanging } from '../../adapters/terminal/cells.ts';
import { columnsOf } from '../../adapters/terminal/display.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { formatSeconds } from '../../core/quantity.ts';
import type { Reporter } from '../session/context.ts';

/** The terminal of a watch session: a log, and a countdown below it while removed models can be restored. */
export class WatchScreen {
  readonly #host: Host;
  readonly #reporter: Reporter;
  readonly #style: Style;
  #until: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: Host, reporter: Reporter, style: Style) {
    this.#host = host;
    this.#reporter = reporter;
    this.#style = style;
  }

  line(text: string): void {
    const time = new Date().toTimeString().slice(0, 8);
    this.text(`${this.#style('dim', time)}  ${text}\n`);
  }

  text(text: string): void {
    const columns = columnsOf(this.#host.stdout);
    const laid = text.split('\n').flatMap((line) => hanging(line, columns));
    this.#reporter.aside(() => void this.#host.stdout.write(laid.join('\n')));
  }

  /** Until when removed models can be restored, on the clock of `performance.now()`. */
  undoUntil(until: number | undefined): void {
    if (this.#until === until) return;
    this.#until = until;
    clearInterval(this.#timer);
    // No timer runs without a countdown.
    if (until !== undefined) this.#timer = setInterval(() => this.#draw(), 1000).unref();
    this.#draw();
  }

  close(): void {
    this.undoUntil(undefined);
  }

  #draw(): void {
    if (this.#until === undefined) return this.#reporter.status(undefined);
    const left = formatSeconds(Math.max(0, this.#until - performance.now()) / 1000);
    const line = cut(`u restores the removed models, for ${left}`, (this.#host.stderr.columns || 80) - 1);
    this.#reporter.status(this.#style('dim', line));
  }
}
