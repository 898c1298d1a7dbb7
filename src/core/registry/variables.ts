/** The variables that `modelsDir` may see, as a regular expression of JavaScript and of Nix: they locate folders. */
export const LISTED = '(HOME|USER|TMPDIR|.*_(MODELS_PATH|MODELS_DIR|HOME))';

/** The same in words; `XDG_DATA_HOME` and `WHISPER_MODELS_PATH` are there for who looks for them. */
export const LISTED_IN_WORDS =
  'HOME, USER, TMPDIR, XDG_DATA_HOME and the like, WHISPER_MODELS_PATH, and any whose name ends in _MODELS_PATH, _MODELS_DIR or _HOME';

/**
 * Whether `modelsDir` may see a variable. Its value becomes the name of a folder, which is shown and noted, and a registry may be
 * written by someone else: a token must not get there.
 */
export function isListed(name: string): boolean {
  return new RegExp(`^${LISTED}$`, 's').test(name);
}
