import { WhisperError } from '../core/errors.ts';
import { printable } from '../core/models/name.ts';
import { errnoCode } from './disk-error.ts';
import { readLockText, type LockFile } from './lock-file.ts';
import { createText, replaceText, requireRoomFor, writableTarget, type Rewriting } from './text-file.ts';

/** Throws `lock-file-read-only` (exit 3) where a lock file could not be written. */
export async function requireWritable({ path, text }: LockFile): Promise<void> {
  await (text === undefined ? requireRoomFor(path, REWRITING) : writableTarget(path, REWRITING));
}

/** Makes or replaces a lock file in one step; false where it is not any more what was read. */
export async function writeLockFile(found: LockFile, after: string): Promise<boolean> {
  const { path, text } = found;
  await requireWritable(found);
  if (text !== undefined) return replaceText(await writableTarget(path, REWRITING), text, after, REWRITING);
  try {
    return await createText(path, after);
  } catch (cause) {
    const code = errnoCode(cause);
    if (code === undefined) throw cause;
    const message = `${printable(path)} cannot be written: ${code}`;
    throw new WhisperError(REWRITING.code, message, REWRITING.hint, { cause });
  }
}

const REWRITING: Rewriting = {
  code: 'lock-file-read-only',
  hint: 'Make it and its folder writable, or run whisper lock in the checkout that they come from.',
  read: readLockText,
};
