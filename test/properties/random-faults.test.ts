import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ordeal, type Cost } from '../support/random-faults/ordeal.ts';
import { makeScript } from '../support/random-faults/script.ts';
import { RUNS } from '../support/runs.ts';

// A download takes as long as a hundred texts. The script of a number is that of the seed plus this number, so that
// `WHISPER_RUNS=100 WHISPER_SEED=<the seed of a failure>` is that failure alone.
const COUNT = Math.max(1, Math.floor(RUNS.numRuns / 100));

const UNDER_WAY = 0.01;

const sum = (costs: readonly Cost[], pick: (cost: Cost) => number): number =>
  costs.reduce((total, cost) => total + pick(cost), 0);

test(`${COUNT} downloads through random faults and kills, from seed ${RUNS.seed}`, async (t) => {
  const costs: Cost[] = [];
  for (let number = 0; number < COUNT; number += 1) {
    const script = makeScript(RUNS.seed + number);
    // A test of its own, so that its files are gone before the next one begins.
    await t.test(`seed ${script.seed}`, async (each) => {
      const ordeal = await Ordeal.create(each, script);
      try {
        costs.push(await ordeal.run());
      } catch (error) {
        each.diagnostic(`WHISPER_RUNS=100 WHISPER_SEED=${script.seed}: ${JSON.stringify(script)}`);
        throw error;
      }
    });
  }
  // Restarts and kills waste so many bytes that small faults would not be visible.
  const gentle = costs.filter(({ beganAgain, killed }) => !beganAgain && !killed);
  for (const [name, some] of [
    ['all', costs],
    ['neither killed nor begun again', gentle],
  ] as const) {
    const wasted = sum(some, (cost) => cost.wasted);
    const lost = sum(some, (cost) => cost.lost);
    const sizes = sum(some, ({ size }) => size);
    const summary = `${name}: ${some.length} downloads of ${sizes} bytes, ${wasted} sent in vain, ${lost} of them lost by faults`;
    t.diagnostic(summary);
    // Bytes that were in flight on a closed connection count as sent, although they were not received.
    assert.ok(wasted <= lost * 1.1 + sizes * UNDER_WAY, summary);
  }
});
