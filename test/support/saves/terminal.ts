import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { PATIENCE, until } from './until.ts';

/**
 * A program in a terminal of its own: tmux in its control mode, so that keys and looks at the screen cost no process. The
 * server is this terminal's alone, and ends with the program in it, or when nobody is attached any more.
 */
export class Terminal {
  readonly #tmux: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  readonly #answers: ((lines: readonly string[]) => void)[] = [];
  #hasEnded = false;

  private constructor(tmux: ChildProcessWithoutNullStreams) {
    this.#tmux = tmux;
    this.#ended = new Promise<void>((done, fail) => tmux.on('error', fail).on('exit', () => done())).finally(() => {
      this.#hasEnded = true;
      for (const answer of this.#answers.splice(0)) answer([]);
    });
    // A program that is gone is told by the wait that follows.
    tmux.stdin.on('error', () => undefined);
    this.#listen();
  }

  /** Starts `command` with its arguments. `folder` takes the socket. */
  static async start(command: readonly string[], folder: string, env: NodeJS.ProcessEnv): Promise<Terminal> {
    const size = ['-x', '180', '-y', '24'];
    const args = ['-L', randomUUID().slice(0, 8), '-f', '/dev/null', '-C', 'new-session', ...size, '--', ...command];
    const terminal = new Terminal(spawn('tmux', args, { env: { ...env, TMUX_TMPDIR: folder } }));
    await new Promise<readonly string[]>((done) => terminal.#answers.push(done));
    await terminal.#ask('refresh-client -f no-output');
    await terminal.#ask('set-option destroy-unattached on');
    // Programs take the bytes that follow an escape for one key.
    await terminal.#ask('set-option -s escape-time 0');
    return terminal;
  }

  /** Presses keys: each character one, control characters among them. */
  async press(keys: string): Promise<void> {
    await this.#ask(`send-keys -H ${[...Buffer.from(keys)].map((byte) => byte.toString(16)).join(' ')}`);
  }

  async screen(): Promise<string> {
    return (await this.#ask('capture-pane -p')).join('\n');
  }

  /** Waits for something that the program does. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    await until(
      () => {
        if (this.#hasEnded) throw new Error('the program in the terminal has ended');
        return holds();
      },
      () => this.screen(),
    );
  }

  async untilScreen(shows: RegExp): Promise<void> {
    await this.until(async () => shows.test(await this.screen()));
  }

  /** Leaves the program by its own keys. */
  async close(keys: string): Promise<void> {
    try {
      await this.press(keys);
      await until(
        () => this.#hasEnded,
        () => this.screen(),
      );
    } finally {
      // Nobody is attached then, so that the server ends too.
      if (!this.#hasEnded) this.#tmux.kill('SIGKILL');
      await this.#ended;
    }
  }

  async #ask(command: string): Promise<readonly string[]> {
    if (this.#hasEnded) return [];
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`tmux does not answer to ${command}`)), PATIENCE);
      this.#answers.push((lines) => {
        clearTimeout(timer);
        done(lines);
      });
      this.#tmux.stdin.write(`${command}\n`);
    });
  }

  /** An answer is what stands between `%begin` and `%end`; answers come in the order of the commands. */
  #listen(): void {
    let lines: string[] | undefined;
    createInterface({ input: this.#tmux.stdout }).on('line', (line) => {
      if (/^%(end|error) \d+ \d+ \d+$/.test(line)) {
        this.#answers.shift()?.(lines ?? []);
        lines = undefined;
      } else if (lines !== undefined) lines.push(line);
      else if (line.startsWith('%begin ')) lines = [];
    });
  }
}
