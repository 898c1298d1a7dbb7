import { STORE_DIR, storePathOf } from '../../core/binary-cache/store-path.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import type { Environment } from '../../core/registry/string-value.ts';

/** The path that a model has in a Nix store, `/nix/store` by default. */
export function modelStorePath({ file, sha256 }: Pick<PinnedEntry, 'file' | 'sha256'>, storeDir?: string): string {
  return storePathOf(file, sha256, storeDir);
}

/** The folder of the user's Nix store. */
export function storeDirOf(environment: Environment): string {
  return environment['NIX_STORE_DIR'] || STORE_DIR;
}
