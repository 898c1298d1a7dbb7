import { type BigIntStats, existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readComplaint } from '../../core/binary-cache/narinfo.ts';
import { STORE_DIR } from '../../core/binary-cache/store-path.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import type { LocalCopy } from '../../core/plan/plan.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import { modelStorePath } from '../binary-cache/cache.ts';
import { isSameDisk } from '../fs/identity.ts';
import { hubCacheFolder } from '../fs/user-folders.ts';
import { findNix, type NixHost } from '../nix/find-nix.ts';
import { runUnlimited } from '../process/run-program.ts';
import { knownModelsFolders } from './known-folders.ts';

/**
 * Files of this machine that may have the bytes of models: in the cache of the Hugging Face tools, whose blobs are named by
 * their sha256, in the store of Nix, and in other models directories. They are looked at, not opened; `target` is where they would go to.
 */
export function findCandidates(
  entries: readonly PinnedEntry[],
  { environment, cwd }: { readonly environment: Environment; readonly cwd: string },
  target: string,
): readonly LocalCopy[] {
  if (entries.length === 0) return [];
  const disk = diskOf(target);
  const blobs = blobFolders(hubCacheFolder(environment, cwd));
  const folders = knownModelsFolders(environment);
  const store = environment['NIX_STORE_DIR'] || STORE_DIR;
  const hasStore = existsSync(store);
  return entries.flatMap((entry) => [
    ...blobs.flatMap((folder) => inspect(entry, join(folder, entry.sha256), true, disk) ?? []),
    ...[
      ...(hasStore ? [modelStorePath(entry, store)] : []),
      ...folders.map((folder) => join(folder, entry.file)),
    ].flatMap((path) => inspect(entry, path, false, disk) ?? []),
  ]);
}

function inspect(
  { file, size }: PinnedEntry,
  path: string,
  isBlob: boolean,
  disk: BigIntStats | undefined,
): LocalCopy | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (!found?.isFile() || found.size !== BigInt(size)) return undefined;
    // A link may lead to a file of any kind, of which nobody knows who writes it.
    const isOwnBlob = isBlob && lstatSync(path).isFile();
    // Two names of one file are safe only where nobody will ever write it.
    const isLasting = Number(found.uid) === process.getuid?.() && (isOwnBlob || (Number(found.mode) & 0o222) === 0);
    return { name: file, path: realpathSync(path), mayLink: isLasting && isSameDisk(found, disk) };
  } catch {
    // What cannot be looked at cannot be adopted.
    return undefined;
  }
}

/** Blobs of any repository: the same bytes may be in several. */
function blobFolders(cache: string): readonly string[] {
  try {
    const repos = readdirSync(cache).filter((name) => name.startsWith('models--'));
    return repos.toSorted().map((repo) => join(cache, repo, 'blobs'));
  } catch {
    // No cache, or none that may be read.
    return [];
  }
}

/** Something on the file system that a folder is on, or will be. */
function diskOf(folder: string): BigIntStats | undefined {
  const found = statSync(folder, { throwIfNoEntry: false, bigint: true });
  return found ?? (dirname(folder) === folder ? undefined : diskOf(dirname(folder)));
}

/** The store of the Nix of this machine. */
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

  /** Copies a file into the store, and returns its store path there. Throws as `readComplaint` has it. */
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
    if (ended !== 'well') throw readComplaint(stderr, target);
    return stdout;
  }
}
