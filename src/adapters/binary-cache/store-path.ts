import { storePathOf } from '../../core/binary-cache/store-path.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';

/** The path that a model has in a Nix store, `/nix/store` by default. */
export function modelStorePath({ file, sha256 }: Pick<PinnedEntry, 'file' | 'sha256'>, storeDir?: string): string {
  // Loaded only here: most commands need no store path, and loading takes a good part of their time.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return storePathOf(file, sha256, (text) => createHash('sha256').update(text).digest(), storeDir);
}
