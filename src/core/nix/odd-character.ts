import { refuse, type Span } from './problem.ts';

// Word processors and web pages put them where a plain quote was typed.
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

/** Refuses a character that looks like Nix and is none, or that nobody can see: by its name. Goes on with any other. */
export function refuseOdd(char: string, at: Span): void {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (QUOTES.has(char)) refuse(at, `${char} is no quote of Nix`, 'A string stands in double quotes: "…".');
  if (char === '\ufeff') {
    refuse(at, `a byte order mark (${code})`, 'Nix does not know it: save the file as UTF-8 without one.');
  }
  const blank = BLANKS.get(char) ?? (/\p{Zs}/u.test(char) ? 'a blank of another kind' : undefined);
  if (blank !== undefined) refuse(at, `${blank} (${code})`, 'Nix does not know it: write a plain blank or nothing.');
  if (/[\p{C}]/u.test(char)) refuse(at, `an invisible character (${code})`, 'Nix does not know it: take it away.');
  if (char > '\x7f') refuse(at, `${char} (${code}) outside of a string`, 'Quote it: "…".');
}
