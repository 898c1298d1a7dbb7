import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { invalidLockFile } from '../core/messages/edits.ts';
import { LOCK_FILE } from '../core/models/lock-file.ts';
import { isInStore } from '../core/nix/store.ts';
import { readWhole } from './whole-file.ts';

/** The lock file of a registry as it is now. */
export interface LockFile {
  readonly path: string;
  /** `undefined`: there is none, and `path` is where it would be. */
  readonly text: string | undefined;
}

/**
 * The lock file beside a registry; where the registry is a link, else the one beside what it leads to. One that is not there
 * yet belongs beside the file itself, where Nix looks for it too, unless that is in the Nix store. Throws `bad-lock-file`
 * where one is there and cannot be read.
 */
export function findLockFile(registry: string): LockFile {
  const named = join(dirname(registry), LOCK_FILE);
  const text = readLockText(named);
  if (lstatSync(registry, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return { path: named, text };
  const real = join(dirname(realpathSync(registry)), LOCK_FILE);
  // Dotfile managers make a link of each of the two.
  if (text !== undefined) return { path: realpathSync(named) === real ? real : named, text };
  const beside = readLockText(real);
  return { path: beside === undefined && isInStore(real) ? named : real, text: beside };
}

/** The text of a lock file; `undefined`: nothing has that name. */
export function readLockText(path: string): string | undefined {
  const bytes = readWhole(path, (reason, cause) => invalidLockFile(path, reason, cause));
  if (!bytes) {
    // What it would say is not known, so the catalogue must not decide in its place.
    if (lstatSync(path, { throwIfNoEntry: false })) throw invalidLockFile(path, 'it is a link that leads nowhere');
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalidLockFile(path, 'it is not UTF-8 text', cause);
  }
}
