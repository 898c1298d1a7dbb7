import { WhisperError, type Place } from '../errors.ts';
import { printable } from '../catalogue/names.ts';
import type { Unlocked } from '../evaluation/flake-inputs.ts';
import { shellValue } from '../shell-value.ts';
import { LISTED_IN_WORDS } from '../registry/string-value.ts';

/** Values that Nix cannot evaluate, and a missing parser. */

const LIST_OUT = 'Write the list as a plain list of strings, or name a flake output that contains it with --attr';
const DIR_OUT = 'Write it as a plain string, or set the models directory with --models-dir or WHISPER_MODELS_PATH';

/** `use`: what Nix is needed for. */
export function nixNotInstalled(program: string, use: 'evaluation' | 'push'): WhisperError {
  const hint =
    use === 'push'
      ? 'Install Nix; only whisper push needs it, downloading from a cache does not'
      : 'Install Nix, or write the list as a plain list of strings';
  return new WhisperError('nix-missing', `${program} is not on PATH`, hint);
}

export function computedWithoutNix(computed: WhisperError, missing: WhisperError): WhisperError {
  const message = `${computed.message}; reading it needs Nix, but ${missing.message}`;
  return new WhisperError('nix-missing', message, missing.hint, { place: computed.place });
}

export function flakeNeedsNix(reference: string): WhisperError {
  const hint = 'Remove --no-eval to evaluate it';
  return new WhisperError('registry-computed', `${reference} is a flake output, which needs Nix to evaluate`, hint);
}

/** `folder`: where the flake was searched for. */
export function flakeNotFound(folder: string): WhisperError {
  const hint = 'Name the directory that contains it, for example --attr ./nix#lib.activeModels';
  return new WhisperError('registry-eval', `No flake.nix in ${printable(folder)} or its parent directories`, hint);
}

export function flakeFolderMissing(folder: string): WhisperError {
  const hint = 'Check the part of --attr before the #, which is relative to the current directory';
  return new WhisperError('registry-eval', `The directory of the flake, ${printable(folder)}, does not exist`, hint);
}

export function untrackedFlake(folder: string): WhisperError {
  const hint = 'Add it and the files it imports, for example: git add flake.nix';
  return new WhisperError('registry-eval', `flake.nix in ${printable(folder)} is not tracked by git`, hint);
}

export function flakeFilesUnknown(top: string): WhisperError {
  return new WhisperError(
    'registry-eval',
    `git cannot list the files of the flake in ${printable(top)}`,
    'Run git status there to see why, or use --attr path:FOLDER#ATTRPATH, which includes every file of the folder',
  );
}

/** `lock`: the command that writes flake.lock. */
export function flakeNotLocked({ input, how }: Unlocked, lock: string): WhisperError {
  const ways = {
    missing: `flake.nix has the input ${input}, which is not in flake.lock`,
    changed: `flake.nix and flake.lock have different references for the input ${input}`,
    left: `flake.lock has the input ${input}, which is not in flake.nix`,
  };
  return new WhisperError('registry-eval', ways[how], `Run ${lock}, and track flake.lock with git`);
}

export function invalidFlakeLock(lock: string): WhisperError {
  return new WhisperError('registry-eval', 'flake.lock is not valid', `Restore it, or write it again: ${lock}`);
}

export function unsupportedFlakeAttribute(name: string): WhisperError {
  const message = `flake.nix has the attribute ${printable(name)}, which Nix does not allow in a flake`;
  return new WhisperError('registry-eval', message, 'Move it into outputs');
}

/** `archive`: the command that fetches all inputs. */
export function flakeInputMissing(input: string, archive: string): WhisperError {
  const message = `The input ${input} of the flake is not in the Nix store, and whisper does not fetch inputs`;
  return new WhisperError('registry-eval', message, `Run ${archive}, which fetches the inputs that flake.lock pins`);
}

export function flakeNotFetched(address: string, nixMessage: string): WhisperError {
  const message = `${address} is not in the Nix store, and whisper does not fetch flakes: ${nixMessage}`;
  return new WhisperError('registry-eval', message, `Run nix flake archive ${shellValue(address)}`);
}

export function missingFlakeOutput(reference: string, attribute: string): WhisperError {
  const hint = 'Run nix flake show to list the outputs';
  return new WhisperError('registry-eval', `${reference}: the flake does not provide attribute ${attribute}`, hint);
}

/** `attr`: a flake output that contains the list, as it is typed in the current directory. */
export function nameFlakeOutput(attr: string): string {
  return `The flake exports the list: use --attr ${printable(attr)}, or set WHISPER_ATTR to that`;
}

/** `line`: a binding for the outputs of flake.nix; `hidden`: the name of a list that the result of the registry lacks. */
export function exportFromFlake(line: string, hidden: string | undefined, attr: string): string {
  const both = hidden === undefined ? '' : `, and "inherit ${hidden};" to the result of this file`;
  return `Add "${printable(line)}" to the outputs of flake.nix${both}, then use --attr ${printable(attr)}`;
}

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

/** `found`: what the value is, such as `a number`. */
export function notAListOfStrings(attr: string, found: string, place: Place): WhisperError {
  const hint = 'Write only names like "ggml-base.en-q5_1.bin" or "base.en-q5_1" into the list';
  return new WhisperError('registry-eval', `${attr} is ${found}, not a list of strings`, hint, { place });
}

export function modelsDirNotAPath(found: string, place: Place): WhisperError {
  return new WhisperError('models-dir-unknown', `modelsDir is ${found}, not a path`, DIR_OUT, { place });
}

export function modelsDirNeedsNix(reason: string, place: Place): WhisperError {
  const message = `modelsDir is computed, ${reason}, and needs Nix to evaluate`;
  return new WhisperError('models-dir-unknown', message, DIR_OUT, { place });
}

/** `modelsDir` reads a variable that a registry may not see; its value is not shown. */
export function modelsDirVariableNotAllowed(variable: string, place: Place | undefined): WhisperError {
  const message = `modelsDir reads the environment variable ${printable(variable)}, which is not allowed`;
  const hint = `Use one of the allowed variables: ${LISTED_IN_WORDS}`;
  return new WhisperError('models-dir-unknown', message, hint, { place });
}

/** `file`: the registry. */
export function modelsDirNotAbsolute(modelsDir: string, file: string): WhisperError {
  return new WhisperError(
    'models-dir-unknown',
    `modelsDir is ${JSON.stringify(modelsDir)}, which is not an absolute path`,
    'Write an absolute path in the registry; it may start with ~/ or $HOME/',
    { details: { file, modelsDir } },
  );
}
