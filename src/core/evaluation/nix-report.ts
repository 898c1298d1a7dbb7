import { errorsIn, plain, type NixError, type LogPlace, type NixFailure } from './nix-log.ts';
import { IN_MODELS_DIR, IN_SOURCES } from './question.ts';
import { MARK } from './sandbox.ts';

/**
 * Reads the standard error of Nix with `--log-format internal-json`: one JSON object a line after `@nix `. The error is the
 * last one of level 0; those before it are from `builtins.trace` in the file. After a stack overflow, Nix writes plain text
 * instead of JSON. `offsets` are those of the source that was evaluated; `fileOf` returns the file by the name that Nix gives it.
 */
export function readFailure(stderr: string, offsets: readonly number[], fileOf: FileOf = absolute): NixFailure {
  const errors = errorsIn(stderr);
  const error = errors.findLast(({ raw_msg: message }) => message !== undefined);
  const positions = (each: LogPlace): readonly Position[] => positionOf(each, offsets, fileOf);
  if (error) return failure(error.raw_msg ?? '', error, positions);
  const lines = stderr.split('\n').filter((line) => line !== '' && !/^(?:@nix|warning:) /.test(line));
  const message = lines.findLast((line) => plain(line).startsWith('error: ')) ?? errors.at(-1)?.msg ?? lines.at(-1);
  return failure(plain(message ?? '').replace(/^error: /, ''), errors.at(-1), positions);
}

type FileOf = (name: string) => string | undefined;
type Position = NonNullable<NixFailure['position']>;

function absolute(name: string): string | undefined {
  return name.startsWith('/') ? name : undefined;
}

function failure(
  raw: string,
  error: NixError | undefined,
  positions: (each: LogPlace) => readonly Position[],
): NixFailure {
  const [message, hint] = explain(raw);
  const trace = error?.trace ?? [];
  const isInModelsDir = trace.some(({ raw_msg: context }) => context === IN_MODELS_DIR);
  const isInSources = trace.some(({ raw_msg: context }) => context === IN_SOURCES);
  const [position] = [...(error ? [error] : []), ...trace].flatMap(positions);
  const unlisted = UNLISTED.exec(raw)?.[1];
  const needsArguments = hint === NAME_OUTPUT;
  return {
    message,
    hint,
    position,
    isInModelsDir,
    ...(isInSources && { isInSources }),
    ...(needsArguments && { needsArguments }),
    ...(unlisted !== undefined && { unlisted }),
  };
}

function positionOf({ file, line, column }: LogPlace, offsets: readonly number[], fileOf: FileOf): readonly Position[] {
  if (line === undefined || line < 1) return [];
  const place = { line, column: Math.max(1, column ?? 1) };
  const named = file === undefined ? undefined : fileOf(file);
  if (named !== undefined) return [{ ...place, file: named }];
  const offset = offsets.findLast((each) => line > each);
  return offset === undefined ? [] : [{ ...place, file: undefined, line: line - offset }];
}

const UNLISTED = new RegExp(`${MARK} unlisted (.*)'$`, 's');

type Words = readonly [message: string, hint?: string];
type Explanation = readonly [RegExp, (match: RegExpMatchArray) => Words];

const NAME_OUTPUT =
  'Name a flake output that contains the list with --attr, like .#lib.activeModels, or write a plain list';

const EXPLANATIONS: readonly Explanation[] = [
  aborted('argument', (name) => [`the value needs ${name}, an argument of the function`, NAME_OUTPUT]),
  aborted('whole', (name) => [`the value depends on ${name}, the argument of a function`, NAME_OUTPUT]),
  aborted('variable', (name) => [
    `the list depends on the environment variable ${name}`,
    'Write a list without environment variables; only modelsDir may read them',
  ]),
  aborted('path', (path) => [
    `the value depends on whether ${path} exists`,
    'Use only files in the folder of the registry',
  ]),
  aborted('search', (name) => [`the value needs <${name}>, which depends on the machine`, 'Write a plain list']),
  aborted('builtin', (name) => [
    `the value needs builtins.${name}, which reads outside the file`,
    'Write its result into the file',
  ]),
  aborted('fetcher', (name) => [
    `the value needs builtins.${name}, and of a flake only its locked inputs are read`,
    'Make it an input of the flake, and run nix flake lock',
  ]),
  aborted('self', (name) => [
    `the value needs self.${name}, which differs between commits of the same files`,
    'Write a list that does not depend on the commit',
  ]),
  aborted('pin', (name) => [`flake.lock has no hash of the input ${name}`, 'Run nix flake lock']),
  aborted('relock', (name) => [
    `flake.lock pins other files of the input ${name} than the folder has`,
    'Run nix flake lock',
  ]),
  aborted('home', (path) => [
    `${path} is a path in the home directory`,
    'Write it as a string: only modelsDir may begin with "~/"',
  ]),
  [
    new RegExp(`${MARK} functor`),
    () => ['a set on the path to the value is also a function (__functor)', 'Write a plain set'],
  ],
  [/unexpected ','/, () => ['a comma in a list', 'Delete it: Nix lists have no commas']],
  [/unexpected .*, expecting ';'/, () => ['a ; is missing before this', 'End each binding with a semicolon']],
  [/unexpected end of file, expecting '"'/, () => ['this string is not closed', 'Close it with a quote "']],
  [/^undefined variable '(.*)'/, ([, name = '']) => [`${name} is not defined`, `If it is meant as a string, quote it`]],
  [/^attribute '(.*)' already defined/, ([, name = '']) => [`${name} is defined twice`, 'Keep one of the two']],
  [/stack overflow|max-call-depth|infinite recursion/, () => ['infinite recursion']],
  // The number of the error in the library that newer versions of Nix write JSON with.
  [/json\.exception\.type_error\.316/, () => ['the value is not UTF-8 text']],
  [/out of memory|bad_alloc/i, () => ['the evaluation needs too much memory']],
  [
    /^access to (?:absolute |canonical )?(?:path|URI) '(.*?)' is forbidden/,
    ([, what = '']) => [
      `it reads ${what}, which is not allowed`,
      'Read only files in the folder of the registry, and nothing from the network',
    ],
  ],
];

function aborted(kind: string, words: (name: string) => Words): Explanation {
  return [new RegExp(`${MARK} ${kind} (.*)'$`, 's'), ([, name = '']) => words(name)];
}

function explain(raw: string): Words {
  for (const [pattern, words] of EXPLANATIONS) {
    const match = raw.match(pattern);
    if (match) return words(match);
  }
  return [raw === '' ? 'Nix failed without an error message' : `Nix says: ${raw.split('\n', 1)[0] ?? ''}`];
}
