import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConcurrencyController } from '../../../src/core/hub/concurrency-controller.ts';

const MIB = 1024 ** 2;

/** Lets some milliseconds pass in which each connection brings so many bytes a second, up to `most` together. */
function run(
  pace: ConcurrencyController,
  from: { now: number; bytes: number },
  milliseconds: number,
  each: number,
  most = Infinity,
): void {
  for (const end = from.now + milliseconds; from.now < end; from.now += 10) {
    from.bytes += (Math.min(most, each * pace.connections) / 1000) * 10;
    pace.observe(from.now, from.bytes);
  }
}

test('one connection is enough where it is as good as several', () => {
  const pace = new ConcurrencyController(() => 8);
  assert.equal(pace.connections, 4);
  run(pace, { now: 0, bytes: 0 }, 5000, 500 * MIB, 600 * MIB);
  assert.equal(pace.connections, 1);
  assert.ok(pace.isFast);
});

test('a fast line that gives each connection its share gets many', () => {
  const pace = new ConcurrencyController(() => 8);
  run(pace, { now: 0, bytes: 0 }, 5000, 120 * MIB);
  assert.equal(pace.connections, 8);
});

test('one that was enough and becomes slow gets company', () => {
  const pace = new ConcurrencyController(() => 8);
  const from = { now: 0, bytes: 0 };
  run(pace, from, 1000, 500 * MIB, 600 * MIB);
  run(pace, from, 1000, 20 * MIB);
  assert.equal(pace.connections, 8);
});

test('where this computer is the slow part, more connections do not help', () => {
  const pace = new ConcurrencyController(() => 8);
  for (let now = 0; now < 5000; now += 10) pace.observe(now, now * 20_000, true);
  assert.equal(pace.connections, 1);
});

test('connections are added while that helps, and no more than allowed', () => {
  const pace = new ConcurrencyController(() => 8);
  run(pace, { now: 0, bytes: 0 }, 500, 20 * MIB);
  assert.equal(pace.connections, 8);
  assert.ok(!pace.isFast);
  const few = new ConcurrencyController(() => 3);
  run(few, { now: 0, bytes: 0 }, 500, 20 * MIB);
  assert.equal(few.connections, 3);
});

test('a line that is full gets no more connections', () => {
  const pace = new ConcurrencyController(() => 8);
  run(pace, { now: 0, bytes: 0 }, 5000, 20 * MIB, 21 * MIB);
  assert.equal(pace.connections, 4);
});

test('the limit that a person sets is reached with one connection where that can be', () => {
  const pace = new ConcurrencyController(() => 8, 2 * MIB);
  run(pace, { now: 0, bytes: 0 }, 5000, 2 * MIB);
  assert.equal(pace.connections, 1);
});

test('a refusal halves the number for some time; breaks do so only in a burst', () => {
  const pace = new ConcurrencyController(() => 8);
  const from = { now: 0, bytes: 0 };
  run(pace, from, 500, 20 * MIB);
  pace.failed(from.now, false);
  assert.equal(pace.connections, 8);
  pace.failed(from.now, true);
  assert.equal(pace.connections, 4);
  pace.failed(from.now, true);
  assert.equal(pace.connections, 4, 'the others that were refused at the same time do not count');
  run(pace, from, 5000, 20 * MIB);
  assert.equal(pace.connections, 4);
  run(pace, from, 6000, 20 * MIB);
  assert.equal(pace.connections, 8);
  for (let count = 0; count < 3; count += 1) pace.failed(from.now, false);
  assert.equal(pace.connections, 4);
});
