import { printable } from '../catalogue/names.ts';
import { type Place, uncapitalized, WhisperError } from '../errors.ts';

/** What is wrong with an entry of `modelSources`. `key`: its attribute name, as it is written. */

const EXAMPLE = 'Write it as "ggml-x.bin" = { url = "https://…"; hash = "sha256-…"; size = 123; }';

const WRITE_OUT = 'Write it as a plain set with an entry for each model, and strings without variables';

export function invalidSourceName(key: string, place: Place | undefined): WhisperError {
  return badSource(
    `modelSources has an entry "${printable(key)}", which is not a file name of a model`,
    'Use a name like "ggml-x.bin", with letters, digits, dots, hyphens and underscores',
    place,
  );
}

/** Two names that mean one file. */
export function repeatedSource(first: string, second: string, place: Place | undefined): WhisperError {
  const message = `modelSources has two entries for one model: "${printable(first)}" and "${printable(second)}"`;
  return badSource(message, 'Remove one of them', place);
}

/** `instead`: what it is, like `a list`. */
export function sourceNotASet(key: string, instead: string, place: Place | undefined): WhisperError {
  const message = `The entry "${printable(key)}" of modelSources is ${instead}, not a set`;
  return badSource(message, EXAMPLE, place);
}

/** `instead`: what `modelSources` is, like `a list`. */
export function sourcesNotASet(instead: string, place: Place | undefined): WhisperError {
  return badSource(
    `modelSources is ${instead}, not a set`,
    'Write it as a set with an attribute for each model',
    place,
  );
}

export function sourcesNeedNix(reason: string, place: Place): WhisperError {
  const message = `modelSources is computed, ${reason}, and needs Nix to evaluate`;
  const hint = `Remove --no-eval to evaluate it with Nix, or ${uncapitalized(WRITE_OUT)}`;
  return new WhisperError('registry-computed', message, hint, { place });
}

/** `reason`: why it is computed. `said`: the message of Nix. */
export function unevaluatedSources(reason: string, said: string, place: Place | undefined): WhisperError {
  const message = `modelSources cannot be evaluated (it is computed, ${reason}): ${said}`;
  return new WhisperError('registry-eval', message, WRITE_OUT, { place });
}

export function invalidSourceType(
  key: string,
  attribute: string,
  type: string,
  place: Place | undefined,
): WhisperError {
  const message = `The ${attribute} of "${printable(key)}" in modelSources is ${type}, not a string`;
  return badSource(message, EXAMPLE, place);
}

export function sourceWithoutUrl(key: string, place: Place | undefined): WhisperError {
  const message = `The entry "${printable(key)}" of modelSources has no url`;
  return badSource(message, EXAMPLE, place);
}

export function invalidSourceUrl(key: string, place: Place | undefined): WhisperError {
  const message = `The url of "${printable(key)}" in modelSources is not a valid URL`;
  return badSource(message, 'Use a URL that begins with https://', place);
}

export function credentialsInSource(key: string, place: Place | undefined): WhisperError {
  const message = `The url of "${printable(key)}" in modelSources contains a user name or a password`;
  const hint = 'Remove it, because others read the file; for a private file of the hub, set HF_TOKEN';
  // The line is shown, in logs too: without them, at the same width.
  const excerpt = place?.excerpt.replaceAll(/(?<=:\/\/)[^/\s"]*(?=@)/g, (secret) => '*'.repeat(secret.length)) ?? '';
  return badSource(message, hint, place && { ...place, excerpt });
}

export function sourceWithoutHash(key: string, place: Place | undefined): WhisperError {
  const message = `The url of "${printable(key)}" in modelSources uses http, and the entry has no hash`;
  return badSource(message, 'Use https, or add the hash of the file', place);
}

export function invalidSourceHash(key: string, place: Place | undefined): WhisperError {
  const message = `The hash of "${printable(key)}" in modelSources is not a sha256`;
  return badSource(message, 'Write it as Nix does, like sha256- and 44 characters of base 64', place);
}

export function differentSourceHashes(key: string, place: Place | undefined): WhisperError {
  const message = `The entry "${printable(key)}" of modelSources has different values in hash and sha256`;
  return badSource(message, 'Remove the one that is wrong', place);
}

export function invalidSourceSize(key: string, place: Place | undefined): WhisperError {
  const message = `The size of "${printable(key)}" in modelSources is not a number of bytes`;
  return badSource(message, 'Write the size in bytes, without quotes, or remove it', place);
}

/** `differs`: what the source and the other pin say. `where`: the other pin, with its place. */
export function sourceContradicts(
  key: string,
  { field, here, there }: { readonly field: string; readonly here: string; readonly there: string },
  where: string,
  what: 'lock file' | 'catalogue',
  place: Place | undefined,
): WhisperError {
  const message = `The ${field} of "${printable(key)}" in modelSources is ${here}, but ${there} in ${where}`;
  const hint =
    what === 'lock file'
      ? 'Correct the source, or delete the entry from the lock file and run whisper lock'
      : 'Give the model another name, or correct the source';
  return badSource(message, hint, place);
}

function badSource(message: string, hint: string, place: Place | undefined): WhisperError {
  return new WhisperError('registry-bad-source', message, hint, { place });
}
