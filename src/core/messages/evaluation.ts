import { WhisperError, type Place } from '../errors.ts';
import { printable } from '../catalogue/names.ts';
import { LISTED_IN_WORDS } from '../registry/string-value.ts';

/** What Nix is asked for and does not tell, and a parser that is missing. */

const LIST_OUT = 'Write the list as a plain list of strings, or name a flake output that has it with --attr.';
const DIR_OUT = 'Write it as a plain string, or say where the models lie with --models-dir or WHISPER_MODELS_PATH.';

/** `use`: what Nix is needed for. */
export function nixNotInstalled(program: string, use: 'evaluation' | 'push'): WhisperError {
  const hint =
    use === 'push'
      ? 'Install Nix: only pushing needs it, fetching from a cache does not.'
      : 'Install Nix, or write the list as a plain list.';
  return new WhisperError('nix-missing', `${program} is not on PATH`, hint);
}

/** The same for a list that takes Nix to read. */
export function computedWithoutNix(computed: WhisperError, missing: WhisperError): WhisperError {
  const message = `${computed.message}; that takes Nix to read, and ${missing.message}`;
  return new WhisperError('nix-missing', message, missing.hint, { place: computed.place });
}

export function flakeNeedsNix(reference: string): WhisperError {
  const hint = 'Leave --no-eval out to ask Nix.';
  return new WhisperError('registry-computed', `${reference} is the output of a flake, which only Nix can tell`, hint);
}

/** `folder`: where a flake was looked for. */
export function flakeNotFound(folder: string): WhisperError {
  const hint = 'Name the folder that has it, like --attr ./nix#lib.activeModels.';
  return new WhisperError('registry-eval', `No flake.nix in ${printable(folder)} or its parent directories`, hint);
}

export function untrackedFlake(folder: string): WhisperError {
  const hint = 'Add it and the files it imports, for example: git add flake.nix';
  return new WhisperError('registry-eval', `flake.nix in ${printable(folder)} is not tracked by git`, hint);
}

/** Which files the flake has depends on a repository that git does not read. */
export function flakeFilesUnknown(top: string): WhisperError {
  return new WhisperError(
    'registry-eval',
    `git cannot list the files of the flake in ${printable(top)}`,
    'Run git status there to see why. With path:FOLDER#ATTRPATH, every file of a folder belongs to the flake.',
  );
}

/** What Nix said about a value that it could not tell. */
export interface EvaluationFailure {
  readonly attr: string;
  /** Why it has to be computed; `undefined`: that is not known. */
  readonly reason: string | undefined;
  readonly said: string;
  /** A sentence. */
  readonly hint: string | undefined;
  readonly place: Place | undefined;
}

export function unevaluatedList({ attr, hint = LIST_OUT, ...refused }: EvaluationFailure): WhisperError {
  return new WhisperError('registry-eval', unevaluated(attr, refused), hint, { place: refused.place });
}

export function unevaluatedModelsDir(refused: Omit<EvaluationFailure, 'attr' | 'hint'>): WhisperError {
  return new WhisperError('models-dir-unknown', unevaluated('modelsDir', refused), DIR_OUT, { place: refused.place });
}

function unevaluated(what: string, { reason, said }: Pick<EvaluationFailure, 'reason' | 'said'>): string {
  const why = reason === undefined ? '' : ` (it is computed, ${reason})`;
  return `${what} cannot be evaluated${why}: ${said}`;
}

/** `found`: what the value is, like `a number`. */
export function notAListOfStrings(attr: string, found: string, place: Place): WhisperError {
  const hint = 'The list holds file names like "ggml-base.en-q5_1.bin" and nothing else.';
  return new WhisperError('registry-eval', `${attr} is ${found}, not a list of strings`, hint, { place });
}

export function modelsDirNotAPath(found: string, place: Place): WhisperError {
  return new WhisperError('models-dir-unknown', `modelsDir is ${found}, not a path`, DIR_OUT, { place });
}

export function modelsDirNeedsNix(reason: string, place: Place): WhisperError {
  const message = `modelsDir is computed, ${reason}, and only Nix could tell its value`;
  return new WhisperError('models-dir-unknown', message, DIR_OUT, { place });
}

/** `modelsDir` asks for a variable that a registry may not see; its value is not shown. */
export function modelsDirVariableNotAllowed(variable: string, place: Place | undefined): WhisperError {
  const message = `modelsDir reads the environment variable ${printable(variable)}, which is not allowed`;
  const hint = `Allowed: ${LISTED_IN_WORDS}.`;
  return new WhisperError('models-dir-unknown', message, hint, { place });
}

/** `file`: the registry that says so. */
export function modelsDirNotAbsolute(modelsDir: string, file: string): WhisperError {
  return new WhisperError(
    'models-dir-unknown',
    `modelsDir is ${JSON.stringify(modelsDir)}, which is no absolute path`,
    'Write an absolute path in the registry; a leading ~/ or $HOME/ may stand for the home directory.',
    { details: { file, modelsDir } },
  );
}

/** `said`: the first line of what Node says; `folder`: where the package is. npm installs it without its parser where it runs no scripts. */
export function parserNotLoaded(said: string, folder: string, cause: unknown): WhisperError {
  return new WhisperError(
    'parser-missing',
    `The Nix parser cannot be loaded: ${said}`,
    `Build it in ${printable(folder)}: npm rebuild tree-sitter && npm run install (needs python3, make and a C++ compiler).`,
    { cause },
  );
}

/** Without a parser Nix was asked, which sees only what the result of a file has. */
export function listNotInResult(missing: WhisperError, attr: string): WhisperError {
  return new WhisperError(
    'parser-missing',
    `${missing.message}; Nix was asked instead, and the result of the file has no ${attr}`,
    `${missing.hint} Or let the result have it: inherit ${attr};`,
    { cause: missing },
  );
}
