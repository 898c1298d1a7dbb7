import truncatedWidth from 'fast-string-truncated-width';

// Texts are laid out by the cells that they take on a terminal: 字 takes two, a combining mark none, a colour none.

export function width(text: string): number {
  return isPlain(text) ? text.length : truncatedWidth(text).width;
}

/** A text filled up with spaces to so many cells; longer ones stay as they are. */
export function pad(text: string, cells: number, side: 'end' | 'start' = 'end'): string {
  const space = ' '.repeat(Math.max(0, cells - width(text)));
  return side === 'end' ? text + space : space + text;
}

/** A text without colours, cut to at most so many cells; a sign of one cell marks the cut. */
export function cut(text: string, cells: number, sign = '…'): string {
  if (width(text) <= cells) return text;
  if (cells < 1) return '';
  return `${text.slice(0, truncatedWidth(text, { limit: cells, ellipsisWidth: 1 }).index)}${sign}`;
}

/** The same, cut before its end: names of models differ there. */
export function truncateMiddle(text: string, cells: number, sign = '…'): string {
  const end = cells < 3 * END || width(text) <= cells ? '' : text.slice(-END);
  return cut(text.slice(0, text.length - end.length), cells - width(end), sign) + end;
}

/** As many characters as the quantization in a name has, with its hyphen. */
const END = 5;

/** A text in lines of so many cells, broken between words; a word that is longer than a line stays whole. */
export function wrap(text: string, cells: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && width(line) + 1 + width(word) > cells) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The same, with lines after the first indented by two cells. */
export function hanging(text: string, cells: number): readonly string[] {
  if (width(text) <= cells) return [text];
  const [first = '', ...more] = wrap(text, cells - 2);
  return [first, ...more.map((line) => `  ${line}`)];
}

export function hangingText(lines: readonly string[], cells: number): string {
  return lines.flatMap((line) => hanging(line, cells).map((part) => `${part}\n`)).join('');
}

/** Whether each character is one cell wide, as nearly every text here is: ASCII, and the signs and bars of the tables. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7E…→○●×•✓✗▏▎▍▌▋▊▉█]*$/.test(text);
}
