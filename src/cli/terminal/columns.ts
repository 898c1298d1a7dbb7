import { wrap } from './cells.ts';

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
