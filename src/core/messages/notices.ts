import { uncapitalized, type WhisperError } from '../errors.ts';
import { printable, shortName } from '../catalogue/names.ts';
import { formatBytes, totalSize } from '../quantity.ts';

/** Notices of commands. `file`: a model's file name; `path`: a path as it is shown. */

/** `file`: a model whose source in `modelSources` had no hash or no size. */
export function sourceCompleted(file: string): string {
  return `fixed: completed the source of ${shortName(file)} in modelSources`;
}

/** `file`: a model that was added by an address on a server that does not state hashes. */
export function sourceHashUnknown(file: string): string {
  return `the source of ${shortName(file)} has no hash yet: run whisper sync, then whisper check --fix to add it`;
}

export function notDownloaded(file: string): string {
  const name = shortName(file);
  return `${name} is not downloaded; run whisper download ${name}`;
}

export function noActiveModel(): string {
  return 'No model is active, so WHISPER_MODEL is not set; run whisper download to choose one';
}

/** `used`: the directory that `WHISPER_MODELS_PATH` names; `set`: the `modelsDir` of the registry. */
export function modelsDirOverridden(used: string, set: string, registry: string): string {
  return printable(
    `Using ${used} (WHISPER_MODELS_PATH) instead of ${set} (modelsDir in ${registry}); unset WHISPER_MODELS_PATH to use modelsDir`,
  );
}

export function asWarning({ message, hint }: WhisperError): string {
  return `${message}; ${uncapitalized(hint)}`;
}

/** `error`: why only a part of the list is known. */
export function listPartlyComputed({ message }: WhisperError): string {
  return `${message}; the computed part of the list is unknown`;
}

const CONSEQUENCES = {
  root: ', so the models of that registry are no longer kept',
  partial: ', so the unfinished download starts again',
  record: '',
} as const;

/** A state file that cannot be read; `kind`: what it is about. */
export function unreadableStateFile(path: string, kind: keyof typeof CONSEQUENCES): string {
  return printable(`Cannot read ${path}: ignored${CONSEQUENCES[kind]}`);
}

export function moreWarnings(registry: string): string {
  return printable(`${registry}: more warnings of this kind are not shown`);
}

/** `users`: processes, as text. */
export function keptInUse(file: string, users: readonly string[]): string {
  return printable(
    `Kept ${shortName(file)}, which is in use by ${users.join(', ')}; to remove it, run whisper prune --force`,
  );
}

/** `files`: files without a record, which prune removes if they match the catalogue. */
export function hashingUnverified(files: readonly { readonly name: string; readonly size: number }[]): string {
  const names = files.map(({ name }) => shortName(name)).join(', ');
  const bytes = formatBytes(totalSize(files));
  return printable(
    `Hashing ${names} (${bytes}): files without a record are removed only if their sha256 matches the catalogue`,
  );
}

export function keptHashMismatch(file: string): string {
  return printable(`Kept ${shortName(file)}, which is not listed: its sha256 does not match the catalogue`);
}

export function emptyListNotPruned(): string {
  return 'The list is empty, so nothing is pruned; to remove all models, run whisper prune --allow-empty';
}

/** A file whose header does not match its name; `isKnown`: it can be downloaded again. */
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

/** A replaced file that may be the user's own; `path`: where it is now. */
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

export function registryInvalid(): string {
  return 'The registry is invalid: fix it first';
}

/** `kind`: the file system, which does not report changes. */
export function pollingFileSystem(kind: string): string {
  return printable(`The registry is on ${kind}, which does not report changes: checking it four times a second`);
}

/** `code`: the system error code. */
export function watchLimitReached(code: string): string {
  const help =
    code === 'ENOSPC'
      ? 'raise fs.inotify.max_user_watches (sysctl)'
      : 'close programs that watch many files, or raise fs.inotify.max_user_instances (sysctl)';
  return `Reached the kernel's limit of watched files (${code}): checking the registry four times a second; to react at once, ${help}`;
}
