import { accessSync, constants } from 'node:fs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeHub } from '../support/fake-hub/fake-hub.ts';
import { CATALOGUE } from '../support/model-based/place.ts';
import { stories } from '../support/model-based/steps.ts';
import { play } from '../support/model-based/story.ts';
import { randomRuns } from '../support/runs.ts';
import { Scratch } from '../support/scratch.ts';

const { numRuns, seed } = randomRuns(100, 2.5);

const MEMORY = '/dev/shm';

/** Almost all of the time would go into waiting for a disk, which proves nothing here. */
function useMemory(): void {
  try {
    accessSync(MEMORY, constants.W_OK);
    process.env['TMPDIR'] = MEMORY;
  } catch {
    // The usual folder is as good, and slower.
  }
}

test(`${numRuns} random stories of a models directory end as the rules say, from seed ${seed}`, async (t) => {
  useMemory();
  const scratch = Scratch.create(t);
  const hub = await FakeHub.start();
  t.after(() => hub.close());
  // So many stories ask more often than a hub allows in five minutes.
  hub.rateLimit({ bucket: 'resolvers', quota: Number.MAX_SAFE_INTEGER, windowSeconds: 300 });
  for (const { entry, content } of CATALOGUE)
    hub.put({ repo: entry.repo, path: entry.file, revision: entry.revision, content });
  const property = fc.asyncProperty(stories, async (steps) => {
    await play(scratch, hub.endpoint, steps);
    hub.requests.length = 0;
  });
  const details = await fc.check(property, { numRuns, seed });
  const cause = details.errorInstance instanceof Error ? details.errorInstance.message : '';
  const steps = details.counterexample?.[0].join('\n  ');
  if (details.failed) assert.fail(`seed ${details.seed}, path ${details.counterexamplePath}\n  ${steps}\n${cause}`);
});
