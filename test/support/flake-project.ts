import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nixIn } from './nix-store.ts';
import { Scratch, type Ran } from './scratch.ts';

const IDENTITY = ['-c', 'user.name=a', '-c', 'user.email=a@b'];

/** A project in a git repository, with a flake.nix, a registry that lists other models, and a Nix store of its own. */
export class FlakeProject {
  readonly scratch: Scratch;
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(scratch: Scratch) {
    this.scratch = scratch;
    this.path = join(scratch.path, 'project');
    this.env = { ...nixIn(join(scratch.path, 'store')), HOME: scratch.path };
  }

  static create(
    t: Parameters<typeof Scratch.create>[0],
    flake: string,
    files: Readonly<Record<string, string>> = {},
  ): FlakeProject {
    const scratch = Scratch.create(t);
    const project = new FlakeProject(scratch);
    const all = { 'flake.nix': flake, 'nix/whisper-manager.nix': '{ activeModels = [ ]; }', ...files };
    for (const [name, text] of Object.entries(all)) scratch.write(`project/${name}`, text);
    project.commit('project');
    return project;
  }

  /** Commits all files of a folder, which becomes a repository. */
  commit(folder: string): void {
    const cwd = join(this.scratch.path, folder);
    if (!existsSync(join(cwd, '.git'))) execFileSync('git', ['init', '--quiet'], { cwd });
    execFileSync('git', ['add', '--all', '--force'], { cwd });
    execFileSync('git', [...IDENTITY, 'commit', '--quiet', '--allow-empty', '--message', 'x'], { cwd });
  }

  /** Locks all inputs and fetches them into the store, as `nix develop` does. */
  lock(): void {
    this.nix('flake', 'lock');
    this.nix('flake', 'archive');
    this.commit('project');
  }

  /** Runs Nix in the project: its standard output. */
  nix(...args: readonly string[]): string {
    return execFileSync('nix', args, { cwd: this.path, env: this.env, stdio: 'pipe', encoding: 'utf8' });
  }

  /** Runs `whisper list` with the output of a flake. */
  async list(
    attr: string,
    { cwd = this.path, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
  ): Promise<Ran> {
    return this.scratch.run(['list', '--json', '--attr', attr], { env: { ...this.env, ...env }, cwd });
  }

  /** The files of the store and the caches that contain a text. */
  copiesOf(text: string): readonly string[] {
    const store = join(this.scratch.path, 'store');
    if (!existsSync(store)) return [];
    return readdirSync(store, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(text));
  }
}
