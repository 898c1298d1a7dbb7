import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalogue } from '../../../src/core/models/catalogue.ts';
import { companionOf } from '../../../src/core/models/companion.ts';
import { diskOf, stepsOf } from '../../../src/core/models/plan-sums.ts';
import { makePlan, type ModelFile } from '../../../src/core/models/plan.ts';
import { EMPTY as empty, fetchedFile as file, NOTHING as nothing, plainFile } from '../../support/plans.ts';

const A = 'ggml-a.bin';
const B = 'ggml-b.bin';

const entry = (name: string, size?: number) => ({ file: name, repo: 'a/b', revision: 'main', size, sha256: undefined });
const catalogue: Catalogue = new Map([entry(A, 10), entry(B, 20)].map((each) => [each.file, each]));
const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);
const encoder = (name: string, isGenuine = true) => ({ name: `${name}-encoder.mlmodelc`, size: 3, isGenuine });

test('the encoder of a base goes with the last of its quantisations, listed ones and unmanaged ones counted', () => {
  assert.equal(companionOf('ggml-large-v3-turbo-q5_0.bin'), 'ggml-large-v3-turbo-encoder.mlmodelc');
  assert.equal(companionOf('ggml-base.en.bin'), 'ggml-base.en-encoder.mlmodelc');
  const pinned = [entry('ggml-base.bin', 10), entry('ggml-base-q5_1.bin', 5)];
  const known: Catalogue = new Map(pinned.map((each) => [each.file, each]));
  const rows: readonly [readonly ModelFile[], readonly string[], boolean, readonly string[], number][] = [
    [[file('ggml-base.bin', 10), file('ggml-base-q5_1.bin', 5)], [], true, ['ggml-base-encoder.mlmodelc'], 18],
    [[file('ggml-base.bin', 10), file('ggml-base-q5_1.bin', 5)], ['ggml-base.bin'], true, [], 5],
    // Listed and still to be fetched; somebody's own; no part of a model in it; none of its models was there.
    [[file('ggml-base.bin', 10)], ['ggml-base-q5_1.bin'], true, [], 10],
    [[file('ggml-base.bin', 10), plainFile('ggml-base-q5_1.bin', 6)], [], true, [], 10],
    [[file('ggml-base.bin', 10)], [], false, [], 10],
    [[], [], true, [], 0],
  ];
  for (const [there, active, isGenuine, expected, freed] of rows) {
    const have = { ...empty, files: there, companions: [encoder('ggml-base', isGenuine)] };
    const plan = makePlan({ ...nothing, active, prune: true }, have, known);
    assert.deepEqual([names(plan.companions), plan.freed], [expected, freed]);
    assert.equal(names(plan.unmanaged).includes('ggml-base-encoder.mlmodelc'), !isGenuine);
  }
});

test('what a crashed session pruned goes back where it is listed, else it goes; a live one is left to answer for it', () => {
  const undone = { files: [file(A, 10), file(B, 20)], companions: [encoder('ggml-a')], isHeld: false };
  const plan = makePlan({ ...nothing, active: [A], wanted: [A], prune: true }, { ...empty, undo: undone }, catalogue);
  assert.deepEqual([plan.restore, plan.present, plan.fetch], [[A, 'ggml-a-encoder.mlmodelc'], [A], []]);
  assert.deepEqual([names(plan.expired), plan.freed, stepsOf(plan)], [[B], 20, 3]);
  const held = makePlan({ ...nothing, prune: true }, { ...empty, undo: { ...undone, isHeld: true } }, catalogue);
  assert.deepEqual([held.expired, names(held.reserve), held.freed], [[], [A, B, 'ggml-a-encoder.mlmodelc'], 0]);
  // A file that is there is never replaced by an older one.
  const there = makePlan({ ...nothing, active: [A] }, { ...empty, files: [file(A, 11)], undo: undone }, catalogue);
  assert.ok(!there.restore.includes(A));
});

test('a model that somebody uses stays, and is no step of the plan', () => {
  const users = new Map([[A, [{ pid: 7, command: 'whisper-cli' }]]]);
  const plan = makePlan({ ...nothing, prune: true, users }, { ...empty, files: [file(A, 10), file(B, 20)] }, catalogue);
  assert.deepEqual([names(plan.prune), names(plan.inUse), plan.freed], [[B], [A], 20]);
});

test('the peak is what is there after pruning with all that comes; replacing a file frees the old one in the end', () => {
  const have = { ...empty, files: [file(A, 10), file(B, 20)] };
  const plan = makePlan({ ...nothing, wanted: [A], refetch: true, prune: true }, have, catalogue);
  assert.deepEqual([plan.used, plan.freed, plan.needed, plan.replaced], [30, 20, 10, 10]);
  assert.deepEqual(diskOf(plan), { peak: 30, left: 1000 + 20 });
  const more = makePlan({ ...nothing, wanted: [B] }, { ...empty, files: [file(A, 10)] }, catalogue);
  assert.deepEqual(diskOf(more), { peak: 30, left: 980 });
});
