import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CrashProject } from '../support/crashes/crash-project.ts';
import { killAtRandom } from '../support/crashes/random-kill.ts';
import { Random } from '../support/random-faults/random.ts';
import { randomRuns } from '../support/runs.ts';

/** Commands of one project, before `sync` has to put everything right. */
const AT_A_TIME = 5;

/** 50 commands in `npm test`; 2,500 in `npm run test:deep`, of which more than 1,000 are killed. */
const RUNS = randomRuns(10, 100);

test('killing a command at any moment loses nothing, and sync repairs the folder', async (t) => {
  let killed = 0;
  for (let index = 0; index < RUNS.numRuns; index += 1) {
    const seed = RUNS.seed + index;
    await t.test(`seed ${seed}`, async (each) => {
      const crash = await CrashProject.create(each);
      killed += await killAtRandom(crash, new Random(seed), AT_A_TIME);
      await crash.assertConverges(`seed ${seed}`);
    });
  }
  t.diagnostic(`${killed} of ${RUNS.numRuns * AT_A_TIME} commands were killed`);
  assert.ok(killed > 0);
});
