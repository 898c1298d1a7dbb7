import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogueEntry } from '../../../src/core/catalogue/entries.ts';
import { loadCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { managedState, withHashes, type ManagedState } from '../../../src/core/plan/managed.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { ModelFile } from '../../../src/core/plan/plan.ts';
import {
  EMPTY as empty,
  fetchedFile,
  hashedFile as hashed,
  NOTHING as nothing,
  plainFile as file,
} from '../../support/plans.ts';
import { A, B, C, OWN, PUBLISHED, OTHER, catalogue, entry, names } from '../../support/small-catalogue.ts';

test('a file is managed only if its bytes can be downloaded again', () => {
  const fetched = fetchedFile(OWN, 7);
  const rows: readonly [ModelFile, ManagedState][] = [
    [file(A, 10), 'unverified'],
    [hashed(file(A, 10), PUBLISHED), 'managed'],
    [hashed(file(A, 10), OTHER), 'unmanaged'],
    [{ ...hashed(file(A, 10), OTHER), mtime: '2026-01-02T03:04:05.679Z' }, 'unverified'],
    [{ ...hashed(file(A, 10), PUBLISHED), inode: '8' }, 'unverified'],
    [file(A, 11), 'unmanaged'],
    [{ ...file(A, 10), isLink: true }, 'unmanaged'],
    [file(C, 10), 'unmanaged'],
    [file(OWN, 7), 'unmanaged'],
    [fetched, 'managed'],
    [hashed(fetched, OTHER), 'unmanaged'],
    [{ ...fetched, size: 8 }, 'unmanaged'],
    [{ ...fetched, mtime: '2026-01-02T03:04:05.679Z' }, 'unmanaged'],
    [{ ...fetched, inode: '8' }, 'unmanaged'],
    [{ ...fetched, isLink: true }, 'unmanaged'],
    [fetchedFile(A, 10, OTHER), 'managed'],
    [{ ...fetchedFile(A, 10, OTHER), inode: '8' }, 'unverified'],
  ];
  for (const [each, expected] of rows) assert.equal(managedState(each, catalogue), expected, JSON.stringify(each));
});

test('a record without an inode matches no file', () => {
  const { record, ...rest } = fetchedFile(OWN, 7);
  assert.ok(record);
  const { inode: _, ...older } = record;
  assert.equal(managedState({ ...rest, record: older }, catalogue), 'unmanaged');
});

for (const [pinnedBy, overrides] of [
  ['lock file', (sources: readonly CatalogueEntry[]) => ({ locked: sources })],
  ['modelSources', (sources: readonly CatalogueEntry[]) => ({ sources })],
] as const) {
  test(`a pin of the ${pinnedBy} makes no file managed`, () => {
    const pin = (name: string, size: number, sha256: string): CatalogueEntry => ({
      ...entry(name, size, sha256),
      pinnedBy,
    });
    const locked = loadCatalogue({
      custom: [entry(A, 10, PUBLISHED)],
      ...overrides([pin(A, 10, OTHER), pin(OWN, 7, OTHER)]),
    });
    assert.equal(managedState(file(OWN, 7), locked), 'unmanaged');
    assert.equal(managedState(hashed(file(OWN, 7), OTHER), locked), 'unmanaged');
    assert.equal(managedState(file(A, 10), locked), 'unverified');
    assert.equal(
      managedState(hashed(file(A, 10), OTHER), locked),
      'unmanaged',
      `the hash of the ${pinnedBy} does not count`,
    );
    assert.equal(managedState(hashed(file(A, 10), PUBLISHED), locked), 'managed', "the catalogue's hash does");
  });
}

test('an unlisted file without a record is removed only after it was hashed', () => {
  const actual = { ...empty, files: [fetchedFile(B, 20), file(A, 10)] };
  const want = { ...nothing, prune: true };
  const before = makePlan(want, actual, catalogue);
  assert.deepEqual(
    [before.prune, before.unverified, before.unmanaged, before.freed],
    [[{ name: B, size: 20 }], [{ name: A, size: 10 }], [], 20],
  );
  const { size, mtime, inode } = file(A, 10);
  const found = (sha256: string) => withHashes(actual, new Map([[A, { size, mtime, inode, sha256 }]]));
  assert.deepEqual(names(makePlan(want, found(PUBLISHED), catalogue).prune), [A, B]);
  const other = makePlan(want, found(OTHER), catalogue);
  assert.deepEqual([names(other.prune), other.unverified, names(other.unmanaged)], [[B], [], [A]]);
  const replaced = withHashes(actual, new Map([[A, { size, mtime, inode: '8', sha256: PUBLISHED }]]));
  assert.deepEqual(names(makePlan(want, replaced, catalogue).unverified), [A], 'another file has the name by now');
  const used = makePlan({ ...want, users: new Map([[A, [{ pid: 1, command: 'x' }]]]) }, actual, catalogue);
  assert.deepEqual([names(used.unverified), names(used.inUse)], [[], [A]], 'what is in use is not hashed');
  const all = makePlan({ ...want, unmanaged: true }, actual, catalogue);
  assert.deepEqual([names(all.prune), all.unverified], [[A, B], []], 'no hash is needed to remove everything');
});
