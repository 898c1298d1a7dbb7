import { dirname } from 'node:path';
import { notWritten } from '../core/messages/edits.ts';
import { errnoCode } from './disk-error.ts';
import { readLockText, type LockFile } from './lock-file.ts';
import { createText } from './new-text.ts';
import { replaceText, requireRoomFor, writableTarget, type Rewriting } from './text-file.ts';
import { withTextLock } from './text-lock.ts';

/** Throws `lock-file-read-only` (exit 3) where a lock file could not be written. */
export async function requireWritable({ path, text }: LockFile): Promise<void> {
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
    const code = errnoCode(cause);
    throw code === undefined ? cause : notWritten(path, code, REWRITING.kind, cause);
  }
}

const REWRITING: Rewriting = {
  kind: { code: 'lock-file-read-only' },
  read: readLockText,
};
