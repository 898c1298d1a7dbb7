import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { width } from '../../../src/adapters/terminal/cells.ts';
import { frame } from '../../../src/cli/progress/frame.ts';
import { capabilitiesOf } from '../../../src/cli/progress/open-progress.ts';
import type { Measure, View } from '../../../src/cli/progress/rows.ts';
import { styleFor } from '../../../src/adapters/terminal/style.ts';

const UTF8 = { LANG: 'en_GB.UTF-8' };
const colour = capabilitiesOf(UTF8, styleFor({ write: () => true, isTTY: true }, {}, false));
const plain = capabilitiesOf(UTF8, styleFor({ write: () => true, isTTY: true }, { NO_COLOR: '1' }, false));
const ascii = capabilitiesOf({ LANG: 'en_GB.ISO-8859-1' }, styleFor({ write: () => true, isTTY: true }, {}, false));

const none: Measure = {
  received: 0,
  size: undefined,
  rate: undefined,
  left: undefined,
  connections: undefined,
  phase: undefined,
};
const small = { ...none, received: 80.1e6, size: 190e6, rate: 12.1e6, left: 9, connections: 4 };
const base = { ...none, received: 59.7e6, size: 59.7e6, rate: 3.4e6, connections: 0, phase: 'verifying' };
const two: View = {
  rows: [
    { name: 'small.en-q5_1', ...small },
    { name: 'base.en', ...base },
  ],
  total: { ...none, received: 139.8e6, size: 1.8e9, rate: 15.5e6, left: 107, done: 1, count: 4 },
};
const one: View = { rows: two.rows.slice(0, 1), total: { ...small, done: 0, count: 1 } };

test('one model is one line with all that there is to know, if there is room', () => {
  assert.deepEqual(frame(one, { columns: 140, rows: 23 }, plain), [
    'small.en-q5_1  #############-------------------   42 %  80.1 MB of 190 MB   12.1 MB/s     9 s left  4 connections',
  ]);
  assert.deepEqual(frame(one, { columns: 80, rows: 23 }, plain), [
    'small.en-q5_1  #####--------   42 %  80.1 MB of 190 MB   12.1 MB/s     9 s left',
  ]);
  assert.deepEqual(frame(one, { columns: 60, rows: 23 }, plain), [
    'small.en-q5_1  #####--------   42 %  12.1 MB/s     9 s left',
  ]);
});

test('several are a line each and one for all, in columns', () => {
  assert.deepEqual(
    frame(two, { columns: 80, rows: 23 }, plain),
    [
      'small.en-q5_1  #####--------   42 %  80.1 MB of 190 MB   12.1 MB/s     9 s left',
      'base.en        #############  100 %  59.7 MB of 59.7 MB  verifying',
      '1 of 4 models  #-------------    7 %   140 MB of 1.8 GB   15.5 MB/s   2 min left',
    ].map((line) => line.replace('#-------------', '#------------')),
  );
});

test('two colours make lines of box drawings, with half a cell where that is nearer', () => {
  const [line = ''] = frame(one, { columns: 80, rows: 23 }, colour);
  assert.match(line, /\x1b\[36m━━━━━\x1b\[39m\x1b\[2m╺━━━━━━━\x1b\[22m/);
  const half = { ...one, rows: [{ name: 'small.en-q5_1', ...small, received: 81e6 * (95 / 81) }] };
  assert.match(stripVTControlCharacters(frame(half, { columns: 80, rows: 23 }, colour)[0] ?? ''), /━━━━━━╸━━━━━━ /);
  assert.match(frame(one, { columns: 80, rows: 23 }, ascii)[0] ?? '', /#####--------/);
});

test('no line ever reaches the last column, and there are no more than there is room for', () => {
  const names = ['a', 'small.en-q5_1', 'large-v3-turbo-q5_0-with-a-very-long-name-of-its-own', '字字字字字字字字字字'];
  const measures: readonly Measure[] = [
    none,
    small,
    base,
    { ...small, received: 999.4e9, size: 999.4e9 + 1, rate: 99.94e6, left: 98.2 * 60, connections: 64 },
    { ...small, phase: 'waiting, 28 s left' },
    { ...none, received: 5, phase: 'connecting' },
  ];
  for (const look of [colour, plain, ascii]) {
    for (let columns = 1; columns <= 160; columns += 1) {
      for (const rows of [1, 2, 3, 5, 30]) {
        for (const count of [1, 2, 12]) {
          const shown = names
            .flatMap((name) => measures.map((measure) => ({ name, ...measure })))
            .slice(0, count === 1 ? 1 : 24);
          const lines = frame({ rows: shown, total: { ...small, done: 3, count } }, { columns, rows }, look);
          assert.ok(lines.length >= 1 && lines.length <= rows, `${lines.length} lines of ${rows}`);
          for (const line of lines)
            assert.ok(width(line) <= Math.max(0, columns - 1), `${columns}: ${JSON.stringify(line)}`);
        }
      }
    }
  }
});

test('what does not fit is counted', () => {
  const view: View = {
    rows: [1, 2, 3, 4, 5].map((each) => ({ name: `model-${each}`, ...small })),
    total: { ...small, done: 0, count: 5 },
  };
  const lines = frame(view, { columns: 80, rows: 4 }, plain);
  assert.deepEqual(
    lines.map((line) => line.slice(0, 13).trimEnd()),
    ['model-1', 'model-2', '+ 3 more', '0 of 5 models'],
  );
});

test('a name is cut last of all, and says so', () => {
  const long = { ...one, rows: [{ name: 'large-v3-turbo-q5_0', ...small }] };
  assert.match(frame(long, { columns: 40, rows: 9 }, plain)[0] ?? '', /^large-v3-turbo-q5_0 {2}#+-+ +42 %$/);
  assert.match(frame(long, { columns: 25, rows: 9 }, plain)[0] ?? '', /^large-v3-turb… {2}42 %|^large-v3…/);
  assert.match(frame(long, { columns: 25, rows: 9 }, ascii)[0] ?? '', /^large[^…]*~/);
});

test('numbers that grow move nothing', () => {
  const at = (received: number, rate: number, left: number): readonly number[] => {
    const line = frame(
      { ...one, rows: [{ name: 'small.en-q5_1', ...small, received, rate, left }] },
      { columns: 80, rows: 9 },
      plain,
    )[0];
    return [' %', ' of ', '/s', ' left'].map((text) => line?.indexOf(text) ?? -1);
  };
  assert.deepEqual(at(1.9e6, 900, 5940), at(189e6, 999e6, 1));
});
