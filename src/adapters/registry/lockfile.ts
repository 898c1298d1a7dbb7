import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isInStore } from '../../core/binary-cache/store-path.ts';
import { LOCK_FILE } from '../../core/lockfile/lockfile.ts';
import { invalidLockFile, lockFileLinkOutside, writeFailed } from '../../core/messages/edits.ts';
import { asDiskError, errnoCode, isFullDisk } from '../fs/errors.ts';
import { decodeUtf8, readSmallFile } from '../fs/read.ts';
import { findWorkingTree } from '../git/working-tree.ts';
import { createFile } from '../fs/atomic-write.ts';
import { replaceText, requireRoomFor, type Rewriting, writableTarget, withTextLock } from './text-file.ts';

export interface LockFile {
  readonly path: string;
  /** `undefined`: there is none, and `path` is where it would be. */
  readonly text: string | undefined;
}

/**
 * The lock file beside a registry; where the registry is a link, else the one beside what it leads to. A new one belongs
 * beside the target, where Nix looks for it too, unless that is in the Nix store. Throws `bad-lock-file` where an existing
 * one cannot be read.
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

function readLockText(path: string): string | undefined {
  const bytes = readSmallFile(path, (reason, cause) => invalidLockFile(path, reason, cause));
  if (!bytes) {
    // Its content is unknown, so the catalogue must not decide in its place.
    if (lstatSync(path, { throwIfNoEntry: false })) throw invalidLockFile(path, 'it is a dangling link');
    return undefined;
  }
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    throw invalidLockFile(path, 'it is not UTF-8 text', cause);
  }
}

/** Throws `lock-file-read-only` (exit 3) where a lock file cannot be written, or is behind a link that leads out of the project. */
export async function requireWritable({ path, text }: LockFile): Promise<void> {
  requireInside(path);
  await (text === undefined ? requireRoomFor(path, REWRITING) : writableTarget(path, REWRITING));
}

/** Creates or replaces a lock file; false where its text has changed since it was read. */
export async function writeLockFile(found: LockFile, after: string): Promise<boolean> {
  const { path, text } = found;
  await requireWritable(found);
  if (text !== undefined) {
    const target = await writableTarget(path, REWRITING);
    return withTextLock(dirname(target), () => replaceText(target, text, after, REWRITING));
  }
  try {
    return await createFile(path, after);
  } catch (cause) {
    if (isFullDisk(cause)) throw asDiskError(cause, path, 'none');
    const code = errnoCode(cause);
    throw code === undefined ? cause : writeFailed(path, code, REWRITING.kind, cause);
  }
}

/**
 * A link in a checkout must not make this user write somewhere else. So a lock file is written through a link only within
 * the project. A registry is written through a link to anywhere: dotfile managers keep registries that way,
 * only an entry of its list changes, and the file has to be a registry before. The lock file beside the target of such a
 * link is written too (`findLockFile`).
 */
function requireInside(path: string): void {
  const real = existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  const folder = realpathSync(dirname(path));
  const top =
    findWorkingTree(join(folder, basename(path)))?.top ?? (basename(folder) === 'nix' ? dirname(folder) : folder);
  if (relative(top, real).startsWith('..')) throw lockFileLinkOutside(path, real, top);
}

const REWRITING: Rewriting = { kind: { code: 'lock-file-read-only' }, read: readLockText };
