import { WhisperError, type Place } from '../errors.ts';
import { count, formatBytes } from '../quantity.ts';
import { invalidFileName } from './diagnostics.ts';

/** Edits of a list and of its lock file, and names that prevent them. `byHand`: the edit to make by hand. */

export function editRefused(file: string, attr: string, byHand: string, cause?: unknown): WhisperError {
  const message = `${file}: cannot edit the list without changing something else, so the file was not changed`;
  return new WhisperError('registry-edit-refused', message, `Edit the file by hand: ${byHand} in ${attr}`, { cause });
}

/** `reason`: why it is computed; `undefined`: it is not computed, but cannot be edited. */
export function computedListNotEditable(
  attr: string,
  reason: string | undefined,
  byHand: string,
  place: Place,
): WhisperError {
  const what = reason === undefined ? 'has a form that whisper cannot edit' : `is computed, ${reason}`;
  const hint = `Edit the file by hand: ${byHand} where the list comes from`;
  return new WhisperError('registry-edit-refused', `${attr} ${what}: the file was not changed`, hint, { place });
}

/** A list that has a name, which something else uses too; `byHand`: the edit to make by hand. */
export function sharedListNotEditable(attr: string, name: string, byHand: string, place: Place): WhisperError {
  const message = `${attr} comes from ${name}, which the file also uses elsewhere: the file was not changed`;
  return new WhisperError('registry-edit-refused', message, `Edit the file by hand: ${byHand}`, { place });
}

export type ProtectedFile =
  | { readonly code: 'registry-read-only'; readonly byHand: string }
  /** What a lock file is to say, only the program knows. */
  | { readonly code: 'lock-file-read-only' };

export function fileReadOnly(path: string, isInStore: boolean, file: ProtectedFile): WhisperError {
  const message = `${path} is ${isInStore ? 'in the Nix store' : 'read-only'}, so it was not changed`;
  return new WhisperError(file.code, message, otherWay(file), { details: { file: path } });
}

/** `reason`: the code of a system error. */
export function writeFailed(path: string, reason: string, file: ProtectedFile, cause: unknown): WhisperError {
  const message = `Cannot write ${path}: ${reason}; it was not changed`;
  return new WhisperError(file.code, message, otherWay(file), { cause });
}

export function attributesWouldBeLost(path: string, file: ProtectedFile): WhisperError {
  const message = `${path} is too large to edit without losing its hard links, ACL or extended attributes, so it was not changed`;
  return new WhisperError(file.code, message, otherWay(file), { details: { file: path } });
}

export function lockFileLinkOutside(path: string, target: string, project: string): WhisperError {
  return new WhisperError(
    'lock-file-read-only',
    `${path} is a link to ${target}, outside ${project}, so it was not written`,
    'Replace the link with a regular file, or remove it and run whisper lock',
    { details: { file: path, target } },
  );
}

function otherWay(file: ProtectedFile): string {
  return file.code === 'registry-read-only'
    ? `Edit its source by hand: ${file.byHand}`
    : 'Make it and its directory writable, or run whisper lock in its original checkout';
}

export function invalidLockFile(path: string, reason: string, cause?: unknown): WhisperError {
  return new WhisperError(
    'bad-lock-file',
    `Cannot read the lock file ${path}: ${reason}`,
    'Fix it, restore it from version control, or remove it to use the catalogue',
    { cause, details: { file: path } },
  );
}

export function invalidEntry(name: string, place: Place): WhisperError {
  return new WhisperError(
    'registry-bad-name',
    invalidFileName(name),
    'Write a name like "ggml-base.en-q5_1.bin" or "base.en-q5_1", or run whisper check --fix, which fixes clear mistakes; until then nothing is removed',
    { place, details: { name } },
  );
}

/** `suggestions`: short names. */
export function unknownListedModel(name: string, suggestions: readonly string[], place: Place): WhisperError {
  const hint =
    suggestions.length > 0
      ? `Correct the name (did you mean ${suggestions.join(' or ')}?); until then nothing is removed or downloaded`
      : 'Fix the line, or put the file into the models directory yourself; until then nothing is removed or downloaded';
  return new WhisperError('registry-unknown-model', `${name} is neither in the catalogue nor on disk`, hint, {
    place,
    details: { name, suggestions },
  });
}

/** An active model of which nothing says what its bytes are, so it cannot be pinned. */
export function unpinnableModel(name: string, place: Place): WhisperError {
  return new WhisperError(
    'registry-unknown-model',
    `Cannot pin ${name}: it is not in the catalogue, and there is no valid record of its file`,
    'Add it to the WHISPER_CATALOG file, or remove the line; nothing was written',
    { place, details: { name } },
  );
}

/** `bytes`: the size of all files that an empty list would remove. */
export function emptyListRefused(file: string, files: readonly string[], bytes: number): WhisperError {
  const what = `${count(files.length, 'file')} with ${formatBytes(bytes)}`;
  return new WhisperError(
    'registry-empty',
    `The list in ${file} is empty: ${what} would be removed`,
    'To remove them, use --allow-empty',
    { details: { files, bytes } },
  );
}

/** `lines`: the bindings to write, each on one line. */
export function sourceNotEditable(file: string, lines: readonly string[]): WhisperError {
  return new WhisperError(
    'registry-edit-refused',
    `Cannot edit modelSources in ${file} without changing something else`,
    `Add ${lines.join(' ')} by hand, then run the same command again`,
    { details: { file, lines } },
  );
}
