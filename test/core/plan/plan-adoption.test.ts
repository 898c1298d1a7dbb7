import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { pinnedEntries, planAdoptions, makePlan } from '../../../src/core/plan/make-plan.ts';
import type { LocalCopy, Actual, Desired } from '../../../src/core/plan/plan.ts';
import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import { EMPTY, NOTHING, plainFile } from '../../support/plans.ts';

const A = 'ggml-a.bin';
const B = 'ggml-b.bin';
const C = 'ggml-c.bin';
const pinned = (file: string, size: number) => ({
  file,
  repo: 'a/b',
  revision: 'main',
  size,
  sha256: 'f'.repeat(64),
});
const entries = [pinned(A, 10), pinned(B, 20), { ...pinned(C, 30), sha256: undefined }];
const catalogue: Catalogue = new Map(entries.map((each) => [each.file, each]));
const desired: Desired = { ...NOTHING, wanted: [A, B, C] };
const actual: Actual = { ...EMPTY, partials: [{ name: B, size: 15, received: 8, isRunning: false }] };
const source = (name: string, mayLink: boolean, path = '/x'): LocalCopy => ({
  name,
  path,
  mayLink,
});

test('only missing models with a known hash are searched for on this machine', () => {
  const files = [plainFile(A, 10)];
  const plan = makePlan(desired, { ...actual, files }, catalogue);
  assert.deepEqual(
    pinnedEntries(plan.fetch).map(({ file }) => file),
    [B],
  );
});

test('a copy on the same disk takes no space and is preferred', () => {
  const plan = makePlan(desired, actual, catalogue);
  assert.equal(plan.needed, 10 + 5 + 30);
  const far = planAdoptions(plan, [source(A, false), source(B, false)]);
  assert.deepEqual([far.needed, far.adopt.map(({ entry }) => entry.file)], [10 + 5 + 30, [A, B]]);
  const near = planAdoptions(plan, [source(A, false), source(A, true, '/near'), source(B, true)]);
  assert.equal(near.needed, 30);
  assert.deepEqual(
    near.adopt[0]?.sources.map(({ path }) => path),
    ['/near', '/x'],
  );
});

test('each missing model is adopted or fetched, and adoption never needs more space', () => {
  const candidates = fc.array(fc.tuple(fc.constantFrom(A, B, C, 'ggml-x.bin'), fc.boolean()));
  fc.assert(
    fc.property(candidates, (found) => {
      const plan = makePlan(desired, actual, catalogue);
      const adopting = planAdoptions(
        plan,
        found.map(([name, mayLink]) => source(name, mayLink)),
      );
      const files = [...adopting.adopt, ...adopting.fetch].map(({ entry }) => entry.file);
      assert.deepEqual(files.toSorted(), [A, B, C]);
      assert.ok(adopting.needed <= plan.needed);
      assert.deepEqual({ ...adopting, adopt: [], fetch: plan.fetch, needed: plan.needed }, plan);
    }),
    { seed: 4 },
  );
});
