import { storePathOf } from '../../core/binary-cache/store-path.ts';
import type { PinnedEntry } from '../../core/models/entries.ts';

/** The path that a model has in the store of a Nix, `/nix/store` unless another one is named. */
export function modelStorePath({ file, sha256 }: Pick<PinnedEntry, 'file' | 'sha256'>, storeDir?: string): string {
  // Loading it takes a good part of the time of a command that only looks, and most of them need no store path.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return storePathOf(file, sha256, (text) => createHash('sha256').update(text).digest(), storeDir);
}
