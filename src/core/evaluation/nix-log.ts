import { asObject } from '../json.ts';

/** A message about a place; for a text on standard input, Nix 2.8 gives that text as the name of the file. */
export interface LogPlace {
  readonly raw_msg: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export interface NixError extends LogPlace {
  readonly msg: string | undefined;
  /** The steps of the evaluation, innermost first. */
  readonly trace: readonly LogPlace[];
}

/** The entries of level 0 in what Nix writes with `--log-format internal-json`. Older versions lack `raw_msg` and `trace`. */
export function errorsIn(stderr: string): readonly NixError[] {
  return stderr.split('\n').flatMap((line) => {
    if (!line.startsWith('@nix ')) return [];
    try {
      return asError(JSON.parse(line.slice('@nix '.length)));
    } catch {
      // A line that was cut off at the limit of the output.
      return [];
    }
  });
}

function asError(entry: unknown): readonly NixError[] {
  const { action, level, msg, trace } = asObject(entry);
  if (action !== 'msg' || level !== 0) return [];
  return [{ ...readPlace(entry), msg: textOr(msg), trace: Array.isArray(trace) ? trace.map(readPlace) : [] }];
}

function readPlace(entry: unknown): LogPlace {
  const { raw_msg, file, line, column } = asObject(entry);
  return {
    raw_msg: textOr(raw_msg),
    // Newer versions append the position to the name of a file.
    file: typeof file === 'string' ? withoutEnd(file, `:${Number(line)}:${Number(column)}`) : undefined,
    line: typeof line === 'number' ? line : undefined,
    column: typeof column === 'number' ? column : undefined,
  };
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? plain(value) : undefined;
}

/** A text without colours. */
export function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '').trim();
}

/** Why an evaluation failed: a sentence, the place, and what to do. */
export interface NixFailure {
  readonly message: string;
  readonly hint: string | undefined;
  /** Line and column from 1. `file: undefined` is the text that Nix was given; the line is one of the registry then. */
  readonly position: { readonly file: string | undefined; readonly line: number; readonly column: number } | undefined;
  /** Whether it is in `modelsDir` rather than in the list. */
  readonly isInModelsDir: boolean;
  /** Whether it is in `modelSources`. */
  readonly isInSources?: boolean;
  /** Whether the value needs the arguments of its file. */
  readonly needsArguments?: boolean;
  /** A variable that `modelsDir` must not read. */
  readonly unlisted?: string;
}
