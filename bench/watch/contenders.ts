import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../../bin/main.cjs');
const NAMES = ['ggml-a.bin', 'ggml-b.bin', 'ggml-c.bin'] as const;

/** The model that is removed and restored. */
const PRUNED = NAMES[1];

/** The script of a user without a better tool: removes every model whose name does not start a line of the list. */
const SCRIPT = `cd "$1" || exit 1
for model in models/ggml-*.bin; do
  [ -e "$model" ] || continue
  grep -q "^ *\\"\${model#models/}\\"" nix/whisper-manager.nix || rm -f "$model"
done
`;

/** A project, and a program that removes the models that are no longer listed. */
export class Contender {
  readonly name: string;
  readonly path = mkdtempSync(join(tmpdir(), 'whisper-bench-'));
  readonly child: ChildProcess;

  constructor(name: string, start: (path: string) => ChildProcess) {
    this.name = name;
    mkdirSync(join(this.path, 'nix'));
    mkdirSync(join(this.path, 'models'));
    writeFileSync(this.registry, this.text(true));
    for (const each of NAMES) this.#writeModel(each);
    const models = NAMES.map((file) => ({ file, repo: 'a/b', size: 5000 }));
    writeFileSync(join(this.path, 'catalogue.json'), JSON.stringify({ models }));
    const script = join(this.path, 'prune.sh');
    writeFileSync(script, SCRIPT);
    chmodSync(script, 0o755);
    this.child = start(this.path);
  }

  get registry(): string {
    return join(this.path, 'nix', 'whisper-manager.nix');
  }

  get model(): string {
    return join(this.path, 'models', PRUNED);
  }

  text(isOn: boolean): string {
    const lines = NAMES.map((name) => `    ${name === PRUNED && !isOn ? '# ' : ''}"${name}"\n`).join('');
    return `{ pkgs }:\nlet\n  activeModels = [\n${lines}  ];\nin\n{ inherit activeModels; }\n`;
  }

  /** Restores the model, for programs that only remove. */
  restore(): void {
    this.#writeModel(PRUNED);
  }

  close(): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGTERM');
    rmSync(this.path, { recursive: true, force: true });
  }

  #writeModel(name: string): void {
    writeFileSync(join(this.path, 'models', name), Buffer.alloc(5000));
  }
}

/** All programs that are installed, this one first. */
export function contenders(): readonly Contender[] {
  const run = (command: string, args: readonly string[], path: string): ChildProcess => {
    const own = {
      HOME: path,
      WHISPER_MODELS_PATH: join(path, 'models'),
      WHISPER_CATALOG: join(path, 'catalogue.json'),
    };
    return spawn(command, args, {
      cwd: path,
      detached: true,
      env: { ...process.env, ...own },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  };
  const shell = (script: string) => (path: string) => run('sh', ['-c', script], path);
  const loops: Readonly<Record<string, string>> = {
    entr: 'echo nix/whisper-manager.nix | entr -n sh ./prune.sh . >/dev/null 2>&1',
    inotifywait:
      'inotifywait -qm -e close_write -e moved_to nix | while read -r line; do sh ./prune.sh .; done >/dev/null 2>&1',
  };
  return [
    new Contender('whisper watch', (path) => run(process.execPath, [MAIN, 'watch', '--json'], path)),
    ...Object.entries(loops)
      .filter(([name]) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0)
      .map(([name, script]) => new Contender(`${name} + script`, shell(script))),
  ];
}
