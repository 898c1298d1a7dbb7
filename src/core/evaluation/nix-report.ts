import { MARK } from './question.ts';

/** What went wrong in an evaluation: in words, where, and what to do. */
export interface NixFailure {
  readonly message: string;
  readonly hint: string | undefined;
  /** Line and column from 1. `file: undefined` is the text that Nix was given; the line is one of the registry then. */
  readonly position: { readonly file: string | undefined; readonly line: number; readonly column: number } | undefined;
}

/**
 * Understands what Nix says on standard error with `--log-format internal-json`: one JSON object a line after `@nix `,
 * of which the first one of level 0 is the error. `offsets` are those of the source that was evaluated.
 */
export function readFailure(stderr: string, offsets: readonly number[]): NixFailure {
  const error = errorsIn(stderr)[0];
  if (!error) {
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('@nix '));
    return { message: plain(lines.at(-1) ?? 'Nix failed without a word'), hint: undefined, position: undefined };
  }
  const raw = plain(error.raw_msg ?? error.msg ?? '');
  const [message, hint] = explain(raw);
  return { message, hint, position: positionOf(error, offsets) };
}

interface NixError {
  readonly msg?: string;
  readonly raw_msg?: string;
  readonly file?: string | null;
  readonly line?: number | null;
  readonly column?: number | null;
}

function errorsIn(stderr: string): readonly NixError[] {
  return stderr.split('\n').flatMap((line) => {
    if (!line.startsWith('@nix ')) return [];
    try {
      const entry = JSON.parse(line.slice('@nix '.length)) as { action?: string; level?: number } & NixError;
      return entry.action === 'msg' && entry.level === 0 ? [entry] : [];
    } catch {
      // A line that was cut off at the limit of the output.
      return [];
    }
  });
}

function positionOf({ file, line, column }: NixError, offsets: readonly number[]): NixFailure['position'] {
  if (typeof line !== 'number' || line < 1) return undefined;
  const place = { line, column: typeof column === 'number' && column > 0 ? column : 1 };
  if (typeof file === 'string' && file !== '' && !/^(«?stdin»?|\(stdin\)|«?string»?|\(string\))$/.test(file)) {
    return { ...place, file };
  }
  const offset = offsets.findLast((each) => line > each);
  return offset === undefined ? undefined : { ...place, file: undefined, line: line - offset };
}

/** What Nix says, in words that tell what to do; most of it stays as Nix wrote it. */
const EXPLANATIONS: readonly (readonly [RegExp, (match: RegExpMatchArray) => readonly [string, string?]])[] = [
  [
    new RegExp(`${MARK} argument (.*)'$`, 's'),
    ([, name = '']) => [
      `the value needs ${name}, an argument of the function`,
      'Name a flake output that has the list with --attr, like .#lib.activeModels, or write a plain list.',
    ],
  ],
  [
    new RegExp(`${MARK} whole (.*)'$`, 's'),
    ([, name = '']) => [
      `a function takes all its arguments as ${name}, and only its caller knows what is in there`,
      'Name a flake output that has the list with --attr, like .#lib.activeModels, or write a plain list.',
    ],
  ],
  [
    new RegExp(`${MARK} variable (.*)'$`, 's'),
    ([, name = '']) => [
      `the list depends on the environment variable ${name}`,
      'Write the list so that it is the same everywhere; only modelsDir may ask for variables.',
    ],
  ],
  [
    new RegExp(`${MARK} path (.*)'$`, 's'),
    ([, path = '']) => [
      `the value depends on whether ${path} exists`,
      'Only files in the folder of the registry count.',
    ],
  ],
  [
    new RegExp(`${MARK} search (.*)'$`, 's'),
    ([, name = '']) => [`the value needs <${name}>, which depends on the machine`, 'Write a plain list.'],
  ],
  [new RegExp(`${MARK} time`), () => ['the value depends on the time', 'Write a plain list.']],
  [/unexpected ','/, () => ['a comma in a list', 'Nix lists have no commas: take it away.']],
  [/unexpected .*, expecting ';'/, () => ['a ; is missing before this', 'Each binding ends in a semicolon.']],
  [/unexpected end of file, expecting '"'/, () => ['this string is not closed', 'Close it with a quote ".']],
  [
    /^undefined variable '(.*)'/,
    ([, name = '']) => [`${name} is not defined`, `If it is meant as a string, quote it.`],
  ],
  [/^attribute '(.*)' already defined/, ([, name = '']) => [`${name} is defined twice`, 'Keep one of the two.']],
  [/stack overflow|max-call-depth|infinite recursion/, () => ['the evaluation goes round without end']],
  [/out of memory/i, () => ['the evaluation takes more memory than it may']],
  [
    /^access to (?:absolute )?(?:path|URI) '(.*?)' is forbidden/,
    ([, what = '']) => [
      `it reads ${what}, which it may not`,
      'A registry may read files of its own folder only, and nothing from the network.',
    ],
  ],
];

function explain(raw: string): readonly [string, string?] {
  for (const [pattern, words] of EXPLANATIONS) {
    const match = raw.match(pattern);
    if (match) return words(match);
  }
  return [`Nix says: ${raw.split('\n', 1)[0] ?? ''}`];
}

function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '').trim();
}
