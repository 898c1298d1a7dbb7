import assert from 'node:assert/strict';
import { test } from 'node:test';
import { width } from '../../src/adapters/terminal/cells.ts';
import { columnsOf, displayFor } from '../../src/adapters/terminal/display.ts';
import { layTable, type Column } from '../../src/adapters/terminal/table.ts';

const HOST = { stdout: { write: () => undefined }, environment: {}, cwd: '/' };
const COLUMNS: readonly Column[] = [
  { head: '' },
  { head: 'MODEL' },
  { head: 'SIZE', side: 'start', rank: 1 },
  { head: 'SHARE', rank: 0 },
  { head: 'STATE' },
];

function lay(room: number, ...rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((text) => ({ text })));
  return layTable({ columns: COLUMNS, rows: cells }, { ...displayFor(HOST, (_, text) => text), columns: room });
}

const BASE = ['*', 'base.en-q5_1', '59.7 MB', '#####', 'active, line 4: not downloaded'];
const WIDE = ['*', '模型', '1.1 GB', '#', 'kept: listed in another registry'];

test('columns are aligned by terminal cells', () => {
  assert.deepEqual(lay(100, BASE, WIDE), [
    '  MODEL            SIZE  SHARE  STATE',
    '* base.en-q5_1  59.7 MB  #####  active, line 4: not downloaded',
    '* 模型           1.1 GB  #      kept: listed in another registry',
  ]);
});

test('a narrow table drops the least important columns before it truncates cells', () => {
  assert.equal(lay(50, BASE)[1], '* base.en-q5_1  59.7 MB  active, line 4: not down…');
  assert.equal(lay(40, BASE)[1], '* base.en-q5_1  active, line 4: not dow…');
});

test('no line of a table is wider than the terminal', () => {
  const long = ['*', 'x'.repeat(200), '59.7 MB', '#####', '字'.repeat(100)];
  for (const room of [20, 30, 40, 60, 80, 140])
    for (const line of lay(room, BASE, WIDE, long)) assert.ok(width(line) <= room, `${room}: ${line}`);
});

test('an empty column is left out', () => {
  assert.deepEqual(lay(80, ['o', 'base.en', '148 MB', '    ', 'active']), [
    '  MODEL      SIZE  STATE',
    'o base.en  148 MB  active',
  ]);
});

test('a terminal of unknown width counts as 80 columns, a pipe as unlimited', () => {
  assert.equal(columnsOf({ write: () => undefined, isTTY: true, columns: 0 }), 80);
  assert.equal(columnsOf({ write: () => undefined, isTTY: true, columns: 60 }), 60);
  assert.equal(columnsOf({ write: () => undefined, columns: 60 }), Number.POSITIVE_INFINITY);
});
