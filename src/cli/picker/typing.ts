const ESCAPE = '\x1b';
const SEQUENCE = /^\x1b(\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|O[\x20-\x7e]|[\x20-\x4e\x50-\x5a\x5c-\x7f])$/;
const UNFINISHED = /^\x1b+(\[[\x20-\x3f]*|O)?$/;
const [PASTE_BEGINS, PASTE_ENDS] = ['\x1b[200~', '\x1b[201~'];
/** Blanks and control characters, which are not keys in pasted text. */
const [BLANK, CONTROL] = [/[\t\r\n]/, /\p{Cc}/u];
/** C1 control characters, bidirectional marks and other characters that are invisible, or change how others are shown. */
const INVISIBLE = /[\x80-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** Characters of a filter: longer than any name. */
const LONGEST = 255;

/** Turns the characters that a terminal sends into keys for a filter. Pasted text only fills the filter: it selects and submits nothing. */
export class Typing {
  #sequence = '';
  #isPasting = false;

  /** The key for the next character, if any; `length`: of the filter. */
  keyFor(char: string, length: number): string | undefined {
    if (char === ESCAPE || this.#sequence !== '') return this.#inSequence(char, length);
    if (this.#isPasting && BLANK.test(char)) return this.keyFor(' ', length);
    if (INVISIBLE.test(char) || (this.#isPasting && CONTROL.test(char))) return undefined;
    const isText = !CONTROL.test(char);
    return isText && length >= LONGEST ? undefined : char;
  }

  #inSequence(char: string, length: number): string | undefined {
    const sequence = this.#sequence + char;
    const isPasted = this.#isPasting;
    if (UNFINISHED.test(sequence)) {
      this.#sequence = sequence.replace(/^\x1b+/, ESCAPE);
    } else {
      this.#sequence = '';
      if (!SEQUENCE.test(sequence)) return this.keyFor(char, length);
      if (sequence === PASTE_BEGINS || sequence === PASTE_ENDS) this.#isPasting = sequence === PASTE_BEGINS;
    }
    return isPasted ? undefined : char;
  }
}
