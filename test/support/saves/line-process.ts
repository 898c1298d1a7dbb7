import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

/** A program that stays open and does something for each line that it is given, saying a line when it has. */
export class LineProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #ended: Promise<void>;
  #complaints = '';

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(command, [...args], { env });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#complaints += text));
    this.#child.stdin.on('error', (error) => (this.#complaints += error.message));
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#ended = new Promise((done, fail) => this.#child.on('error', fail).on('close', () => done()));
  }

  /** Gives it a line, and waits until it says `answer`. */
  async ask(line: string, answer: string): Promise<void> {
    const said = once(this.#lines, 'line') as Promise<[string]>;
    this.#child.stdin.write(`${line}\n`);
    const [text] = (await Promise.race([said, this.#ended])) ?? ['nothing'];
    if (text !== answer) throw new Error(`${this.#child.spawnfile} said ${text}, not ${answer}: ${this.#complaints}`);
  }

  /** It ends when there are no more lines. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }
}
