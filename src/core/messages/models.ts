import { WhisperError } from '../errors.ts';
import { shortName } from '../catalogue/names.ts';

/** Models that nobody knows, and files that are not what is pinned. `file` is a model's file name. */

/** `suggestions` are short names. */
export function invalidModelName(given: string, suggestions: readonly string[]): WhisperError {
  const hint = didYouMean(suggestions) ?? 'A model is named like base.en-q5_1 or ggml-base.en-q5_1.bin.';
  return new WhisperError('bad-model-name', `${given} is not a model name`, hint, { details: { suggestions } });
}

export function unknownModel(model: string, suggestions: readonly string[]): WhisperError {
  const hint = didYouMean(suggestions) ?? 'whisper list --all shows the catalogue.';
  return new WhisperError('unknown-model', `There is no model ${model} in the catalogue`, hint, {
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

export function conflictingFile({ name, size, expected, isOwn }: ConflictingFile, pinnedBy: string): WhisperError {
  const other =
    size === expected
      ? `with other bytes than the ${pinnedBy} pins`
      : `with ${size} bytes where the ${pinnedBy} has ${expected}`;
  const whose = isOwn ? 'whisper fetched it before that pin' : 'it may be your own, so it was left alone';
  return new WhisperError(
    'wrong-bytes',
    `${name} is there already, ${other}; ${whose}`,
    isOwn
      ? 'whisper verify --repair fetches what is pinned.'
      : `To replace it: whisper download --force ${shortName(name)}`,
    { details: { file: name, expected: { size: expected }, actual: { size } } },
  );
}

/** Something that is no model of the program has the name of one. */
export function pathOccupied(file: string, path: string): WhisperError {
  return new WhisperError(
    'disk-failure',
    `${path} is in the way and was left alone`,
    'Move it away, then run the same command again.',
    { details: { file, path } },
  );
}

/** An active model whose bytes nothing pins cannot be asked of a cache. */
export function pushOfUnpinned(file: string): WhisperError {
  return new WhisperError(
    'unknown-model',
    `${shortName(file)} is pinned by nothing, so nobody could ask a cache for it: nothing was pushed`,
    'Add it to the file that WHISPER_CATALOG names, or take it out of the list.',
    { details: { file } },
  );
}

export function pushOfMissing(file: string, isKnown: boolean): WhisperError {
  return new WhisperError(
    'file-unreadable',
    `${shortName(file)} is active and not on the disk: nothing was pushed`,
    isKnown ? 'whisper sync fetches what is missing.' : 'Correct the line, or put the file there yourself.',
    { details: { file } },
  );
}

export function pushOfWrongBytes(file: string): WhisperError {
  return new WhisperError(
    'wrong-bytes',
    `${shortName(file)} on the disk is not what was pinned: nothing was pushed`,
    'whisper verify --repair fetches it again.',
    { details: { file } },
  );
}

/** A model has to be fetched and the network must not be used. */
export function downloadWhileOffline(file: string): WhisperError {
  return new WhisperError(
    'hub-offline',
    `${shortName(file)} is not here, and HF_HUB_OFFLINE forbids to fetch it`,
    'Unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE to fetch it.',
    { details: { file } },
  );
}

/** A model has to be pinned, and only the hub knows its bytes. */
export function pinWhileOffline(file: string): WhisperError {
  return new WhisperError(
    'hub-offline',
    `Only the hub knows the bytes of ${shortName(file)}, and HF_HUB_OFFLINE forbids to ask it`,
    'Unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE, or give size and sha256 in WHISPER_CATALOG.',
    { details: { file } },
  );
}
