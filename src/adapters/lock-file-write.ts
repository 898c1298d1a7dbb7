import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { lockFileLinkOutside, writeFailed } from '../core/messages/edits.ts';
import { asDiskError, errnoCode, isFullDisk } from './disk-error.ts';
import { findWorkingTree } from './git-work.ts';
import { readLockText, type LockFile } from './lock-file.ts';
import { createText } from './new-text.ts';
import { replaceText, requireRoomFor, writableTarget, type Rewriting } from './text-file.ts';
import { withTextLock } from './text-lock.ts';

/** Throws `lock-file-read-only` (exit 3) where a lock file could not be written, or lies behind a link that is not followed. */
export async function requireWritable({ path, text }: LockFile): Promise<void> {
  requireInside(path);
  await (text === undefined ? requireRoomFor(path, REWRITING) : writableTarget(path, REWRITING));
}

/** Makes or replaces a lock file in one step; false where it is not any more what was read. */
export async function writeLockFile(found: LockFile, after: string): Promise<boolean> {
  const { path, text } = found;
  await requireWritable(found);
  if (text !== undefined) {
    const target = await writableTarget(path, REWRITING);
    return withTextLock(dirname(target), () => replaceText(target, text, after, REWRITING));
  }
  try {
    return await createText(path, after);
  } catch (cause) {
    if (isFullDisk(cause)) throw asDiskError(cause, path, 'none');
    const code = errnoCode(cause);
    throw code === undefined ? cause : writeFailed(path, code, REWRITING.kind, cause);
  }
}

/**
 * A link that came with a checkout must not have this user write somewhere else. So a lock file is written through a link
 * only within the project. A registry is written through a link to anywhere: dotfile managers keep registries that way,
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

const REWRITING: Rewriting = {
  kind: { code: 'lock-file-read-only' },
  read: readLockText,
};
