import { asObject } from './json.ts';

/** One error as Nix logs it. */
export interface NixError {
  readonly msg: string | undefined;
  readonly raw_msg: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** What was being done when it came up, in words. */
  readonly contexts: readonly string[];
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
  const { action, level, msg, raw_msg, file, line, column, trace } = asObject(entry);
  if (action !== 'msg' || level !== 0) return [];
  const contexts = Array.isArray(trace) ? trace.map((each) => textOr(asObject(each)['raw_msg']) ?? '') : [];
  return [
    {
      msg: textOr(msg),
      raw_msg: textOr(raw_msg),
      file: textOr(file),
      line: typeof line === 'number' ? line : undefined,
      column: typeof column === 'number' ? column : undefined,
      contexts,
    },
  ];
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? plain(value) : undefined;
}

/** A text without colours. */
export function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '').trim();
}
