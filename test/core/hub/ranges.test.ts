import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Ranges } from '../../../src/core/hub/ranges.ts';
import { Chunks } from '../../../src/core/state/chunks.ts';

const SIZE = 40;
const range = fc.tuple(fc.nat(SIZE), fc.nat(SIZE)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

test('ranges contain the bytes that were added and not removed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), range), { maxLength: 12 }), (steps) => {
      const ranges = new Ranges();
      const bytes = new Set<number>();
      for (const [isAdded, step] of steps) {
        if (isAdded) ranges.add(step);
        else ranges.remove(step);
        for (let at = step.start; at < step.end; at += 1) bytes[isAdded ? 'add' : 'delete'](at);
      }
      const all = [...ranges];
      const within = (at: number): boolean => all.some(({ start, end }) => start <= at && at < end);
      const gaps = ranges.gaps(SIZE);
      for (let at = 0; at < SIZE; at += 1) {
        assert.equal(within(at), bytes.has(at), `${at}`);
        assert.equal(
          gaps.some(({ start, end }) => start <= at && at < end),
          !bytes.has(at),
          `${at}`,
        );
      }
      assert.equal(ranges.total, bytes.size);
      let prefix = 0;
      while (bytes.has(prefix)) prefix += 1;
      assert.equal(ranges.prefix, prefix);
      assert.equal(ranges.end, bytes.size === 0 ? 0 : Math.max(...bytes) + 1);
      for (const [index, { start }] of all.entries())
        assert.ok(start > (all[index - 1]?.end ?? -1), 'apart and sorted');
    }),
    { seed: 1 },
  );
});

test('a partly forgotten chunk loses its checksum and takes no more bytes', () => {
  const chunks = new Chunks([
    { start: 0, end: 10, crc: 1 },
    { start: 10, end: 20, crc: 2 },
  ]);
  const growing = chunks.begin(20);
  assert.ok(chunks.grow(growing, 5, 3));
  assert.deepEqual(chunks.all.at(-1), { start: 20, end: 25, crc: 3 });
  chunks.forget({ start: 15, end: Infinity });
  assert.deepEqual(chunks.all, [
    { start: 0, end: 10, crc: 1 },
    { start: 10, end: 15 },
  ]);
  assert.equal(chunks.have.total, 15);
  assert.equal(chunks.grow(growing, 5, 4), false);
  assert.equal(chunks.have.total, 15);
});
