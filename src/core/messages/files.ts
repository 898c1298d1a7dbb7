import { WhisperError } from '../errors.ts';

/** Files anywhere that a command was to read. */

/** `reason`: the code of a system error. */
export function unreadableFile(path: string, reason: string, cause: unknown): WhisperError {
  switch (reason) {
    case 'ENOENT':
    case 'ENOTDIR':
      return unreadable(path, 'is not there', 'Check the path.', cause);
    case 'EACCES':
    case 'EPERM':
      return unreadable(path, 'may not be read', 'Check the owner and the rights of the file and its folders.', cause);
    default:
      return unreadable(path, `cannot be read: ${reason}`, 'Check the path and the disk.', cause);
  }
}

export function noRegularFile(path: string, isFolder: boolean): WhisperError {
  const hint = 'Name the files themselves, like models/ggml-base.en.bin.';
  return unreadable(path, isFolder ? 'is a folder' : 'is no regular file', hint);
}

function unreadable(path: string, reason: string, hint: string, cause?: unknown): WhisperError {
  return new WhisperError('file-unreadable', `${path} ${reason}`, hint, { details: { path, reason }, cause });
}

/** Some of several files; `files`: what is told of the others. */
export function unreadableFiles(
  first: WhisperError,
  more: readonly WhisperError[],
  files: readonly object[],
): WhisperError {
  const failures = [first, ...more];
  return new WhisperError('file-unreadable', failures.map(({ message }) => message).join('; '), first.hint, {
    details: { failed: failures.map(({ details }) => details), files },
    cause: first,
  });
}
