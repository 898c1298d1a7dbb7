import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { TIMEOUT, until } from './until.ts';

const SIZE: Size = { columns: 180, rows: 24 };
const SETTINGS = [
  'refresh-client -f no-output',
  'set-option destroy-unattached on',
  // Programs take the bytes that follow an escape for one key.
  'set-option -s escape-time 0',
];
const ATTEMPTS = 5;
/** Milliseconds for an answer to each of these. */
const ATTACHING = 3000;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A program in a terminal of its own: tmux in its control mode, so that keys and looks at the screen cost no process. The
 * server is this terminal's alone, and ends with the program in it, or when no client is attached any more.
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
    // The wait that follows reports a program that has ended.
    tmux.stdin.on('error', () => undefined);
    this.#listen();
  }

  /** Starts `command` with its arguments. `folder` takes the socket. */
  static async start(
    command: readonly string[],
    folder: string,
    env: NodeJS.ProcessEnv,
    { columns, rows } = SIZE,
  ): Promise<Terminal> {
    const own = { ...env, TMUX_TMPDIR: folder };
    for (let attempt = 1; ; attempt += 1) {
      const socket = randomUUID().slice(0, 8);
      const args = [
        '-L',
        socket,
        '-f',
        '/dev/null',
        '-C',
        'new-session',
        '-x',
        `${columns}`,
        '-y',
        `${rows}`,
        '--',
        ...command,
      ];
      const terminal = new Terminal(spawn('tmux', args, { env: own }));
      try {
        await terminal.#prepare();
        return terminal;
      } catch (error) {
        // On a busy machine tmux now and then loses what it is asked while it attaches.
        terminal.#tmux.kill('SIGKILL');
        spawnSync('tmux', ['-L', socket, 'kill-server'], { env: own });
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #prepare(): Promise<void> {
    await this.#answer('new-session', ATTACHING);
    for (const command of SETTINGS) await this.#ask(command, ATTACHING);
  }

  /** Presses keys: each character one, control characters among them. */
  async press(keys: string): Promise<void> {
    await this.#ask(`send-keys -H ${[...Buffer.from(keys)].map((byte) => byte.toString(16)).join(' ')}`);
  }

  async screen(): Promise<string> {
    return (await this.#ask('capture-pane -p')).join('\n');
  }

  /** The screen with its colours, as escape sequences. */
  async colours(): Promise<string> {
    return (await this.#ask('capture-pane -ep')).join('\n');
  }

  /** The lines as they were written: one that took several lines of the screen is one. */
  async lines(): Promise<readonly string[]> {
    return (await this.#ask('capture-pane -pJ')).map((line) => line.trimEnd());
  }

  /** Writes everything that the program sends to the terminal from now on into a file. */
  async record(file: string): Promise<void> {
    await this.#ask(`pipe-pane "cat >> '${file}'"`);
  }

  async resize({ columns, rows }: Size): Promise<void> {
    await this.#ask(`resize-window -x ${columns} -y ${rows}`);
  }

  /** What tmux says of the terminal, like `cursor_flag`, `pane_title`. */
  async variable(name: string): Promise<string> {
    return (await this.#ask(`display-message -p '#{${name}}'`)).join('\n');
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

  /** Waits for a screen, and returns it. It may be captured while it is painted: what has to be whole belongs in `shows`. */
  async untilScreen(shows: RegExp): Promise<string> {
    let screen = '';
    await this.until(async () => {
      screen = await this.screen();
      return shows.test(screen);
    });
    return screen;
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
      await this.kill();
    }
  }

  /** Kills the client; the server ends too, because no client is attached. */
  async kill(): Promise<void> {
    if (!this.#hasEnded) this.#tmux.kill('SIGKILL');
    await this.#ended;
  }

  async #ask(command: string, timeout = TIMEOUT): Promise<readonly string[]> {
    if (this.#hasEnded) return [];
    const answer = this.#answer(command, timeout);
    this.#tmux.stdin.write(`${command}\n`);
    return answer;
  }

  async #answer(command: string, timeout: number): Promise<readonly string[]> {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`tmux does not answer to ${command}`)), timeout);
      this.#answers.push((lines) => {
        clearTimeout(timer);
        done(lines);
      });
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
