import assert from 'node:assert/strict';
import {
  type ChildProcess,
  execFileSync,
  spawn,
  spawnSync,
  type ChildProcessWithoutNullStreams,
} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fakeHost } from './fake-host.ts';
import { AS_PLAIN_USER, isRoot } from './needs.ts';
import { MAIN, released } from './released.ts';
import type { RunOptions, SpawnOptions } from './run-options.ts';

/** What a run of the program printed, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PREFIX = 'whisper-test-';

/**
 * A project of its own in a temporary folder, for one test. Everything that it reads or writes is checked to lie in there,
 * because what is tested deletes files and edits sources.
 */
export class Scratch {
  readonly path: string;
  readonly #mounted: string[] = [];
  readonly #started = new Set<ChildProcess>();

  private constructor(path: string) {
    this.path = path;
  }

  static create(t: { after(end: () => void): void }): Scratch {
    const scratch = new Scratch(mkdtempSync(join(tmpdir(), PREFIX)));
    t.after(() => scratch.#removeAll());
    return scratch;
  }

  get models(): string {
    return join(this.path, 'models');
  }

  get registry(): string {
    return join(this.path, 'nix', 'whisper-manager.nix');
  }

  /** Writes a file, with its folders. */
  write(path: string, content: string | Uint8Array, mode?: number): string {
    const file = this.#inside(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    if (mode !== undefined) chmodSync(file, mode);
    return file;
  }

  /** Writes the registry with a plain list of these file names, or as the given text. */
  writeRegistry(content: readonly string[] | string): string {
    const list = typeof content === 'string' ? '' : content.map((name) => `    "${name}"\n`).join('');
    const text =
      typeof content === 'string'
        ? content
        : `{ pkgs }:\nlet\n  activeModels = [\n${list}  ];\nin\n{ inherit activeModels; }\n`;
    return this.write(this.registry, text);
  }

  writeModel(name: string, content: Uint8Array): string {
    return this.write(join(this.models, name), content);
  }

  /** Mounts a file system in memory over a folder until the test ends; `size` is such as `256k`. */
  mountMemory(path: string, size: string): string {
    const folder = this.#inside(path);
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    this.#mounted.push(folder);
    return folder;
  }

  /** What `WHISPER_CATALOG` names. */
  writeCatalogue(models: readonly object[]): string {
    return this.write('catalogue.json', JSON.stringify({ models }));
  }

  read(path: string): string {
    return readFileSync(this.#inside(path), 'utf8');
  }

  exists(path: string): boolean {
    return existsSync(this.#inside(path));
  }

  /** The model files that are there, sorted. */
  modelNames(): readonly string[] {
    return existsSync(this.models)
      ? readdirSync(this.models)
          .filter((name) => name !== '.whisper')
          .toSorted()
      : [];
  }

  /**
   * Every file below the scratch folder but locks, with mode, size, time and content, to tell that nothing moved. What Node
   * compiles of an installed program is in the cache of the user.
   */
  snapshot(): Readonly<Record<string, string>> {
    const all = readdirSync(this.path, { recursive: true, withFileTypes: true });
    const compiled = join(this.path, '.cache/whisper/code');
    const files = all.filter(
      (entry) => entry.isFile() && entry.name !== 'lock' && !`${entry.parentPath}${sep}`.startsWith(compiled + sep),
    );
    return Object.fromEntries(
      files.map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const { mode, mtimeMs } = statSync(path);
        return [path, `${mode.toString(8)} ${mtimeMs} ${readFileSync(path).toString('base64')}`];
      }),
    );
  }

  /** Runs the released program in this process. Waits inside it take no time. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const { env = {}, cwd = this.path, ...more } = options;
    const { host, printed } = fakeHost(args, { ...this.environment, ...env }, this.#inside(cwd), more);
    const code = await released().main(host);
    return { code, ...printed };
  }

  /** Starts the built program as a process of its own. */
  start(args: readonly string[], options: SpawnOptions = {}): ChildProcessWithoutNullStreams {
    const main = options.main ?? MAIN;
    assert.ok(existsSync(main), 'build the project first: npm run build');
    const [program, ...before] =
      options.asPlainUser === true ? [...AS_PLAIN_USER, process.execPath] : [process.execPath];
    const child = spawn(program ?? '', [...before, main, ...args], {
      cwd: this.#inside(options.cwd ?? this.path),
      env: { PATH: process.env['PATH'], ...this.environment, ...options.env },
      ...(options.killAfter !== undefined && { timeout: options.killAfter, killSignal: 'SIGKILL' }),
    });
    this.#started.add(child);
    return child;
  }

  /** The same, to its end. */
  async spawn(args: readonly string[], options: SpawnOptions = {}): Promise<Ran> {
    const child = this.start(args, options);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.stdin.end(options.stdin ?? '');
    const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
    return { code, stdout, stderr };
  }

  /** The environment of each run of the program. */
  get environment(): Readonly<Record<string, string>> {
    return { HOME: this.path, WHISPER_MODELS_PATH: this.models, HF_ENDPOINT: 'http://127.0.0.1:9' };
  }

  #inside(path: string): string {
    const absolute = resolve(this.path, path);
    const isScratch = basename(this.path).startsWith(PREFIX) && this.path.startsWith(tmpdir());
    const isInside = absolute === this.path || absolute.startsWith(this.path + sep);
    assert.ok(isScratch && isInside, `outside of the scratch folder: ${absolute}`);
    return absolute;
  }

  #removeAll(): void {
    // A session may still write to the folder, which then cannot be removed.
    for (const child of this.#started) child.kill('SIGKILL');
    for (const folder of this.#mounted) execFileSync('umount', ['-l', folder]);
    // What is in a Nix store is read-only.
    if (!isRoot) spawnSync('chmod', ['-R', 'u+w', this.path]);
    rmSync(this.#inside('.'), { recursive: true, force: true, maxRetries: 20, retryDelay: 10 });
  }
}
