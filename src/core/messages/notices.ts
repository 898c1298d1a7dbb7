import { uncapitalized, type WhisperError } from '../errors.ts';
import { printable, shortName } from '../catalogue/names.ts';
import { formatBytes, totalSize } from '../quantity.ts';

/** What is said while a command goes on. `file` is a model's file name, `path` one for people. */

export function notDownloaded(file: string): string {
  const name = shortName(file);
  return `${name} is not downloaded; run whisper download ${name}`;
}

/** No model was named, and there is none to take. */
export function noActiveModel(): string {
  return 'No model is active, so WHISPER_MODEL is not set; run whisper download to choose one';
}

/** `used`: the directory that `WHISPER_MODELS_PATH` names; `set`: the `modelsDir` of the registry. */
export function modelsDirOverridden(used: string, set: string, registry: string): string {
  return printable(
    `Using ${used} (WHISPER_MODELS_PATH) instead of ${set} (modelsDir in ${registry}); unset WHISPER_MODELS_PATH to use modelsDir`,
  );
}

/** An error that ends nothing, with its next step. */
export function asWarning({ message, hint }: WhisperError): string {
  return `${message}; ${uncapitalized(hint)}`;
}

/** A list of which only a part is known; `error`: why. */
export function listPartlyComputed({ message }: WhisperError): string {
  return `${message}; the computed part of the list is unknown`;
}

const CONSEQUENCES = {
  root: ', so the models of that registry are no longer kept',
  partial: ', so the unfinished download starts again',
  record: '',
} as const;

/** A note of the program's own that says nothing; `kind`: what it was about. */
export function unreadableStateFile(path: string, kind: keyof typeof CONSEQUENCES): string {
  return printable(`Cannot read ${path}: ignored${CONSEQUENCES[kind]}`);
}

/** Names in a list that are probably mistakes, more than anybody reads. */
export function moreWarnings(registry: string): string {
  return printable(`${registry}: more warnings of this kind are not shown`);
}

/** `users`: processes, as text. */
export function keptInUse(file: string, users: readonly string[]): string {
  return printable(
    `Kept ${shortName(file)}, which is in use by ${users.join(', ')}; to remove it, run whisper prune --force`,
  );
}

/** `files`: those without a record that prune removes if they have the catalogue's bytes. */
export function hashingUnverified(files: readonly { readonly name: string; readonly size: number }[]): string {
  const names = files.map(({ name }) => shortName(name)).join(', ');
  const bytes = formatBytes(totalSize(files));
  return printable(
    `Hashing ${names} (${bytes}): files that whisper did not download are removed only if their sha256 matches the catalogue`,
  );
}

/** A file that was hashed to be removed. */
export function keptHashMismatch(file: string): string {
  return printable(`Kept ${shortName(file)}, which is not listed: its sha256 does not match the catalogue`);
}

export function emptyListNotPruned(): string {
  return 'The list is empty, so nothing is pruned; to remove all models, run whisper prune --allow-empty';
}

/** A file whose header is not that of the model that it is called; `isKnown`: it can be fetched again. */
export function headerMismatch(file: string, reason: string, path: string, isKnown: boolean): string {
  const step = isKnown ? `to download it again, run whisper download --force ${shortName(file)}` : `see ${path}`;
  return printable(`${file} does not match its name: ${reason}; ${step}`);
}

export function linkSkipped(path: string): string {
  return printable(`${path} is a symbolic link and was not changed; remove it, then run the same command again`);
}

export function ownFileSkipped(path: string, file: string): string {
  const step = `to replace it, run whisper download --force ${shortName(file)}`;
  return printable(`${path} may be your own file and was not changed; ${step}`);
}

/** A file that may be a model of the user's own, in whose place the right one was put; `path`: where it is now. */
export function movedAside(file: string, path: string): string {
  return printable(`Moved the old ${shortName(file)} to ${path}: it may be your own file`);
}

/** A file elsewhere on this machine that does not have the bytes that are wanted. */
export function notAdopted(file: string, path: string, reason: string): string {
  return printable(`${shortName(file)}: did not use ${path}: ${reason}`);
}

export function nothingToUndo(): string {
  return 'Nothing to undo';
}

export function nothingToPrune(): string {
  return 'Nothing to prune';
}

/** A key was pressed while the registry cannot be read. */
export function registryInvalid(): string {
  return 'The registry is invalid: fix it first';
}

/** Changes on such a disk are not told by the kernel; `kind`: of file system. */
export function pollingFileSystem(kind: string): string {
  return printable(`The registry is on ${kind}, which does not report changes: checking it four times a second`);
}

/** `code`: what the kernel said; it watches no more files. */
export function watchLimitReached(code: string): string {
  const help =
    code === 'ENOSPC'
      ? 'raise fs.inotify.max_user_watches (sysctl)'
      : 'close programs that watch many files, or raise fs.inotify.max_user_instances (sysctl)';
  return `Reached the kernel's limit of watched files (${code}): checking the registry four times a second; to react at once, ${help}`;
}
