import { WhisperError } from '../errors.ts';

/** Invalid variables and addresses, and save triggers that cannot be installed. */

export function unknownLogLevel(level: string, levels: readonly string[]): WhisperError {
  return new WhisperError('usage', `WHISPER_LOG is not a log level: ${level}`, `Use one of ${levels.join(', ')}`);
}

export function invalidAttrVariable(given: string): WhisperError {
  const hint = 'Set it to a name like whisper.activeModels or .#lib.activeModels, or unset it';
  return new WhisperError('usage', `WHISPER_ATTR is not an attribute path or a flake output: ${given}`, hint);
}

/** An error about the attribute that the variable names. */
export function withAttrVariable(
  { code, message, hint, place, details, cause }: WhisperError,
  attr: string,
): WhisperError {
  return new WhisperError(code, `${message} (WHISPER_ATTR is ${attr})`, hint, { place, details, cause });
}

/** `usual`: the default address of the hub. */
export function invalidHubUrl(given: string, usual: string): WhisperError {
  return new WhisperError('usage', `HF_ENDPOINT is not a valid URL: ${given}`, `Use a URL like ${usual}`);
}

export function invalidProxyUrl(variable: string): WhisperError {
  return new WhisperError(
    'usage',
    `${variable} is not a valid HTTP proxy URL`,
    'Use a URL like http://proxy.example:3128; SOCKS proxies are not supported',
  );
}

export function emptyCacheUrl(): WhisperError {
  const hint = 'Name a directory, or a URL like s3://models';
  return new WhisperError('usage', 'The URL of the cache is empty', hint);
}

/** `character`: one that Nix does not accept in the path of a folder. */
export function pathNotAcceptedByNix(character: string, shown: string): WhisperError {
  return new WhisperError(
    'usage',
    `Nix does not accept ${JSON.stringify(character)} in the path of a cache: ${shown}`,
    'Name another directory, or a symbolic link to it without this character',
  );
}

export function unsupportedCompression(shown: string, asked: string): WhisperError {
  return new WhisperError(
    'usage',
    `compression=${asked} is not supported for ${shown}`,
    'Use compression=zstd, or no compression',
  );
}

export function invalidCatalogue(path: string, reason: string): WhisperError {
  return new WhisperError(
    'bad-catalogue',
    `WHISPER_CATALOG ${path}: ${reason}`,
    'Write it like {"models": [{"file": "ggml-x.bin", "repo": "owner/name", "size": 123, "sha256": "…"}]}',
  );
}

/** `reason`: what is wrong with the file, or a system error code. */
export function unreadableCatalogue(path: string, reason: string, cause?: unknown): WhisperError {
  return new WhisperError(
    'bad-catalogue',
    `Cannot read WHISPER_CATALOG ${path}: ${reason}`,
    'Check the path, or unset WHISPER_CATALOG',
    { cause },
  );
}

export function unknownHook(given: string, names: readonly string[], suggestion: string | undefined): WhisperError {
  const hint = suggestion === undefined ? `Use one of ${names.join(', ')}` : `Did you mean ${suggestion}?`;
  return new WhisperError('usage', `There is no hook for ${given}`, hint);
}

/** `--install` for an editor: only the user knows where its settings are. */
export function installNotSupported(editor: string): WhisperError {
  const hint = `Run whisper hook ${editor}, and paste its output into your settings`;
  return new WhisperError('usage', `--install is not supported for ${editor}`, hint);
}

export function notARepository(cwd: string): WhisperError {
  const hint = 'Run the command in a repository, or run git init first';
  return new WhisperError('usage', `${cwd} is not in a git repository`, hint);
}

export function sharedHook(path: string, editor: string): WhisperError {
  const hint = `To add it for all of them, run whisper hook ${editor} and paste its output there`;
  return leftAlone(path, 'other repositories use it too', hint);
}

export function hookRefused(path: string, reason: string, editor: string): WhisperError {
  return leftAlone(path, reason, `Run whisper hook ${editor}, and paste its output there`);
}

function leftAlone(path: string, reason: string, hint: string): WhisperError {
  return new WhisperError('registry-edit-refused', `${path} was not changed: ${reason}`, hint, { details: { path } });
}
