export interface TypedLine {
  /** What stands before the word that is being typed, without quotes; the program's name is not among them. */
  readonly words: readonly string[];
  /** The word that is being typed, without quotes. */
  readonly current: string;
  /** Characters of it that bash takes for a word before: it ends one at every `:` and `=` that is not quoted. */
  readonly cut: number;
  /** The word is a file that is read or written, as in `> FILE`. */
  readonly isRedirection: boolean;
}

/** Splits a line of bash, up to the cursor: bash itself would split it irreversibly. Nothing in it is expanded. */
export function readTypedLine(text: string): TypedLine {
  const words: string[] = [];
  const word = new OpenWord();
  let isTarget = false;
  const end = (): void => {
    if (word.hasBegun && !isTarget) words.push(word.text);
    if (word.hasBegun) isTarget = false;
    word.reset();
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? '';
    if (char === "'" || char === '"') index = readQuoted(text, index, word);
    else if (char === '\\') {
      index += 1;
      word.add(text[index] ?? '');
    } else if (/\s/.test(char)) end();
    else if (char === '<' || char === '>') {
      // The number before it is that of a stream.
      if (/^\d+$/.test(word.text)) word.reset();
      end();
      isTarget = true;
    } else word.add(char, char === ':' || char === '=');
  }
  return { words: words.slice(1), current: word.text, cut: word.cut, isRedirection: isTarget };
}

function readQuoted(text: string, start: number, word: OpenWord): number {
  const quote = text[start];
  word.begin();
  let index = start + 1;
  for (; index < text.length && text[index] !== quote; index += 1) {
    const next = text[index + 1] ?? '';
    const isEscape = quote === '"' && text[index] === '\\' && /["\\$`]/.test(next);
    if (isEscape) index += 1;
    word.add(text[index] ?? '');
  }
  return index;
}

class OpenWord {
  text = '';
  cut = 0;
  hasBegun = false;

  begin(): void {
    this.hasBegun = true;
  }

  add(char: string, endsPiece = false): void {
    this.hasBegun = true;
    this.text += char;
    if (endsPiece) this.cut = this.text.length;
  }

  reset(): void {
    this.text = '';
    this.cut = 0;
    this.hasBegun = false;
  }
}
