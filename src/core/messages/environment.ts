import { WhisperError } from '../errors.ts';

/** Variables that hold something else than they should, and addresses that are none. */

export function unknownLogLevel(level: string, levels: readonly string[]): WhisperError {
  return new WhisperError('usage', `WHISPER_LOG is no level: ${level}`, `The levels: ${levels.join(', ')}.`);
}

/** `usual`: the address of the hub that is asked where none is named. */
export function invalidHubUrl(given: string, usual: string): WhisperError {
  return new WhisperError('usage', `HF_ENDPOINT is no web address: ${given}`, `It looks like ${usual}.`);
}

/** The address itself is not told: it may hold a password. */
export function invalidProxyUrl(variable: string): WhisperError {
  return new WhisperError(
    'usage',
    `${variable} is not a valid HTTP proxy URL`,
    'Use a URL like http://proxy.example:3128; SOCKS proxies are not supported.',
  );
}

export function emptyCacheUrl(): WhisperError {
  const hint = 'Name a folder, or an address like s3://models.';
  return new WhisperError('usage', 'The address of the cache is empty', hint);
}

/** `character`: what Nix does not take in the path of a folder. */
export function pathNotAcceptedByNix(character: string, shown: string): WhisperError {
  return new WhisperError(
    'usage',
    `Nix takes no folder with ${JSON.stringify(character)} in its path: ${shown}`,
    'Name another folder, or a link to it that has a plain name.',
  );
}

export function unsupportedCompression(shown: string, asked: string): WhisperError {
  return new WhisperError(
    'usage',
    `${shown} with compression=${asked}: models are pushed packed with zstd or not at all`,
    'Leave the compression out, or write compression=zstd: the others take minutes, and not all of them can be read.',
  );
}

/** What `WHISPER_CATALOG` names is not of its form. */
export function invalidCatalogue(path: string, reason: string): WhisperError {
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

/** Save triggers that cannot be printed or put in their place. */

export function unknownHook(given: string, names: readonly string[], suggestion: string | undefined): WhisperError {
  const hint = suggestion === undefined ? `Those there are: ${names.join(', ')}.` : `Did you mean ${suggestion}?`;
  return new WhisperError('usage', `There is no hook for ${given}`, hint);
}

/** `--install` for an editor: where its settings lie is the person's own business. */
export function installNotSupported(editor: string): WhisperError {
  const hint = `whisper hook ${editor} prints what to paste, and where.`;
  return new WhisperError('usage', `There is no --install for ${editor}: its settings are your own file`, hint);
}

export function notARepository(cwd: string): WhisperError {
  const hint = 'Run it in the repository, or git init first.';
  return new WhisperError('usage', `${cwd} is in no git repository`, hint);
}

/** What git runs for every repository of a person is not one repository's to change. */
export function sharedHook(path: string, editor: string): WhisperError {
  const hint = `Paste it there yourself if all of them are to have it: whisper hook ${editor} prints what to add.`;
  return leftAlone(path, 'it belongs to other repositories too', hint);
}

/** A file that holds something with which the hook does not go together. */
export function hookRefused(path: string, reason: string, editor: string): WhisperError {
  return leftAlone(path, reason, `Put it there yourself: whisper hook ${editor} prints what to add.`);
}

function leftAlone(path: string, reason: string, hint: string): WhisperError {
  return new WhisperError('registry-edit-refused', `${path} was left alone: ${reason}`, hint, { details: { path } });
}
