import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConnectionBudget } from '../../../src/core/hub/limits.ts';
import { RetryBudget } from '../../../src/core/hub/retry.ts';
import { Ranges } from '../../../src/core/hub/ranges.ts';
import { Segments, type Segment } from '../../../src/core/hub/segments.ts';

const MIB = 1024 ** 2;

test('a small file is one segment of the missing bytes', () => {
  const have = new Ranges([{ start: 0, end: 1000 }]);
  const segments = new Segments(30 * MIB, have);
  assert.deepEqual(segments.take(8, 0), { start: 1000, end: 30 * MIB, at: 1000, since: 0 });
  assert.equal(segments.take(8, 0), undefined);
});

test('a large file is split from its start: a short segment first, then several for each connection', () => {
  const segments = new Segments(1024 * MIB, new Ranges());
  const sizes = [segments.take(1, 0), segments.take(8, 0), segments.take(1, 0)].map((segment) =>
    segment ? (segment.end - segment.start) / MIB : 0,
  );
  assert.deepEqual(sizes, [4, 16, 64]);
});

test('every byte is handed out to exactly one connection, whatever fails', () => {
  const size = 64 * MIB;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(7), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 60 }),
      (steps) => {
        const have = new Ranges();
        const segments = new Segments(size, have);
        const connections: (Segment | undefined)[] = [];
        let now = 0;
        const step = (connection: number, share: number): void => {
          const segment = connections[connection];
          if (!segment) {
            connections[connection] = segments.take(8, (now += 1000));
            return;
          }
          const next = Math.min(segment.end, segment.at + Math.ceil((segment.end - segment.at) * share));
          for (const { start, end } of have) assert.ok(next <= start || segment.at >= end, 'no byte comes twice');
          have.add({ start: segment.at, end: next });
          segment.at = next;
          if (share <= 0.3) return;
          segments.release(segment);
          connections[connection] = undefined;
        };
        for (const [connection, share] of steps) step(connection, share);
        for (const segment of connections.splice(0)) if (segment) segments.release(segment);
        for (let turn = 0; turn < 10_000 && have.total < size; turn += 1) step(turn % 8, 1);
        assert.equal(have.total, size);
        assert.deepEqual(have.gaps(size), []);
      },
    ),
    { seed: 2 },
  );
});

test('at the end the segment with the longest remaining time is halved', () => {
  const have = new Ranges([{ start: 0, end: 56 * MIB }]);
  const segments = new Segments(64 * MIB, have);
  const first = segments.take(1, 0) ?? assert.fail();
  const second = segments.take(1, 0) ?? assert.fail();
  assert.deepEqual(
    [first, second].map(({ start, end }) => [start / MIB, end / MIB]),
    [
      [56, 60],
      [60, 64],
    ],
  );
  first.at = 60 * MIB;
  segments.release(first);
  have.add(first);
  second.at = 60.5 * MIB;
  assert.equal(segments.take(1, 10), undefined, 'a tail that will arrive in 70 ms is not requested again');
  second.at = 60 * MIB;
  const tail = segments.take(1, 1000) ?? assert.fail();
  assert.deepEqual([tail.start / MIB, tail.end / MIB, second.end / MIB], [62, 64, 62]);
  second.at = 61.5 * MIB;
  tail.at = 63.2 * MIB;
  assert.equal(segments.take(1, 100_000), undefined, 'a small tail is not requested again');
});

test('connections are divided among the files that are downloaded', () => {
  const budget = new ConnectionBudget(8);
  assert.equal(budget.share, 8);
  for (let files = 0; files < 3; files += 1) budget.enter();
  assert.equal(budget.share, 2);
  for (let files = 0; files < 20; files += 1) budget.enter();
  assert.equal(budget.share, 1);
  for (let files = 0; files < 22; files += 1) budget.leave();
  assert.equal(budget.share, 8);
});

test('the retry budget is used up by failures in a row without a new byte', () => {
  const budget = new RetryBudget(0);
  let failures = 0;
  for (let count = 0; count < 3; count += 1) failures = budget.count(failures, 0);
  assert.ok(budget.isOver(failures, 'hub-unreachable'), 'fewer tries while the server was never reached');
  assert.ok(!budget.isOver(failures, 'hub-broken'));
  failures = budget.count(failures, 1);
  assert.equal(failures, 1);
  for (let count = 0; count < 5; count += 1) failures = budget.count(failures, 1);
  assert.ok(budget.isOver(failures, 'hub-unreachable'));
});
