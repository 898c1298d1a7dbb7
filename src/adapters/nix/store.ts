import { shownAddress } from '../../core/binary-cache/substituters.ts';
import type { WhisperError } from '../../core/errors.ts';
import { plain } from '../../core/evaluation/nix-log.ts';
import { pushFailed } from '../../core/messages/cache.ts';
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

const KINDS = [
  [/No space left on device/i, 'no-space'],
  [/Permission denied|Read-only file system|not permitted/i, 'no-permission'],
] as const;

/** The error for a Nix command that could not write to `target`. */
function nixPushFailed(stderr: string, target: string): WhisperError {
  const lines = plain(stderr).split('\n');
  const last = lines.findLast((line) => line.startsWith('error:')) ?? lines.findLast((line) => line.trim() !== '');
  const said = shownAddress((last ?? 'no output').replace(/^error:\s*/, ''));
  const [, code = 'push-failed'] = KINDS.find(([pattern]) => pattern.test(stderr)) ?? [];
  return pushFailed(code, target, said);
}
