import { cpus, totalmem } from 'node:os';
import { pickerRow } from './picker.ts';
import { readChainRow, readManyRow, readRow } from './reading.ts';
import { computedRow, listRow, planRow, pruneRow, triggerRow, type Row } from './rows.ts';
import { transferTable } from './transfer/table.ts';
import { watchTable } from './watch/table.ts';

// Prints a table of ratios of programs that run side by side on this machine.

const ROWS: Readonly<Record<string, () => Row | Promise<Row>>> = {
  list: listRow,
  trigger: triggerRow,
  picker: pickerRow,
  read: readRow,
  'read-many': readManyRow,
  'read-chain': readChainRow,
  computed: computedRow,
  prune: pruneRow,
  plan: planRow,
};

// Node reads the file that this variable names at its start, which would make every program slower by the same time and every ratio smaller.
delete process.env['NODE_EXTRA_CA_CERTS'];

const wanted = process.argv.slice(2);
const print = (text: string): void => void process.stdout.write(text);

if (wanted[0] !== 'transfer' && wanted[0] !== 'watch') {
  print(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 1024 ** 3)} GiB\n\n`,
  );
  print('| what | measured | bound |\n| --- | --- | --- |\n');
  for (const [name, measure] of Object.entries(ROWS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { what, result, bound } = await measure();
    print(`| ${what} | ${result} | ${bound} |\n`);
  }
  if (wanted.length === 0) print('\n');
}
// `transfer` may be followed by the names of its scenarios.
if (wanted.length === 0 || wanted[0] === 'transfer') await transferTable(wanted.slice(1), print);
if (wanted.length === 0 || wanted[0] === 'watch') await watchTable(print);
