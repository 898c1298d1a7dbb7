import { statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Chain } from './path-chain.ts';

/** File systems that others write to without this kernel seeing it, by the numbers of statfs(2). */
const SILENT: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x786f4256, 'a shared folder of VirtualBox'],
]);

/** Why events do not come, so that somebody has to look at the clock. */
export interface Polling {
  readonly reason: 'refused' | 'silent';
  /** The errno of the kernel, or the kind of the file system. */
  readonly cause: string;
}

/** What lies there never changes. */
const STORE = '/nix/store/';

/**
 * Wakes somebody whenever something happens to files, or to the folders and links that decide which files are meant. An
 * event says no more than that: what happened is told by looking.
 */
export class Watcher {
  readonly #wake: () => void;
  #watched = '';
  #watcher: FSWatcher | undefined;
  #polling: Polling | undefined;
  #ready: Promise<void> = Promise.resolve();

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** `undefined`: events come. */
  get polling(): Polling | undefined {
    return this.#polling;
  }

  /** Resolves when the kernel has been asked to tell. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** Watches these ways, if they are others than before. A folder that was replaced by another one is watched anew. */
  follow(chains: readonly Chain[]): void {
    const hops = chains.flatMap((chain) => chain.hops).filter(({ folder }) => !`${folder}/`.startsWith(STORE));
    const watched = JSON.stringify(hops);
    if (watched === this.#watched) return;
    this.#watched = watched;
    const old = this.#watcher;
    this.#polling = silent(hops.map(({ folder }) => folder));
    const watcher = this.#open(hops);
    this.#watcher = watcher;
    this.#ready = new Promise((resolve) => {
      watcher.once('ready', () => resolve());
      watcher.once('error', () => resolve());
    });
    void old?.close();
  }

  async close(): Promise<void> {
    await this.#watcher?.close();
  }

  #open(hops: Chain['hops']): FSWatcher {
    const folders = new Set(hops.map(({ folder }) => folder));
    const files = new Set(hops.map(({ folder, name }) => join(folder, name)));
    const names = new Set(hops.flatMap(({ folder, name }) => [name, basename(folder)]));
    const watcher = watch([...folders], {
      ignoreInitial: true,
      depth: 0,
      // Each of these would hold events back, and none of them tells when a text is whole.
      atomic: false,
      awaitWriteFinish: false,
      followSymlinks: false,
      ignored: (path) => !folders.has(path) && !files.has(path),
    });
    watcher.on('raw', (_event, path) => {
      if (!path || names.has(basename(path))) this.#wake();
    });
    watcher.on('all', () => this.#wake());
    watcher.on('ready', () => this.#wake());
    watcher.on('error', (error) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      // A folder that is gone is noticed by looking.
      if (code !== 'ENOENT' && this.#watcher === watcher) this.#polling = { reason: 'refused', cause: code };
      this.#wake();
    });
    return watcher;
  }
}

function silent(folders: readonly string[]): Polling | undefined {
  for (const folder of folders) {
    const cause = SILENT.get(fileSystemOf(folder));
    if (cause !== undefined) return { reason: 'silent', cause };
  }
  return undefined;
}

function fileSystemOf(folder: string): number {
  try {
    return statfsSync(folder).type;
  } catch {
    return 0;
  }
}
