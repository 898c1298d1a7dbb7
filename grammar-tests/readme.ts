import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER } from './corpus.ts';
import { KNOWN_GAPS } from './known-gaps.ts';

const README = join(FOLDER, 'README.md');
const TABLE = /(?:^\|.*\n)+/m;

/** The known gaps as a Markdown table, in the layout of the formatter. */
export function renderTable(): string {
  const header = ['known gap', 'files', 'grammar', 'Nix', 'reader', 'note'];
  const rows = KNOWN_GAPS.map(({ what, constructs, grammar, nix, reader, note, otherNix }) =>
    [what, String(constructs.length), grammar, nix, reader, otherNix ? `${note}; ${otherNix}` : note].map((cell) =>
      cell.replaceAll('|', '\\|'),
    ),
  );
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('');
}

/** The table that the README shows. */
export function readTable(): string {
  return TABLE.exec(readFileSync(README, 'utf8'))?.[0] ?? '';
}

export function writeTable(): void {
  writeFileSync(
    README,
    readFileSync(README, 'utf8').replace(TABLE, () => renderTable()),
  );
}
