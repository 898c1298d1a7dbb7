import { WhisperError, type Place } from '../errors.ts';

/** Registries that are missing or unreadable, or whose list is not certain. */

/** `names`: the paths that are searched, the usual one first. */
export function registryNotFound(cwd: string, names: readonly string[]): WhisperError {
  return new WhisperError(
    'registry-not-found',
    `No registry found: no ${names.join(', ')} in ${cwd} or its parent directories (up to the git root)`,
    `Name the file with --file or WHISPER_NIX_FILE, or run whisper init to create ${names[0]}`,
  );
}

export function registryMissing(file: string): WhisperError {
  return new WhisperError(
    'registry-not-found',
    `The registry ${file} does not exist`,
    'Check --file and WHISPER_NIX_FILE',
  );
}

/** `target`: where the link leads. */
export function danglingRegistry(file: string, target: string): WhisperError {
  return new WhisperError(
    'registry-not-found',
    `${file} is a dangling link: ${target} does not exist`,
    'Restore its target, or remove the link',
    { details: { file, target } },
  );
}

const READING = {
  EACCES: 'permission denied',
  ENOENT: 'it does not exist',
  EISDIR: 'it is a directory',
} as const;

/** `reason`: the code of a system error. */
export function unreadableRegistry(file: string, reason: string, cause: unknown): WhisperError {
  return new WhisperError(
    reason === 'ENOENT' ? 'registry-not-found' : 'registry-unreadable',
    `Cannot read ${file}: ${reason in READING ? READING[reason as keyof typeof READING] : reason}`,
    'Check the file and its permissions; nothing was changed',
    { cause },
  );
}

export function registryNotAFile(file: string): WhisperError {
  return new WhisperError('registry-unreadable', `${file} is not a regular file`, 'Name the Nix file itself');
}

export function registryNotText(file: string, cause: unknown): WhisperError {
  const hint = 'Save the file as UTF-8; nothing was changed';
  return new WhisperError('registry-unreadable', `${file} is not UTF-8 text`, hint, { cause });
}

export function nestedTooDeeply(file: string, cause: unknown): WhisperError {
  const hint = 'Move the list to a smaller file of its own';
  return new WhisperError('registry-computed', `${file} is nested too deeply to parse`, hint, { cause });
}

export function tooComplexToParse(file: string, cause: unknown): WhisperError {
  const hint = 'Move the list to a smaller file of its own';
  return new WhisperError('registry-computed', `${file} is too complex to parse`, hint, { cause });
}

/** A syntax error; `hint`: a sentence. */
export function syntaxError(message: string, hint: string | undefined, place: Place): WhisperError {
  const step = hint ?? 'Fix the file';
  return new WhisperError('registry-syntax', message, `${step}; until then nothing is removed or written`, { place });
}

export function missingList(file: string, attr: string): WhisperError {
  const hint = `Add "${attr} = [ ];", or name another binding with --attr`;
  return new WhisperError('registry-no-list', `${file} does not define the list ${attr}`, hint);
}

/** A binding that may not be part of the file's result; `name`: the last part of `attr`. */
export function listNotReachable(attr: string, name: string, place: Place): WhisperError {
  return new WhisperError(
    'registry-no-list',
    `The list ${attr} is inside a call, a condition or a function, so its value cannot be read from the file`,
    `Bind it in a let and add it to the result of the file: let ${name} = [ … ]; in { inherit ${name}; … }`,
    { place },
  );
}

// A file may have thousands.
const MOST_SHOWN = 10;

/** `places`: such as `12:3`; `paths`: the attrpath of each list. */
export function ambiguousList(
  attr: string,
  places: readonly string[],
  paths: readonly string[],
  place: Place,
): WhisperError {
  const shown = paths.slice(0, MOST_SHOWN).map((path) => `--attr ${path}`);
  const advice = shown.length > 0 ? ` (${shown.join(' or ')})` : '';
  const more = places.length > MOST_SHOWN ? ` and ${places.length - MOST_SHOWN} more places` : '';
  return new WhisperError(
    'registry-ambiguous',
    `${attr} is defined more than once, at ${places.slice(0, MOST_SHOWN).join(' and ')}${more}`,
    `Keep one of them, or choose one with --attr ATTRPATH${advice}`,
    { place },
  );
}

const PLAINLY = {
  'no-eval': () => 'Remove --no-eval to evaluate it with Nix, or write a plain list',
  'odd-binding': () => 'Give the binding a plain name, or write a plain list',
  'text-only': (attr: string) => `Write a plain list for ${attr}, like [ "ggml-base.en-q5_1.bin" ]`,
} as const;

/** A computed list; `obstacle`: why Nix does not evaluate it. */
export function computedList(
  attr: string,
  reason: string,
  place: Place,
  obstacle: keyof typeof PLAINLY = 'text-only',
): WhisperError {
  const message = `${attr} is computed at ${place.line}:${place.column}, ${reason}`;
  return new WhisperError('registry-computed', message, PLAINLY[obstacle](attr), { place });
}

export function registryExists(file: string, isRegistry: boolean): WhisperError {
  const message = `${file} already exists: it was not changed`;
  const hint = `${isRegistry ? 'Run whisper list to show it, or choose' : 'Choose'} another file with --file`;
  return new WhisperError('registry-exists', message, hint, { details: { file } });
}

export function registryInStore(file: string): WhisperError {
  return new WhisperError(
    'registry-read-only',
    `${file} is in the Nix store, which is read-only: nothing was written`,
    'Name another file with --file',
    { details: { file } },
  );
}
