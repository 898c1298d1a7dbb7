import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { truncateMiddle, width } from '../../src/adapters/terminal/cells.ts';
import { layOut, previewRoom, type Screen, type View } from '../../src/cli/picker/frame.ts';
import { previewOf, type PlanPreview } from '../../src/cli/picker/plan-preview.ts';
import { matches, rowOf, type Row } from '../../src/cli/picker/rows.ts';
import { glyphsFor } from '../../src/adapters/terminal/display.ts';
import { styleFor } from '../../src/adapters/terminal/style.ts';
import { loadCatalogue, menuOrder } from '../../src/core/catalogue/catalogue.ts';
import { makePlan } from '../../src/core/plan/make-plan.ts';
import { EMPTY, fetchedFile, NOTHING, plainFile } from '../support/plans.ts';

const CATALOGUE = loadCatalogue();
const [BASE, SMALL] = ['ggml-base.en-q5_1.bin', 'ggml-small.en-q5_1.bin'];
const ROWS = menuOrder(CATALOGUE).map((entry) => {
  const isSmall = entry.file === SMALL;
  return rowOf({ entry, isActive: entry.file === 'ggml-tiny.bin', isOnDisk: isSmall, isCommented: isSmall });
});
const PLAIN = styleFor({ write: () => undefined }, {}, true);
const COLOURED = styleFor({ write: () => undefined, isTTY: true }, {}, false);
const UTF8 = glyphsFor({ LANG: 'C.UTF-8' });

function view(filter: string, more: Partial<View> = {}): View {
  const matching = ROWS.filter((row) => matches(filter, row));
  return {
    rows: ROWS,
    matching,
    focus: 0,
    chosen: [],
    filter,
    cursor: filter.length,
    refusal: undefined,
    isLeaving: false,
    ...more,
  };
}

function screen(columns: number, rows = 24, more: Partial<Screen> = {}): Screen {
  return { columns, rows, style: PLAIN, glyphs: UTF8, ...more };
}

function preview(columns: number, chosen: readonly string[], free = 1e10, isPruning = true): PlanPreview {
  const file = fetchedFile(SMALL, 190098681);
  const desired = { ...NOTHING, wanted: chosen, prune: isPruning };
  return previewOf(
    makePlan(desired, { ...EMPTY, files: [file], free }, CATALOGUE),
    isPruning,
    previewRoom({ columns }),
  );
}

function frame(columns: number, rows: number, shown = view('')): readonly string[] {
  return layOut(shown, preview(columns, [BASE]), screen(columns, rows)).lines;
}

test('no line is as wide as the terminal and no frame as high, with colours and without', () => {
  const filters = ['', 'q5 en', '字'.repeat(80), 'no such model'];
  for (const columns of [60, 80, 140, 40]) {
    for (const rows of [6, 12, 24, 60]) {
      for (const filter of filters) {
        const chosen = [...CATALOGUE.keys()];
        for (const style of [PLAIN, COLOURED]) {
          const on = screen(columns, rows, { style });
          const { lines, cursor } = layOut(view(filter, { chosen }), preview(columns, chosen, 0), on);
          for (const line of lines) assert.ok(width(line) < columns, `${columns}: ${line}`);
          assert.ok(lines.length < rows, `${lines.length} lines on ${rows}`);
          assert.ok(cursor < columns, `the cursor is at ${cursor} of ${columns}`);
        }
      }
    }
  }
});

test('colours add nothing to what is said', () => {
  const chosen = view('', { chosen: [BASE], focus: 3 });
  const plain = layOut(chosen, preview(80, [BASE]), screen(80)).lines;
  const coloured = layOut(chosen, preview(80, [BASE]), screen(80, 24, { style: COLOURED })).lines;
  assert.ok(plain.every((line) => !line.includes('\x1b')));
  assert.ok(coloured.some((line) => line.includes('\x1b[')));
  assert.deepEqual(coloured.map(stripVTControlCharacters), plain);
});

test('columns go by what they are worth: memory, quantisation, language', () => {
  assert.match(frame(140, 24)[1] ?? '', /^ {4}MODEL +SIZE {2}LANG +QUANT +MEMORY {2}STATE$/);
  assert.match(frame(80, 24)[1] ?? '', /^ {4}MODEL +SIZE {2}LANG +QUANT +MEMORY {2}STATE$/);
  assert.match(frame(72, 24)[1] ?? '', /^ {4}MODEL +SIZE {2}LANG +QUANT {2}STATE$/);
  assert.match(frame(64, 24)[1] ?? '', /^ {4}MODEL +SIZE {2}LANG +STATE$/);
  assert.match(frame(60, 24)[1] ?? '', /^ {4}MODEL +SIZE {2}STATE$/);
});

