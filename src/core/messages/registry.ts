import { uncapitalized, WhisperError, type Place } from '../errors.ts';
import { count } from '../quantity.ts';

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
  const hint = `Add "${attr.replace(/^\./, '')} = [ ];", or name another binding with --attr`;
  return new WhisperError('registry-no-list', `${file} does not define the list ${attr}`, hint);
}

/** A construct of Nix that keeps a list from being read; `name`: of the function, argument or operator. */
export type Construct =
  | { readonly kind: 'element' | 'source' | 'selection' }
  | { readonly kind: 'call' | 'default' | 'argument' | 'function' | 'operand'; readonly name: string }
  /** `option`: its path. */
  | { readonly kind: 'option'; readonly name: string; readonly option: string };

/** Where a list is that cannot be read, and whether it is written out, so that `--literal` reads it. */
export interface Surroundings {
  readonly construct: Construct | undefined;
  readonly isLiteral: boolean;
}

/** A list that is somewhere in the file, but not in its result; `name`: the last part of `attr`. */
export function listNotReachable(attr: string, name: string, surroundings: Surroundings, place: Place): WhisperError {
  const message = `The list ${attr} is ${whereIs(surroundings.construct)}, so its value cannot be read from the file`;
  return new WhisperError('registry-no-list', message, changeAround(surroundings, name), { place });
}

function whereIs(construct: Construct | undefined): string {
  switch (construct?.kind) {
    case 'call':
      return `inside a call of ${construct.name}, which may change it`;
    case 'option':
      return `in the declaration of an option (${construct.name}), which other modules may set`;
    case 'element':
      return 'in an element of a list';
    case 'default':
      return `in the default of the argument ${construct.name}, which a caller may replace`;
    case 'argument':
      return 'an argument of a function, which a caller gives';
    case 'function':
      return `in the function ${construct.name}, which has a value only when it is called`;
    case 'operand':
      return `in an operand of \`${construct.name}\``;
    case 'source':
    case 'selection':
    case undefined:
      return 'inside an expression that only Nix can evaluate';
  }
}

/** The smallest change that makes a list readable where it is. */
export function changeAround({ construct, isLiteral }: Surroundings, list: string): string {
  const bind = `let ${list} = [ … ]; in`;
  switch (construct?.kind) {
    case 'call': {
      const option = isLiteral ? ', or use --literal with list, check, add and remove' : '';
      return `Bind it before the call (${bind} …) and write \`inherit ${list};\` in the call${option}`;
    }
    case 'option':
      return `Define the option in the configuration, like config.${construct.option} = [ … ]`;
    case 'element':
      return `Bind it before that list (${bind} …) and write \`inherit ${list};\` in the element`;
    case 'default':
    case 'argument':
      return `Bind it in the body of the function instead: ${bind} …`;
    case 'function':
      return `Bind it outside the function: ${bind} …`;
    case 'operand':
      return `Bind it before that expression (${bind} …) and add \`inherit ${list};\` to the result of the file`;
    case 'source':
    case 'selection':
    case undefined:
      return `Bind it in a let and add it to the result of the file: ${bind} { inherit ${list}; … }`;
  }
}

/** Where a name is bound, and the option that selects this binding, or what the binding is where no option does. */
export interface AmbiguousPlace {
  readonly line: number;
  readonly column: number;
  readonly option: string | undefined;
  readonly what: 'an argument' | 'inherited' | 'in a call' | 'cannot be selected' | undefined;
}

/** `more`: how many other places there are. */
export function ambiguousList(
  attr: string,
  places: readonly AmbiguousPlace[],
  more: number,
  place: Place,
): WhisperError {
  const shown = places.map(
    ({ line, column, option, what }) => `${line}:${column}${option === undefined ? ` (${what})` : ''}`,
  );
  const rest = more > 0 ? ` and ${count(more, 'more place')}` : '';
  const options = places.flatMap(({ line, column, option }) =>
    option === undefined ? [] : `${option} (${line}:${column})`,
  );
  return new WhisperError(
    'registry-ambiguous',
    `${attr} is defined more than once, at ${shown.join(' and ')}${rest}`,
    options.length > 0
      ? `Choose one with ${options.join(' or ')}, or rename or remove the others`
      : 'Rename or remove all but one',
    { place, details: { places } },
  );
}

/** Why a list is computed; `called`: the function that is called for it; `change`: what makes it readable, if that is known. */
export interface ComputedReason {
  readonly reason: string;
  readonly called?: string;
  readonly isArgument?: boolean;
  readonly change?: string;
}

/** A computed list; `obstacle`: why Nix does not evaluate it. */
export function computedList(
  attr: string,
  why: ComputedReason,
  place: Place,
  obstacle: 'no-eval' | 'odd-binding' | 'text-only' = 'text-only',
): WhisperError {
  const message = `${attr} is computed at ${place.line}:${place.column}, ${why.reason}`;
  const hints = {
    'no-eval': () =>
      `Remove --no-eval to evaluate it with Nix, or ${uncapitalized(why.change ?? 'Write a plain list')}`,
    'odd-binding': () => 'Give the binding a plain name, or write a plain list',
    'text-only': () => changeFor(why, attr),
  };
  return new WhisperError('registry-computed', message, hints[obstacle](), { place });
}

/** The smallest change that makes a computed list readable. */
function changeFor({ called, isArgument, change }: ComputedReason, attr: string): string {
  if (change !== undefined) return change;
  const list = `${attr.replace(/^\./, '')} = [ "ggml-base.en-q5_1.bin" ]`;
  if (isArgument === true) return `Bind the list in a let in the body of the function, like ${list}`;
  return CHANGES[called?.split('.').at(-1) ?? '']?.(list) ?? `Write a plain list, like ${list}`;
}

const writeOut = (list: string): string => `Write out the result, like ${list}`;
const CHANGES: Readonly<Record<string, (list: string) => string>> = {
  mkOption: (list) =>
    `Define the option in the configuration, like ${list.replace(/^options\./, 'config.')}: other modules may replace its default`,
  import: () => 'Name the imported file with --file, or write the list into this file',
  map: writeOut,
  filter: writeOut,
  concatMap: writeOut,
};

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
