import { STORE_DIR, storePathOf, treePathOf } from '../../core/binary-cache/store-path.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import type { Environment } from '../../core/registry/string-value.ts';

/** The path that a model has in a Nix store, `/nix/store` by default. */
export function modelStorePath({ file, sha256 }: Pick<PinnedEntry, 'file' | 'sha256'>, storeDir?: string): string {
  return storePathOf(file, sha256, sha, storeDir);
}

/** The path that a tree has in a Nix store, by its hash as flake.lock has it. */
export function treeStorePath(narHash: string, storeDir: string): string {
  return treePathOf(narHash, sha, storeDir);
}

/** The folder of the user's Nix store. */
export function storeDirOf(environment: Environment): string {
  return environment['NIX_STORE_DIR'] || STORE_DIR;
}

function sha(text: string): Uint8Array {
  // Loaded only here: most commands need no store path, and loading takes a good part of their time.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest();
}
