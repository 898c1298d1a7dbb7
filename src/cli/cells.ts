import truncatedWidth from 'fast-string-truncated-width';

// Texts are laid out by the cells that they take on a terminal: 字 takes two, a combining mark none, a colour none.

/** How many cells a text takes. */
export function width(text: string): number {
  return isPlain(text) ? text.length : truncatedWidth(text).width;
}

/** A text filled up with spaces to so many cells; longer ones stay as they are. */
export function pad(text: string, cells: number, side: 'end' | 'start' = 'end'): string {
  const space = ' '.repeat(Math.max(0, cells - width(text)));
  return side === 'end' ? text + space : space + text;
}

/** A text without colours that takes so many cells at the most; what is cut off is told by `…`. */
export function cut(text: string, cells: number): string {
  if (width(text) <= cells) return text;
  if (cells < 1) return '';
  return `${text.slice(0, truncatedWidth(text, { limit: cells, ellipsisWidth: 1 }).index)}…`;
}

/** The same, cut in the middle: of a path, both ends tell more. */
export function cutMiddle(text: string, cells: number): string {
  if (width(text) <= cells) return text;
  const start = Math.floor((cells - 1) / 2);
  const units = [...text];
  const head = cut(text, Math.max(1, start + 1)).slice(0, -1);
  let tail = '';
  for (let unit = units.pop(); unit !== undefined && width(unit + tail) < cells - width(head); unit = units.pop())
    tail = unit + tail;
  return `${head}…${tail}`;
}

/** Whether each character is one cell wide, as nearly every text here is. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7E]*$/.test(text);
}
