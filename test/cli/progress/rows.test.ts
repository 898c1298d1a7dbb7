import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rows } from '../../../src/cli/progress/rows.ts';
import { logLine } from '../../../src/cli/progress/frame.ts';

const [BASE, TINY] = ['ggml-base.en.bin', 'ggml-tiny.en.bin'];

/** Rows with these models, each of 100 bytes. */
function begun(...names: readonly string[]): Rows {
  const rows = new Rows();
  rows.begin(
    names.map((name) => ({ name, size: 100 })),
    0,
  );
  return rows;
}

function phaseAt(rows: Rows, now: number): string | undefined {
  return rows.view(now).rows[0]?.phase;
}

test('what is to come or done is counted, and only what is under way is shown', () => {
  const rows = begun(BASE, TINY);
  rows.step({ name: TINY, received: 30, size: 100, connections: 1 }, 0);
  const { rows: shown, total } = rows.view(0);
  assert.deepEqual(
    shown.map(({ name }) => name),
    ['tiny.en'],
  );
  assert.deepEqual([total.received, total.size, total.done, total.count], [30, 200, 0, 2]);
  rows.step({ name: TINY, received: 100, size: 100, phase: 'done' }, 1);
  assert.deepEqual(rows.view(1).rows, []);
  assert.deepEqual([rows.view(1).total.received, rows.view(1).total.done], [100, 1]);
  rows.step({ name: 'ggml-other.bin', received: 1, size: 1 }, 1);
  assert.equal(rows.view(1).total.count, 2, 'nobody has begun that one');
  rows.end([BASE, TINY]);
  assert.ok(rows.isEmpty);
});

test('bytes of an earlier run count for the percentage but not for the rate', () => {
  const rows = begun(BASE);
  rows.step({ name: BASE, received: 50, size: 100, connections: 0 }, 0);
  assert.equal(rows.view(0).rows[0]?.received, 50);
  for (let now = 100; now <= 1000; now += 100)
    rows.step({ name: BASE, received: 50 + now / 100, size: 100, connections: 4 }, now);
  const [row] = rows.view(1000).rows;
  assert.deepEqual([row?.received, Math.round(row?.rate ?? 0), Math.round(row?.left ?? 0)], [60, 10, 4]);
  assert.equal(Math.round(rows.view(1000).total.rate ?? 0), 10);
});

test('what begins again from the start does not come backwards', () => {
  const rows = begun(BASE);
  for (const [now, received] of [0, 20, 40, 0, 20].entries())
    rows.step({ name: BASE, received, size: 100, connections: 1 }, now * 1000);
  assert.ok((rows.view(5000).rows[0]?.rate ?? -1) > 0);
});

test('while no bytes come it says why', () => {
  const rows = begun(BASE);
  rows.step({ name: BASE, received: 0, size: 100, phase: 'adopting' }, 0);
  assert.equal(phaseAt(rows, 0), 'adopting');
  rows.step({ name: BASE, received: 0, size: 100, connections: 1 }, 1);
  assert.equal(phaseAt(rows, 1), 'connecting');
  rows.step({ name: BASE, received: 10, size: 100, connections: 1 }, 2);
  assert.equal(phaseAt(rows, 2), undefined);
  rows.step({ name: BASE, received: 10, size: 100, connections: 0 }, 3);
  assert.equal(phaseAt(rows, 3), 'retrying');
  rows.waiting(28_000, 4);
  assert.equal(phaseAt(rows, 4), 'waiting, 28 s left');
  assert.equal(phaseAt(rows, 20_004), 'waiting, 8 s left');
  assert.equal(phaseAt(rows, 28_004), 'retrying');
  rows.step({ name: BASE, received: 100, size: 100, connections: 1 }, 28_005);
  assert.equal(phaseAt(rows, 28_005), 'verifying');
});

test('who still gets bytes does not wait, and before anything is under way all do', () => {
  const rows = begun(BASE, TINY);
  rows.waiting(10_000, 5);
  assert.equal(rows.view(5).total.phase, 'waiting, 10 s left');
  rows.step({ name: BASE, received: 0, size: 100, connections: 1 }, 5);
  rows.step({ name: BASE, received: 1, size: 100, connections: 1 }, 6);
  rows.step({ name: TINY, received: 0, size: 100, connections: 1 }, 6);
  assert.deepEqual(
    rows.view(6).rows.map(({ phase }) => phase),
    [undefined, 'waiting, 10 s left'],
  );
  assert.equal(rows.view(6).total.phase, undefined);
  rows.step({ name: BASE, received: 1, size: 100, connections: 0 }, 10_007);
  rows.step({ name: TINY, received: 1, size: 100, connections: 0 }, 10_007);
  assert.equal(rows.view(10_007).total.phase, 'retrying', 'all of them do');
  const alone = begun(BASE);
  assert.deepEqual(alone.view(0).rows, []);
  alone.waiting(10_000, 5);
  assert.equal(phaseAt(alone, 5), 'waiting, 10 s left');
});

test('a log has the same facts', () => {
  const rows = new Rows();
  rows.begin([{ name: 'ggml-small.en-q5_1.bin', size: 190e6 }], 0);
  const step = (received: number, now: number): void =>
    rows.step({ name: 'ggml-small.en-q5_1.bin', received, size: 190e6, connections: 4 }, now);
  step(68e6, 0);
  step(80.1e6, 1000);
  assert.equal(logLine(rows.view(1000)), 'small.en-q5_1: 42 %, 80.1 MB of 190 MB, 12.1 MB/s, 10 s left');
  step(190e6, 10_000);
  assert.equal(logLine(rows.view(10_000)), 'small.en-q5_1: 100 %, 190 MB of 190 MB, verifying');
  rows.begin([{ name: BASE, size: undefined }], 10_000);
  assert.match(logLine(rows.view(10_000)), /^2 models: 190 MB, 12\.\d MB\/s$|^2 models: 190 MB, /);
});