test('the four of the seed come first, with what each is', () => {
  const [, , tiny, base, small, medium, active] = frame(80, 24);
  assert.equal(tiny, '❯ ◻ tiny.en-q5_1         32.2 MB  en     q5_1');
  assert.equal(base, '  ◻ base.en-q5_1         59.7 MB  en     q5_1            (recommended)');
  assert.equal(small, '  ◻ small.en-q5_1         190 MB  en     q5_1            on disk, commented out');
  assert.equal(medium, '  ◻ medium.en-q5_0        539 MB  en     q5_0');
  assert.equal(active, '  ◻ tiny                 77.7 MB  multi  f16    ~273 MB  active');
});

test('a low screen shows the focused row, and what would happen', () => {
  for (let focus = 0; focus < ROWS.length; focus += 1) {
    const lines = frame(60, 12, view('', { focus }));
    assert.equal(lines.length, 11);
    const focused = lines.filter((line) => line.startsWith('❯'));
    assert.equal(focused.length, 1);
    assert.ok(focused[0]?.startsWith(`❯ ◻ ${truncateMiddle(ROWS[focus]?.name ?? '', 22)} `));
    assert.deepEqual(lines.slice(-4), [
      '  download  base.en-q5_1 (59.7 MB)',
      '  remove    small.en-q5_1 (190 MB)',
      '  disk      needs 59.7 MB, leaves 10.1 GB free',
      '  tab select · enter download · esc cancel · ctrl-c quit',
    ]);
  }
});

test('what does not fit is said by how much, and Enter is refused with that', () => {
  const told = preview(80, ['ggml-large-v3.bin'], 1e9);
  assert.equal(told.trouble, 'does not fit: 1.9 GB short');
  assert.equal(told.disk, told.trouble);
  const lines = layOut(view('', { refusal: told.trouble }), told, screen(80)).lines;
  assert.equal(lines.at(-1), '  Cannot download: does not fit: 1.9 GB short');
});

test('what is not pruned is said, and names without room are counted', () => {
  assert.equal(preview(80, [BASE], 1e10, false).remove, 'nothing (--no-prune)');
  assert.equal(preview(80, [SMALL]).remove, 'nothing');
  assert.equal(preview(80, [SMALL]).fetch, 'small.en-q5_1 already on disk');
  assert.match(
    preview(80, [...CATALOGUE.keys()]).fetch,
    /^42 models \(more than [\d.]+ GB\); 1 model already on disk$/,
  );
});

test('each word of a filter has to be about the model', () => {
  const found = (filter: string): readonly string[] => view(filter).matching.map(({ name }: Row) => name);
  assert.deepEqual(found('large turbo'), ['large-v3-turbo', 'large-v3-turbo-q5_0', 'large-v3-turbo-q8_0']);
  assert.deepEqual(found('Q5 EN'), ['tiny.en-q5_1', 'base.en-q5_1', 'small.en-q5_1', 'medium.en-q5_0']);
  assert.deepEqual(found('disk'), ['small.en-q5_1']);
  assert.deepEqual(found('commented'), ['small.en-q5_1']);
  assert.deepEqual(found('multi f16 tiny'), ['tiny']);
  assert.deepEqual(found('recommended'), ['base.en-q5_1']);
  assert.deepEqual(found('tiny large'), []);
});

test('without UTF-8 there are letters alone', () => {
  const on = screen(60, 12, { glyphs: glyphsFor({ LC_ALL: 'de_DE.ISO-8859-1', LANG: 'de_DE.UTF-8' }) });
  const { lines } = layOut(view('', { chosen: [BASE] }), preview(60, [...CATALOGUE.keys()], 0), on);
  for (const line of lines) assert.match(line, /^[\x20-\x7E]*$/);
  assert.match(lines.join('\n'), /^> \[ \] tiny\.en-q5_1 .*\n {2}\[x\] base\.en-q5_1 /m);
});

test('one long name takes neither size nor state from the others', () => {
  const long = rowOf({
    entry: { file: `ggml-${'x'.repeat(70)}.bin`, repo: 'a/b', revision: 'main', size: 5, sha256: undefined },
    isActive: false,
    isOnDisk: false,
    isCommented: false,
  });
  for (const columns of [60, 80]) {
    const rows = [...ROWS, long];
    const lines = layOut(view('', { rows, matching: rows }), preview(columns, []), screen(columns)).lines;
    assert.match(lines[1] ?? '', /MODEL +SIZE .*STATE$/);
    assert.ok(lines.every((line) => width(line) < columns));
  }
});

test('a model that has to be hashed before it may go is shown as such', () => {
  const actual = { ...EMPTY, files: [plainFile(SMALL, 190098681)], free: 1e10 };
  const plan = makePlan({ ...NOTHING, wanted: [BASE], prune: true }, actual, CATALOGUE);
  assert.equal(previewOf(plan, true, 80).remove, 'nothing; small.en-q5_1 unverified, hashed first');
});
