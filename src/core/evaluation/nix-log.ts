import { asObject } from '../json.ts';

/** Something that Nix says of a place; for a text on standard input, Nix 2.8 gives that text as the name of the file. */
export interface Said {
  readonly raw_msg: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** One error as Nix logs it. */
export interface NixError extends Said {
  readonly msg: string | undefined;
  /** What was being done when it came up, from the inside out. */
  readonly trace: readonly Said[];
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
  return [{ ...asSaid(entry), msg: textOr(msg), trace: Array.isArray(trace) ? trace.map(asSaid) : [] }];
}

function asSaid(entry: unknown): Said {
  const { raw_msg, file, line, column } = asObject(entry);
  return {
    raw_msg: textOr(raw_msg),
    file: typeof file === 'string' ? file : undefined,
    line: typeof line === 'number' ? line : undefined,
    column: typeof column === 'number' ? column : undefined,
  };
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? plain(value) : undefined;
}

/** A text without colours. */
export function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '').trim();
}

/** What went wrong in an evaluation: in words, where, and what to do. */
export interface NixFailure {
  readonly message: string;
  readonly hint: string | undefined;
  /** Line and column from 1. `file: undefined` is the text that Nix was given; the line is one of the registry then. */
  readonly position: { readonly file: string | undefined; readonly line: number; readonly column: number } | undefined;
  /** Whether it came up in `modelsDir`, where the list is asked for too. */
  readonly isInModelsDir: boolean;
  /** A variable that `modelsDir` reads and may not see. */
  readonly unlisted?: string;
}
