/** A half-open range of the source text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Why Nix would refuse a text, where, and what to do about it. */
export interface SyntaxProblem extends Span {
  readonly message: string;
  readonly hint?: string | undefined;
  /** The offset of the first of two conflicting definitions. */
  readonly first?: number | undefined;
}

/** Thrown inside the checker; ends the check at the first problem. */
export class Refusal extends Error {
  readonly problem: SyntaxProblem;

  constructor(problem: SyntaxProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

export function refuse(at: Span, message: string, hint?: string, first?: number): never {
  throw new Refusal({ start: at.start, end: at.end, message, hint, first });
}

/** Thrown where a text takes too much work. Limits count steps, not time, so every machine refuses the same texts. */
export class LimitExceeded extends Error {
  readonly limit: 'depth' | 'work';

  constructor(limit: 'depth' | 'work') {
    super(limit === 'depth' ? 'nested too deeply' : 'too much work to read');
    this.limit = limit;
  }
}

/** How deep brackets, functions, `let`s and operators may be nested: what the stack has room for. */
export const MAX_DEPTH = 256;
// Word processors and web pages replace plain quotes with these.
const QUOTES = new Set("'`´‘’‚“”„«»");

const BLANKS: ReadonlyMap<string, string> = new Map([
  ['\f', 'a form feed'],
  ['\v', 'a vertical tab'],
  ['\u0085', 'a next-line character'],
  ['\u00a0', 'a no-break space'],
  ['\u00ad', 'a soft hyphen'],
  ['\u200b', 'a zero-width space'],
  ['\u200c', 'a zero-width non-joiner'],
  ['\u200d', 'a zero-width joiner'],
  ['\u2028', 'a line separator'],
  ['\u2029', 'a paragraph separator'],
  ['\u202f', 'a narrow no-break space'],
  ['\u2060', 'a word joiner'],
  ['\u3000', 'an ideographic space'],
]);

/** Refuses, by its name, a character that is invisible or only looks like one of Nix. Returns for any other. */
export function refuseOdd(char: string, at: Span): void {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (QUOTES.has(char)) refuse(at, `${char} is not a Nix quote`, 'Write strings in double quotes: "…"');
  if (char === '\ufeff') {
    refuse(at, `a byte order mark (${code})`, 'Save the file as UTF-8 without a byte order mark');
  }
  const blank = BLANKS.get(char) ?? (/\p{Zs}/u.test(char) ? 'a special space character' : undefined);
  if (blank !== undefined) refuse(at, `${blank} (${code})`, 'Replace it with a plain space, or delete it');
  if (/[\p{C}]/u.test(char)) refuse(at, `an invisible character (${code})`, 'Delete it');
  if (char > '\x7f') refuse(at, `${char} (${code}) outside a string`, 'Quote it: "…"');
}
