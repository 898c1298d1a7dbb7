import type { Host } from '../adapters/host.ts';
import type { Talk } from '../commands/session.ts';
import { formatSeconds } from './progress.ts';
import type { Style } from './style.ts';

/** The terminal of a watch session: lines that stay, and one below them that counts down while something can be undone. */
export class WatchScreen {
  readonly #host: Host;
  readonly #style: Style;
  readonly #hasStatus: boolean;
  #until: number | undefined;
  #isDrawn = false;
  #timer: NodeJS.Timeout | undefined;
  #isLoading = false;

  constructor(host: Host, style: Style, isQuiet: boolean) {
    this.#host = host;
    this.#style = style;
    this.#hasStatus = host.stderr.isTTY === true && host.environment['TERM'] !== 'dumb' && !isQuiet;
  }

  /** A line of what happened, with the time of day. */
  line(text: string): void {
    const time = new Date().toTimeString().slice(0, 8);
    this.text(`${this.#style('dim', time)}  ${text}\n`);
  }

  text(text: string): void {
    this.#clear();
    this.#host.stdout.write(text);
    this.#draw();
  }

  /** Until when something can be given back, on the clock of `performance.now()`. */
  undoUntil(until: number | undefined): void {
    if (this.#until === until) return;
    this.#until = until;
    clearInterval(this.#timer);
    // Nothing ticks while there is nothing to count.
    if (until !== undefined && this.#hasStatus) this.#timer = setInterval(() => this.#draw(), 1000).unref();
    this.#clear();
    this.#draw();
  }

  /** The talk of the session's commands, which must not be written into the line below. */
  talk(talk: Talk): Talk {
    const around = (work: () => void): void => {
      this.#clear();
      work();
      this.#draw();
    };
    return {
      ...talk,
      notice: (text) => around(() => talk.notice(text)),
      log: (level, event, fields) => around(() => talk.log(level, event, fields)),
      progress: (name, received, size) => {
        this.#clear();
        this.#isLoading = true;
        talk.progress(name, received, size);
      },
      progressEnd: () => {
        this.#isLoading = false;
        around(() => talk.progressEnd());
      },
    };
  }

  close(): void {
    this.undoUntil(undefined);
  }

  #draw(): void {
    if (this.#until === undefined || !this.#hasStatus || this.#isLoading) return;
    const left = formatSeconds(Math.max(0, this.#until - performance.now()) / 1000);
    this.#host.stderr.write(`\r${this.#style('dim', `u undoes the last removal, for ${left}`)}\x1b[K`);
    this.#isDrawn = true;
  }

  #clear(): void {
    if (this.#isDrawn) this.#host.stderr.write('\r\x1b[K');
    this.#isDrawn = false;
  }
}
