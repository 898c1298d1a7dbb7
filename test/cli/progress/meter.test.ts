import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Countdown, Meter } from '../../../src/cli/progress/meter.ts';

/** A meter that has counted so many bytes each tenth of a second, and the time then. */
function metered(meter: Meter, from: number, tenths: number, bytes: number): number {
  for (let tenth = 1; tenth <= tenths; tenth += 1) meter.count(bytes, from + tenth * 100);
  return from + tenths * 100;
}

test('a steady rate is correct from the beginning', () => {
  const meter = new Meter(1000);
  assert.equal(meter.rate(1100), undefined, 'it is too early to tell');
  const soon = metered(meter, 1000, 3, 100_000);
  assert.equal(meter.rate(soon), 1e6);
  assert.equal(Math.round(meter.rate(metered(meter, soon, 597, 100_000)) ?? 0), 1e6);
});

test('a rate follows what came lately, and not all at once', () => {
  const meter = new Meter(0);
  const fast = metered(meter, 0, 600, 1_000_000);
  const turned = metered(meter, fast, 5, 100_000);
  const between = meter.rate(turned) ?? 0;
  assert.ok(between > 8e6 && between < 1e7, `${between}`);
  const slow = meter.rate(metered(meter, turned, 150, 100_000)) ?? 0;
  assert.ok(slow > 1e6 && slow < 1.1e6, `${slow}: the minute before is forgotten after 15 s`);
});

test('without new bytes the rate falls, and the time left is unknown', () => {
  const meter = new Meter(0);
  const now = metered(meter, 0, 30, 100_000);
  const rates = [1, 5, 10, 60].map((seconds) => meter.rate(now + seconds * 1000) ?? Infinity);
  assert.deepEqual(
    rates.toSorted((a, b) => b - a),
    rates,
  );
  assert.ok((rates.at(-1) ?? Infinity) < 1);
  assert.equal(new Countdown().next(1e6, rates.at(-1), 0), undefined);
  assert.equal(new Countdown().next(1e6, undefined, 0), undefined);
});

test('what is left counts down by the clock while the rate only trembles', () => {
  const countdown = new Countdown();
  const shown: number[] = [];
  for (let second = 0; second <= 50; second += 1) {
    // A line that brings a little more and a little less in turn.
    const rate = 1e6 * (second % 2 === 0 ? 1.03 : 0.97);
    shown.push(countdown.next(100e6 - second * 1e6, rate, second * 1000) ?? 0);
  }
  assert.ok(shown.every((left, index) => index === 0 || left < (shown[index - 1] ?? 0)));
  assert.ok(Math.abs((shown.at(-1) ?? 0) - 50) < 5, `${shown.at(-1)}`);
});

test('the time left restarts where the rate disagrees, and is never zero before the end', () => {
  const countdown = new Countdown();
  assert.equal(countdown.next(100e6, 1e6, 0), 100);
  assert.equal(countdown.next(90e6, 5e5, 1000), 180);
  const nearly = new Countdown();
  for (let now = 0; now <= 60_000; now += 100) {
    const left = nearly.next(2e5, 1e6, now) ?? 0;
    assert.ok(left > 0 && left <= 0.2, `${left}`);
  }
});
