import { LimitExceeded, refuse, type Span } from './problems.ts';

/** What a token is: a name of a class, or a keyword or operator by its own text. `end`: the end of the text. */
export type TokenKind = string;

export const KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'assert',
  'with',
  'let',
  'in',
  'rec',
  'inherit',
  'or',
]);
const OPERATORS = ['...', '==', '!=', '<=', '>=', '&&', '||', '->', '//', '++', '|>', '<|', '${'];
const OPERATOR_STARTS = new Set(OPERATORS.map((operator) => operator[0]));
// A list of 100,000 entries stays far below.
const MAX_TOKENS = 1_000_000;
const MAX_LENGTH = 16_000_000;
const NAME = /[a-zA-Z_][a-zA-Z0-9_'-]*/y;
const NUMBER = /(?:[1-9][0-9]*\.[0-9]*|0?\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[0-9]+/y;
const PATH = /[a-zA-Z0-9._+-]*(?:\/[a-zA-Z0-9._+-]+)+\/?/y;
const PATH_PIECE = /[a-zA-Z0-9._+-]*(?:\/[a-zA-Z0-9._+-]+)+\/?|[a-zA-Z0-9._+-]*\/|[a-zA-Z0-9._+-]+/y;
const HOME_PATH = /~(?:\/[a-zA-Z0-9._+-]+)+\/?|~\/(?=\$\{)/y;
const SEARCH_PATH = /<[a-zA-Z0-9._+-]+(?:\/[a-zA-Z0-9._+-]+)*>/y;
const URI = /[a-zA-Z][a-zA-Z0-9+.-]*:[a-zA-Z0-9%/?:@&=+$,_.!~*'-]+/y;
// A dollar takes the next character with it, so that `$${` is not an interpolation.
const STRING_TEXT = /(?:[^$"\\]+|\$[^{"\\]|\\[^]|\$\\[^]|\$(?="))+/y;
const INDENTED_TEXT = /(?:[^$']+|\$[^{']|'[^'$]|'''|''\$|''\\[^]|\$(?=')|'(?=\$))+/y;

/**
 * The tokens of Nix, after the lexer of Nix 2.8 (src/libexpr/lexer.l): the longest match wins. One token at a time;
 * the parser asks for the content of strings and paths, because it knows where it is.
 */
export class Lexer implements Span {
  readonly text: string;
  kind: TokenKind = 'end';
  start = 0;
  end = 0;
  previousEnd = 0;
  readonly #hasReturns: boolean;
  readonly #ahead: Lookahead;
  #tokens = 0;

  constructor(text: string) {
    this.text = text;
    this.#ahead = new Lookahead(text);
    if (text.length > MAX_LENGTH) throw new LimitExceeded('work');
    this.#hasReturns = text.includes('\r');
  }

  /** Moves to the next token. Throws `LimitExceeded` after too many tokens. */
  next(): void {
    this.#tokens += 1;
    if (this.#tokens > MAX_TOKENS) throw new LimitExceeded('work');
    this.previousEnd = this.end;
    this.start = this.#skipBlanks(this.end);
    this.kind = this.#lex();
  }

  is(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  /** The kinds of the tokens after this one, without moving. */
  peek(count: number): readonly TokenKind[] {
    const { kind, start, end, previousEnd } = this;
    const kinds = Array.from({ length: count }, () => {
      this.next();
      return this.kind;
    });
    Object.assign(this, { kind, start, end, previousEnd });
    return kinds;
  }

  /** Moves from `end` over a string's text and over what ends that: `${`, the closing quote, or the end of the text. */
  inString(quote: '"' | "''"): '${' | 'quote' | 'end' {
    this.#match(quote === '"' ? STRING_TEXT : INDENTED_TEXT, this.end);
    if (this.text.startsWith('${', this.end)) {
      this.end += 2;
      return '${';
    }
    if (!this.text.startsWith(quote, this.end)) return 'end';
    this.end += quote.length;
    return 'quote';
  }

  /** Inside a path, from `end` on: moves over its text. True: an interpolation follows; false: the path ended. */
  inPath(isInterpolated: boolean): boolean {
    let pieces = 0;
    while (this.#match(PATH_PIECE, this.end)) pieces += 1;
    const isInterpolation = this.text.startsWith('${', this.end);
    if (isInterpolation) this.end += 2;
    else if (this.text[this.end - 1] === '/') refuse(this, 'this path has a trailing slash', 'Delete the last /');
    // Before the first interpolation, Nix takes one more piece if it must, and only because of what follows.
    if (!isInterpolated && pieces > (isInterpolation ? 1 : 0))
      refuse(this, 'this path has two slashes in a row', 'Delete one of them');
    return isInterpolation;
  }

  #lex(): TokenKind {
    const { text, start } = this;
    const code = text.charCodeAt(start);
    if (Number.isNaN(code)) return this.#token('end', start);
    if (isPathChar(code)) this.#ahead.from(start);
    if (isPathChar(code) || code === SLASH) {
      const path = this.#lexPath(start);
      if (path) return path;
    }
    if (isLetter(code)) return this.#lexName(start);
    if (isDigit(code) || (code === DOT && isDigit(text.charCodeAt(start + 1)))) {
      this.#match(NUMBER, start);
      return 'number';
    }
    if (code === QUOTE) return this.#token('"', start + 1);
    if (text.startsWith("''", start)) {
      const lineFeed = /'' *\n/y;
      lineFeed.lastIndex = start;
      return this.#token("''", lineFeed.test(text) ? lineFeed.lastIndex : start + 2);
    }
    if (code === LESS && this.#match(SEARCH_PATH, start)) return 'search path';
    if (code === TILDE && this.#match(HOME_PATH, start)) return 'path';
    return this.#lexOperator(start);
  }

  #lexOperator(start: number): TokenKind {
    const { text } = this;
    const char = String.fromCodePoint(text.codePointAt(start) as number);
    const long = OPERATOR_STARTS.has(char) ? OPERATORS.find((each) => text.startsWith(each, start)) : undefined;
    const operator = long ?? char;
    return this.#token(operator, start + operator.length);
  }

  #lexName(start: number): TokenKind {
    this.#match(NAME, start);
    const { end } = this;
    // Nix reads `x:y` as a URL, also where a function was meant.
    const mayBeAddress = this.text.charCodeAt(this.#ahead.end) === COLON && this.#ahead.underscore < start;
    if (mayBeAddress && this.#match(URI, start) && this.end > end) return 'address';
    this.end = end;
    const word = this.text.slice(start, end);
    return KEYWORDS.has(word) ? word : 'name';
  }

  #lexPath(start: number): TokenKind | undefined {
    const { text } = this;
    const at = text.charCodeAt(start) === SLASH ? start : this.#ahead.end;
    if (text.charCodeAt(at) !== SLASH) return undefined;
    if (text.startsWith('${', at + 1)) return this.#token('path', at + 1);
    if (!isPathChar(text.charCodeAt(at + 1))) return undefined;
    this.#match(PATH, start);
    return 'path';
  }

  #skipBlanks(from: number): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === BLANK || code === LINE_FEED || code === TAB || code === RETURN) at += 1;
      else if (code === HASH) {
        at = this.#lineEnd(at);
      } else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
        const close = text.indexOf('*/', at + 2);
        if (close < 0) refuse({ start: at, end: at + 2 }, 'this comment is not closed', 'Close it with */');
        at = close + 2;
      } else return at;
    }
  }

  #lineEnd(from: number): number {
    const lineFeed = this.text.indexOf('\n', from);
    const end = lineFeed < 0 ? this.text.length : lineFeed;
    if (!this.#hasReturns) return end;
    const lineReturn = this.text.slice(from, end).indexOf('\r');
    return lineReturn < 0 ? end : from + lineReturn;
  }

  #token(kind: TokenKind, end: number): TokenKind {
    this.end = end;
    return kind;
  }

  #match(pattern: RegExp, from: number): boolean {
    pattern.lastIndex = from;
    if (!pattern.test(this.text)) return false;
    this.end = pattern.lastIndex;
    return true;
  }
}

const [BLANK, TAB, LINE_FEED, RETURN] = [0x20, 0x09, 0x0a, 0x0d];
const [HASH, SLASH, STAR, QUOTE, LESS, TILDE, COLON] = [0x23, 0x2f, 0x2a, 0x22, 0x3c, 0x7e, 0x3a];

const MAX_CHARACTERS = 25_000_000;

// Finds the end of a run of characters that a path may begin with, visiting each once. The lexer of tree-sitter visits
// them again for each token (`a.b.c.d` may be a path until its end), so that work is counted and limited.
class Lookahead {
  readonly #text: string;
  #start = 0;
  #characters = 0;
  end = 0;
  /** The last `_` before the end. */
  underscore = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Looks ahead from a character that a path may begin with; throws `LimitExceeded` after too many characters. */
  from(start: number): void {
    if (start < this.#start || start >= this.end) {
      let [at, underscore] = [start, -1];
      for (let code = this.#text.charCodeAt(at); isPathChar(code); code = this.#text.charCodeAt(at)) {
        if (code === UNDERSCORE) underscore = at;
        at += 1;
      }
      [this.#start, this.end, this.underscore] = [start, at, underscore];
    }
    this.#characters += this.end - start;
    if (this.#characters > MAX_CHARACTERS) throw new LimitExceeded('work');
  }
}

export const DOT = 0x2e;
export const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;
const PLUS = 0x2b;

export function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === UNDERSCORE;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isPathChar(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === DOT || code === PLUS || code === HYPHEN;
}
