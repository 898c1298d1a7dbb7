import { nixPushFailed } from '../../core/binary-cache/push-error.ts';
import { findNix, type NixHost } from './find-nix.ts';
import { runUnlimited } from '../process/run-program.ts';

export class NixStore {
  readonly #host: NixHost;
  readonly #store: string;
  readonly #nix: string;

  /** Throws `nix-missing` (exit 3) where there is no Nix. */
  constructor(host: NixHost) {
    this.#host = host;
    this.#store = findNix(host.environment, 'nix-store', 'push');
    this.#nix = findNix(host.environment, 'nix', 'push');
  }

  /** Copies a file into the store, and returns its store path there. Throws errors of exit code 6. */
  async add(path: string): Promise<string> {
    return (await this.#run(this.#store, ['--add-fixed', 'sha256', path], 'the Nix store')).trim();
  }

  /** Copies store paths to a binary cache, those that it does not have yet. */
  async copy(paths: readonly string[], address: string, shown: string): Promise<void> {
    const features = ['--extra-experimental-features', 'nix-command'];
    await this.#run(this.#nix, [...features, 'copy', '--to', address, ...paths], shown);
  }

  async #run(file: string, args: readonly string[], target: string): Promise<string> {
    const { environment, cwd, signal } = this.#host;
    const { ended, stdout, stderr } = await runUnlimited(file, args, { cwd, env: environment }, signal);
    if (ended !== 'well') throw nixPushFailed(stderr, target);
    return stdout;
  }
}
