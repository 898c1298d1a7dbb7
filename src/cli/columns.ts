/** What is narrower than this is left to the terminal to wrap. */
const LEAST_WIDTH = 40;

export type Row = readonly [left: string, right: string];

/** Two columns, of which the right one is wrapped so that no line is wider than the terminal. */
export function columns(rows: readonly Row[], width: number): readonly string[] {
  const left = Math.max(...rows.map(([text]) => text.length));
  const indent = ' '.repeat(left + 4);
  return rows.flatMap(([name, text]) =>
    wrap(text, Math.max(width, LEAST_WIDTH) - indent.length).map((line, index) =>
      index === 0 ? `  ${name.padEnd(left)}  ${line}` : `${indent}${line}`,
    ),
  );
}

/** A text as lines that are broken between words. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
