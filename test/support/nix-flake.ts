import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { after } from 'node:test';
import { nixIn } from './nix-store.ts';
import { withNix } from './nix.ts';
import { npmCache } from './npm-cache.ts';
import { Scratch, type Ran } from './scratch.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const STUBS = join(ROOT, 'test/support');
/** What git does not know, and texts that nothing in the flake reads. */
const LEFT_OUT = /^(\.git|node_modules|dist|build|result(-.*)?|\.(?:direnv|cache)|.*\.tgz|fixtures)$/;
/** The hundreds of texts that only the check of the parser reads. */
const TEXTS = 'grammar-tests';

export interface FlakeOptions {
  /** Builds the program in the store, where the program of this checkout stands in for it otherwise. */
  readonly builds?: boolean;
  /** Whether there is a compiler for WebAssembly, that of this machine. */
  readonly hasCompiler?: boolean;
  /** Whether another flake replaces rust-overlay. */
  readonly withoutRustOverlay?: boolean;
}

/** A flake for all tests of a file, which is made for the first of them. */
export function sharedFlake(options: FlakeOptions = {}): () => NixFlake {
  const ends: (() => void)[] = [];
  let flake: NixFlake | undefined;
  after(() => {
    for (const end of ends) end();
  });
  return () => (flake ??= NixFlake.create({ after: (end) => ends.push(end) }, options));
}

/**
 * A copy of this project as a flake, with its own Nix store and a stub that replaces nixpkgs. Its inputs are locked, so
 * commands are as people write them.
 */
export class NixFlake {
  readonly scratch: Scratch;
  readonly path: string;
  readonly nixpkgs: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(scratch: Scratch) {
    this.scratch = scratch;
    this.path = join(scratch.path, 'whisper');
    this.nixpkgs = join(scratch.path, 'nixpkgs');
    const nix = nixIn(join(scratch.path, 'store'));
    const NIX_CONFIG = `${nix['NIX_CONFIG']}\nfsync-metadata = false\ndownload-attempts = 1`;
    this.#env = { ...nix, NIX_CONFIG, HOME: join(scratch.path, 'home') };
  }

  static create(t: Parameters<typeof Scratch.create>[0], options: FlakeOptions = {}): NixFlake {
    const flake = new NixFlake(Scratch.create(t));
    const { scratch } = flake;
    const { hasCompiler = false } = options;
    for (const folder of ['home', 'store']) mkdirSync(join(scratch.path, folder));
    cpSync(ROOT, flake.path, {
      recursive: true,
      filter: (source) =>
        source === ROOT || !(LEFT_OUT.test(basename(source)) || (!hasCompiler && basename(source) === TEXTS)),
    });
    cpSync(join(STUBS, 'nixpkgs'), flake.nixpkgs, { recursive: true });
    const program = options.builds === true ? { npmCache: npmCache() } : { checkout: ROOT };
    const host = { path: withNix().PATH, hasCompiler, ...program };
    scratch.write('nixpkgs/host.json', JSON.stringify(host));
    cpSync(join(STUBS, 'rust-overlay'), join(scratch.path, 'rust-overlay'), { recursive: true });
    if (options.withoutRustOverlay === true) scratch.write('rust-overlay/flake.nix', '{ outputs = _: { }; }');
    flake.#lock();
    return flake;
  }

  /** Runs a command line in the flake, or in another folder of the scratch project. */
  async sh(
    command: string,
    { cwd = this.path, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
  ): Promise<Ran> {
    return new Promise((done) => {
      const child = execFile(
        '/bin/bash',
        ['-c', command],
        { cwd, env: { ...this.#env, ...env }, maxBuffer: 64 << 20 },
        (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
      child.stdin?.end();
    });
  }

  /** The same, for what has to succeed: its standard output. */
  async out(command: string, options: { cwd?: string; env?: Record<string, string> } = {}): Promise<string> {
    const { code, stdout, stderr } = await this.sh(command, options);
    assert.equal(code, 0, `${command}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Builds something; the path of its first output. */
  async build(what: string, options: { env?: Record<string, string> } = {}): Promise<string> {
    const built = JSON.parse(await this.out(`nix build --json --no-link ${what}`, options)) as readonly {
      readonly outputs: { readonly out: string };
    }[];
    return built[0]?.outputs.out ?? '';
  }

  read(path: string): string {
    return readFileSync(join(this.path, path), 'utf8');
  }

  /** Forgets all that was built or fetched, as another machine would know nothing of it. */
  emptyStore(): void {
    const store = join(this.scratch.path, 'store');
    execFileSync('chmod', ['-R', 'u+w', store]);
    rmSync(store, { recursive: true });
    mkdirSync(store);
  }

  #lock(): void {
    const inputs = ['nixpkgs', 'rust-overlay'].flatMap((name) => [
      '--override-input',
      name,
      `path:${join(this.scratch.path, name)}`,
    ]);
    execFileSync('nix', ['flake', 'lock', ...inputs], { cwd: this.path, env: this.#env, stdio: 'pipe' });
  }
}
