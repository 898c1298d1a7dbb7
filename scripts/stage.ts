import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { width } from '../src/adapters/terminal/cells.ts';
import { FakeHub } from '../test/support/fake-hub/fake-hub.ts';
import { Terminal, type Size } from '../test/support/saves/terminal.ts';
import { terminalSvg } from './terminal-svg.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const REPO = 'ggerganov/whisper.cpp';
const REVISION = '5359861c739e955e79d9a303bcbc70fb988958b1';
// Real names and sizes; the bytes are made up.
const SIZES = {
  'ggml-tiny.en-q5_1.bin': 32_166_155,
  'ggml-base.en-q5_1.bin': 59_721_011,
  'ggml-small.en-q5_1.bin': 190_098_681,
};
const REGISTRY = `{ pkgs }:
let
  activeModels = [
    "ggml-base.en-q5_1.bin"        # keep this
    # "ggml-small.en-q5_1.bin"     # commented out = will be pruned
  ];
in
{ inherit activeModels; }
`;

// What is played edits files: never but in the folder that was made for it.
const START = 'cd "$1" && exec bash --norc --noprofile';

/** A shell in a terminal of its own, in a project with the built program and a hub on this machine. */
export class Stage {
  readonly #terminal: Terminal;
  readonly #size: Size;
  readonly #prompts: string;
  #typed = 0;

  private constructor(terminal: Terminal, size: Size, prompts: string) {
    this.#terminal = terminal;
    this.#size = size;
    this.#prompts = prompts;
  }

  /** Sets a stage up, plays on it, and takes everything away again. */
  static async play(size: Size, scene: (stage: Stage) => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'whisper-pictures-'));
    const hub = await FakeHub.start();
    // Of each connection; so a download takes as long as on a good line.
    hub.bytesPerSecond = 12_000_000;
    try {
      const prompts = join(folder, 'prompts');
      const terminal = await Terminal.start(
        ['sh', '-c', START, 'sh', join(folder, 'subtitles')],
        folder,
        prepare(folder, hub, prompts),
        size,
      );
      const stage = new Stage(terminal, size, prompts);
      try {
        await stage.#untilPrompt();
        await scene(stage);
      } finally {
        // What runs still is interrupted; a picker needs no more than that.
        await terminal.press('\x03');
        await terminal.close('\rexit\r');
      }
    } finally {
      await hub.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    }
  }

  /** Types a command and waits for its end. */
  async run(command: string): Promise<void> {
    await this.#terminal.press(`${command}\r`);
    await this.#untilPrompt();
  }

  /** Presses keys and waits for what they bring to the screen. */
  async press(keys: string, shows: RegExp): Promise<void> {
    await this.#terminal.press(keys);
    await this.#terminal.untilScreen(shows);
  }

  async draw(name: string, title: string): Promise<void> {
    const screen = (await this.#terminal.colours()).replace(/\n[$] *$/, '');
    const folder = join(ROOT, 'docs/pictures');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.svg`), terminalSvg(screen, this.#size.columns, title, width));
  }

  /** The shell adds a line to a file before each prompt. */
  async #untilPrompt(): Promise<void> {
    this.#typed += 1;
    await this.#terminal.until(
      () => existsSync(this.#prompts) && readFileSync(this.#prompts, 'utf8').length >= this.#typed,
    );
    await this.#terminal.untilScreen(/(^|\n)\$ *\n*$/);
  }
}

function prepare(folder: string, hub: FakeHub, prompts: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  const project = join(folder, 'subtitles');
  for (const path of [bin, join(project, 'nix')]) mkdirSync(path, { recursive: true });
  const main = join(ROOT, 'dist/bin/main.cjs');
  writeFileSync(join(bin, 'whisper'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 });
  writeFileSync(join(project, 'nix/whisper-manager.nix'), REGISTRY);
  execFileSync('git', ['init', '--quiet', project]);
  const models = Object.entries(SIZES).map(([file, size], seed) => {
    const { sha256 } = hub.put({ repo: REPO, path: file, revision: REVISION, content: { size, seed } });
    return { file, repo: REPO, revision: REVISION, size, sha256 };
  });
  const catalogue = join(folder, 'catalogue.json');
  writeFileSync(catalogue, JSON.stringify({ models }));
  return {
    HOME: folder,
    LANG: 'C.UTF-8',
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    PS1: '$ ',
    PROMPT_COMMAND: `printf . >> '${prompts}'`,
    HF_ENDPOINT: hub.endpoint,
    WHISPER_CATALOG: catalogue,
  };
}
