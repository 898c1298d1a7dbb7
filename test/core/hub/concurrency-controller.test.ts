import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConcurrencyController } from '../../../src/core/hub/concurrency-controller.ts';

const MIB = 1024 ** 2;

/** Lets some milliseconds pass in which each connection brings so many bytes a second, up to `most` together. */
function run(
  controller: ConcurrencyController,
  from: { now: number; bytes: number },
  milliseconds: number,
  each: number,
  most = Infinity,
): void {
  for (const end = from.now + milliseconds; from.now < end; from.now += 10) {
    from.bytes += (Math.min(most, each * controller.connections) / 1000) * 10;
    controller.observe(from.now, from.bytes);
  }
}

test('one connection is used where it is as fast as several', () => {
  const controller = new ConcurrencyController(() => 8);
  assert.equal(controller.connections, 4);
  run(controller, { now: 0, bytes: 0 }, 5000, 500 * MIB, 600 * MIB);
  assert.equal(controller.connections, 1);
  assert.ok(controller.isFast);
});

test('a server that caps each connection gets the most connections', () => {
  const controller = new ConcurrencyController(() => 8);
  run(controller, { now: 0, bytes: 0 }, 5000, 120 * MIB);
  assert.equal(controller.connections, 8);
});

test('a single connection that becomes slow gets others', () => {
  const controller = new ConcurrencyController(() => 8);
  const from = { now: 0, bytes: 0 };
  run(controller, from, 1000, 500 * MIB, 600 * MIB);
  run(controller, from, 1000, 20 * MIB);
  assert.equal(controller.connections, 8);
});

test('one connection is used where this computer is the limit', () => {
  const controller = new ConcurrencyController(() => 8);
  for (let now = 0; now < 5000; now += 10) controller.observe(now, now * 20_000, true);
  assert.equal(controller.connections, 1);
});

test('connections are added up to the limit while that increases the rate', () => {
  const controller = new ConcurrencyController(() => 8);
  run(controller, { now: 0, bytes: 0 }, 500, 20 * MIB);
  assert.equal(controller.connections, 8);
  assert.ok(!controller.isFast);
  const few = new ConcurrencyController(() => 3);
  run(few, { now: 0, bytes: 0 }, 500, 20 * MIB);
  assert.equal(few.connections, 3);
});

test('no connections are added once the line is full', () => {
  const controller = new ConcurrencyController(() => 8);
  run(controller, { now: 0, bytes: 0 }, 5000, 20 * MIB, 21 * MIB);
  assert.equal(controller.connections, 4);
});

test('one connection is used where it reaches --limit-rate', () => {
  const controller = new ConcurrencyController(() => 8, 2 * MIB);
  run(controller, { now: 0, bytes: 0 }, 5000, 2 * MIB);
  assert.equal(controller.connections, 1);
});

test('a refusal halves the number of connections for some time, failures only in a burst', () => {
  const controller = new ConcurrencyController(() => 8);
  const from = { now: 0, bytes: 0 };
  run(controller, from, 500, 20 * MIB);
  controller.failed(from.now, false);
  assert.equal(controller.connections, 8);
  controller.failed(from.now, true);
  assert.equal(controller.connections, 4);
  controller.failed(from.now, true);
  assert.equal(controller.connections, 4, 'refusals at the same time count once');
  run(controller, from, 5000, 20 * MIB);
  assert.equal(controller.connections, 4);
  run(controller, from, 6000, 20 * MIB);
  assert.equal(controller.connections, 8);
  for (let count = 0; count < 3; count += 1) controller.failed(from.now, false);
  assert.equal(controller.connections, 4);
});
