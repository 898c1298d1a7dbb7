import { cpus, totalmem } from 'node:os';
import { computedRow, downloadRow, listRow, pruneRow, readManyRow, readRow, type Row } from './rows.ts';

// Prints the table of speeds: ratios of things measured side by side in this very run, on this very machine.

const MEBIBYTE = 1024 ** 2;
const ROWS: Readonly<Record<string, () => Row | Promise<Row>>> = {
  list: listRow,
  read: readRow,
  'read-many': readManyRow,
  computed: computedRow,
  prune: pruneRow,
  download: () => downloadRow(1024 * MEBIBYTE),
};

const wanted = process.argv.slice(2);
process.stdout.write(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 1024 ** 3)} GiB\n\n`,
);
process.stdout.write('| what | measured | bound |\n| --- | --- | --- |\n');
for (const [name, measure] of Object.entries(ROWS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { what, result, bound } = await measure();
  process.stdout.write(`| ${what} | ${result} | ${bound} |\n`);
}
