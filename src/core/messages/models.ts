import { WhisperError } from '../errors.ts';
import { type Pinner, pinnerText } from '../catalogue/entries.ts';
import { shortName } from '../catalogue/names.ts';

/** Unknown models, and files that do not match their pin. `file`: a model's file name. */

/** `suggestions`: short names. */
export function invalidModelName(given: string, suggestions: readonly string[]): WhisperError {
  const hint = didYouMean(suggestions) ?? 'Use a name like base.en-q5_1 or ggml-base.en-q5_1.bin';
  return new WhisperError('bad-model-name', `${given} is not a model name`, hint, { details: { suggestions } });
}

export function unknownModel(model: string, suggestions: readonly string[]): WhisperError {
  const hint = didYouMean(suggestions) ?? 'Run whisper list --all to see the catalogue';
  return new WhisperError('unknown-model', `${model} is not in the catalogue`, hint, {
    details: { model, suggestions },
  });
}

function didYouMean(suggestions: readonly string[]): string | undefined {
  return suggestions.length > 0 ? `Did you mean ${suggestions.join(', ')}?` : undefined;
}

/** A file with the name of a model that was wanted; sizes in bytes. */
export interface ConflictingFile {
  readonly name: string;
  readonly size: number;
  readonly expected: number;
  /** Whether whisper fetched it itself, before that pin. */
  readonly isOwn: boolean;
}

export function conflictingFile(
  { name, size, expected, isOwn }: ConflictingFile,
  pinnedBy: Pinner | 'catalogue',
): WhisperError {
  const other =
    size === expected
      ? `its sha256 does not match ${pinnerText(pinnedBy)}`
      : `has ${size} bytes instead of ${expected} (${pinnedBy})`;
  const whose = isOwn ? 'whisper downloaded it for an earlier pin' : 'it may be your own file, so it was not replaced';
  return new WhisperError(
    'wrong-bytes',
    `${name} already exists, but ${other}; ${whose}`,
    isOwn
      ? 'Run whisper verify --repair to download the pinned file'
      : `To replace it, run whisper download --force ${shortName(name)}`,
    { details: { file: name, expected: { size: expected }, actual: { size } } },
  );
}

export function pathOccupied(file: string, path: string): WhisperError {
  return new WhisperError(
    'disk-failure',
    `${path} already exists, so it was not replaced`,
    'Move it away, then run the same command again',
    { details: { file, path } },
  );
}

/** An active model whose bytes nothing pins cannot be asked of a cache. */
export function pushOfUnpinned(file: string): WhisperError {
  return new WhisperError(
    'unknown-model',
    `${shortName(file)} has no pinned sha256, so it cannot be found in a cache: nothing was pushed`,
    'Add it to the WHISPER_CATALOG file, or remove it from the list',
    { details: { file } },
  );
}

export function pushOfMissing(file: string, isKnown: boolean): WhisperError {
  return new WhisperError(
    'file-unreadable',
    `${shortName(file)} is active but not downloaded: nothing was pushed`,
    isKnown ? 'Run whisper sync to download missing models' : 'Fix the line, or put the file there yourself',
    { details: { file } },
  );
}

export function pushOfWrongBytes(file: string): WhisperError {
  return new WhisperError(
    'wrong-bytes',
    `${shortName(file)} on disk does not match its pin: nothing was pushed`,
    'Run whisper verify --repair to download it again',
    { details: { file } },
  );
}

export function downloadWhileOffline(file: string): WhisperError {
  return new WhisperError(
    'hub-offline',
    `Cannot download ${shortName(file)}: HF_HUB_OFFLINE is set`,
    'Unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE to download it',
    { details: { file } },
  );
}

/** A model has to be pinned, and only the hub knows its bytes. */
export function pinWhileOffline(file: string): WhisperError {
  return new WhisperError(
    'hub-offline',
    `Cannot pin ${shortName(file)}: only the hub knows its sha256, and HF_HUB_OFFLINE is set`,
    'Unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE, or add size and sha256 to WHISPER_CATALOG',
    { details: { file } },
  );
}
