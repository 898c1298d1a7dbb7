import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import { diskOf, stepsOf } from '../../../src/core/plan/outcome.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import { EMPTY as empty, fetchedFile as file, NOTHING as nothing } from '../../support/plans.ts';

const A = 'ggml-a.bin';
const B = 'ggml-b.bin';

const entry = (name: string, size?: number) => ({ file: name, repo: 'a/b', revision: 'main', size, sha256: undefined });
const catalogue: Catalogue = new Map([entry(A, 10), entry(B, 20)].map((each) => [each.file, each]));
const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);

test('models in the trash of a crashed session are restored if listed, else removed; those of a running one are left', () => {
  const undone = { files: [file(A, 10), file(B, 20)], isHeld: false };
  const plan = makePlan({ ...nothing, active: [A], wanted: [A], prune: true }, { ...empty, undo: undone }, catalogue);
  assert.deepEqual([plan.restore, plan.present, plan.fetch], [[A], [A], []]);
  assert.deepEqual([names(plan.expired), plan.freed, stepsOf(plan)], [[B], 20, 2]);
  const held = makePlan({ ...nothing, prune: true }, { ...empty, undo: { ...undone, isHeld: true } }, catalogue);
  assert.deepEqual([held.expired, names(held.reserve), held.freed], [[], [A, B], 0]);
  // Another registry may list what is in the trash.
  const unread = makePlan(
    { ...nothing, elsewhere: undefined },
    { ...empty, undo: { ...undone, isHeld: true } },
    catalogue,
  );
  assert.deepEqual([unread.expired, unread.reserve], [[], []]);
  // A file that is there is never replaced by an older one.
  const there = makePlan({ ...nothing, active: [A] }, { ...empty, files: [file(A, 11)], undo: undone }, catalogue);
  assert.ok(!there.restore.includes(A));
});

test('a model in use is kept, and is not a step of the plan', () => {
  const users = new Map([[A, [{ pid: 7, command: 'whisper-cli' }]]]);
  const plan = makePlan({ ...nothing, prune: true, users }, { ...empty, files: [file(A, 10), file(B, 20)] }, catalogue);
  assert.deepEqual([names(plan.prune), names(plan.inUse), plan.freed], [[B], [A], 20]);
});

test('the peak counts pruned models as free, and replaced ones only at the end', () => {
  const have = { ...empty, files: [file(A, 10), file(B, 20)] };
  const plan = makePlan({ ...nothing, wanted: [A], refetch: true, prune: true }, have, catalogue);
  assert.deepEqual([plan.used, plan.freed, plan.needed, plan.replaced], [30, 20, 10, 10]);
  assert.deepEqual(diskOf(plan), { peak: 30, left: 1000 + 20 });
  const more = makePlan({ ...nothing, wanted: [B] }, { ...empty, files: [file(A, 10)] }, catalogue);
  assert.deepEqual(diskOf(more), { peak: 30, left: 980 });
});
