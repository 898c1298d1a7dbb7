import { WhisperError } from '../errors.ts';

/** Variables that hold something else than they should, and addresses that are none. */

export function unknownLogLevel(level: string, levels: readonly string[]): WhisperError {
  return new WhisperError('usage', `WHISPER_LOG is no level: ${level}`, `The levels: ${levels.join(', ')}.`);
}

/** `usual`: the address of the hub that is asked where none is named. */
export function noHubAddress(given: string, usual: string): WhisperError {
  return new WhisperError('usage', `HF_ENDPOINT is no web address: ${given}`, `It looks like ${usual}.`);
}

/** The address itself is not told: it may hold a password. */
export function noProxyAddress(variable: string): WhisperError {
  return new WhisperError(
    'usage',
    `${variable} is not a valid HTTP proxy URL`,
    'Use a URL like http://proxy.example:3128; SOCKS proxies are not supported.',
  );
}

export function noCacheAddress(): WhisperError {
  const hint = 'Name a folder, or an address like s3://models.';
  return new WhisperError('usage', 'The address of the cache is empty', hint);
}

/** `character`: what Nix does not take in the path of a folder. */
export function folderNotForNix(character: string, shown: string): WhisperError {
  return new WhisperError(
    'usage',
    `Nix takes no folder with ${JSON.stringify(character)} in its path: ${shown}`,
    'Name another folder, or a link to it that has a plain name.',
  );
}

export function unknownCompression(shown: string, asked: string): WhisperError {
  return new WhisperError(
    'usage',
    `${shown} with compression=${asked}: models are pushed packed with zstd or not at all`,
    'Leave the compression out, or write compression=zstd: the others take minutes, and not all of them can be read.',
  );
}

/** What `WHISPER_CATALOG` names is not of its form. */
export function badCatalogue(path: string, reason: string): WhisperError {
  return new WhisperError(
    'bad-catalogue',
    `WHISPER_CATALOG ${path}: ${reason}`,
    'Its form: {"models": [{"file": "ggml-x.bin", "repo": "owner/name", "size": 123, "sha256": "…"}]}',
  );
}

/** `reason`: what is wrong with the file, or the code of a system error. */
export function unreadableCatalogue(path: string, reason: string, cause?: unknown): WhisperError {
  return new WhisperError(
    'bad-catalogue',
    `WHISPER_CATALOG ${path} cannot be read: ${reason}`,
    'Check the path, or unset WHISPER_CATALOG.',
    { cause },
  );
}
