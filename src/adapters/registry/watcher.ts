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

/** Why there are no events, so that the files have to be polled. */
export interface Polling {
  readonly reason: 'refused' | 'silent';
  /** The errno of the kernel, or the kind of the file system. */
  readonly cause: string;
}

/** Files there never change. */
const STORE = '/nix/store/';

/** Calls back when anything happens to files, or to folders and links on their paths. It does not say what: the caller reads the files. */
export class Watcher {
  readonly #wake: () => void;
  #watched = '';
  #watcher: FSWatcher | undefined;
  #polling: Polling | undefined;
  #ready: Promise<void> = Promise.resolve();

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** `undefined`: events arrive. */
  get polling(): Polling | undefined {
    return this.#polling;
  }

  get ready(): Promise<void> {
    return this.#ready;
  }

  /** Watches these paths, if they have changed. A replaced folder is watched again. */
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
      // Each of these would delay events, and none detects when a text is complete.
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
