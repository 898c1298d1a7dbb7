import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isManaged, managedState } from '../../../src/core/plan/managed.ts';
import { diskOf } from '../../../src/core/plan/outcome.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { ModelFile } from '../../../src/core/plan/plan.ts';
import {
  EMPTY as empty,
  fetchedFile,
  hashedFile as hashed,
  NOTHING as nothing,
  plainFile as file,
} from '../../support/plans.ts';
import { A, B, C, OWN, PUBLISHED, OTHER, catalogue, names } from '../../support/small-catalogue.ts';

test('each listed model is fetched, present, blocked or unknown', () => {
  const files = [file(A, 10), file(B, 19), file(C, 5)];
  const plan = makePlan({ ...nothing, wanted: [A, B, C, OWN, A] }, { ...empty, files }, catalogue);
  assert.deepEqual(plan.present, [A, C]);
  assert.deepEqual(plan.blocked, [{ name: B, size: 19, expected: 20, isOwn: false }]);
  assert.deepEqual(plan.unknown, [OWN]);
  assert.deepEqual(plan.fetch, []);
  const again = makePlan({ ...nothing, wanted: [A, B], refetch: true }, { ...empty, files }, catalogue);
  assert.deepEqual(
    again.fetch.map((each) => each.entry.file),
    [A, B],
  );
  assert.equal(again.needed, 30);
});

test('an unfinished download needs only the missing space', () => {
  const partials = [{ name: B, size: 15, received: 8, isRunning: false }];
  const plan = makePlan({ ...nothing, wanted: [B, A], prune: true }, { ...empty, partials }, catalogue);
  assert.deepEqual(
    plan.fetch.map(({ received }) => received),
    [8, 0],
  );
  assert.deepEqual([plan.needed, plan.stalePartials], [5 + 10, []]);
});

const model = fc.constantFrom<string>(A, B, C, OWN, 'ggml-x.bin');
const modelFile = fc
  .tuple(
    fc.constantFrom<(name: string, size: number) => ModelFile>(
      file,
      fetchedFile,
      (name, size) => hashed(file(name, size), PUBLISHED),
      (name, size) => hashed(fetchedFile(name, size), OTHER),
    ),
    model,
    fc.constantFrom(5, 7, 10, 20),
    fc.boolean(),
  )
  .map(([make, name, size, isLink]): ModelFile => ({ ...make(name, size), isLink }));
const files = fc.uniqueArray(modelFile, { selector: ({ name }) => name });
const actual = fc.record({
  files,
  undo: fc.record({ files, isHeld: fc.boolean() }),
  recorded: fc.constant(new Set<string>()),
  damaged: fc.constant([]),
  partials: fc.uniqueArray(fc.record({ name: model, size: fc.nat(9), received: fc.nat(9), isRunning: fc.boolean() }), {
    selector: ({ name }) => name,
  }),
  free: fc.nat(),
});
const desired = fc.record({
  active: fc.array(model),
  elsewhere: fc.array(model),
  wanted: fc.array(model),
  refetch: fc.boolean(),
  prune: fc.boolean(),
  unmanaged: fc.boolean(),
  users: fc
    .array(model, { maxLength: 2 })
    .map((each) => new Map(each.map((name) => [name, [{ pid: 4711, command: 'whisper-cli' }]]))),
});

test('no plan removes a listed model, a linked file or a file that cannot be downloaded again', () => {
  fc.assert(
    fc.property(desired, actual, (want, have) => {
      const plan = makePlan(want, have, catalogue);
      const listed = new Set<string>([...want.active, ...want.elsewhere, ...want.wanted]);
      const there = new Map(have.files.map((each) => [each.name, each]));
      for (const { name, size } of plan.prune) {
        const found = there.get(name) ?? assert.fail(name);
        assert.ok(want.prune && !want.users.has(name) && !listed.has(name) && !found.isLink && found.size === size);
        assert.ok(want.unmanaged || isManaged(found, catalogue));
      }
      assert.ok(names(plan.stalePartials).every((name) => want.prune && !listed.has(name)));
      const isRunning = new Map(have.partials.map((each) => [each.name, each.isRunning]));
      assert.ok(names(plan.stalePartials).every((name) => isRunning.get(name) === false));
      const going = [...plan.prune, ...plan.stalePartials, ...plan.expired];
      const sum = going.reduce((bytes, { size }) => bytes + size, 0);
      assert.ok(want.prune || going.length === 0);
      assert.ok(plan.freed <= plan.used && diskOf(plan).peak >= plan.used);
      const onDisk = new Set(names(have.files));
      for (const name of plan.restore) assert.ok(!onDisk.has(name) && listed.has(name));
      assert.ok(plan.expired.every(({ name }) => !have.undo.isHeld && (!listed.has(name) || onDisk.has(name))));
      assert.equal(plan.freed, sum);
      const gone = new Set(names(plan.prune));
      assert.ok(plan.kept.every((name) => listed.has(name) && !gone.has(name)));
      assert.ok(names(plan.unmanaged).every((name) => !gone.has(name) && !listed.has(name)));
      for (const { name } of plan.unverified) {
        const found = there.get(name) ?? assert.fail(name);
        assert.ok(want.prune && !want.unmanaged && !want.users.has(name) && !listed.has(name) && !gone.has(name));
        assert.equal(managedState(found, catalogue), 'unverified');
      }
      const sorted = [
        ...plan.present,
        ...plan.unknown,
        ...names(plan.blocked),
        ...plan.fetch.map((each) => each.entry.file),
      ];
      assert.deepEqual(sorted.toSorted(), [...new Set(want.wanted)].toSorted(), 'each wanted one has one fate');
    }),
    { seed: 4 },
  );
});
