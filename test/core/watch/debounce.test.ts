import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUIET, debounce, type FileSnapshot } from '../../../src/core/watch/snapshot.ts';

const SNAPSHOT: FileSnapshot = {
  content: 'text',
  key: 'new',
  bytes: 'new',
  identity: 'same',
  modified: 1000,
  changed: 1000,
  hasWriter: false,
};
const NEW = { ...SNAPSHOT, identity: 'other' };

test('bytes written in place are accepted after a while without a change', () => {
  const first = debounce(undefined, SNAPSHOT, 'same', 0);
  assert.deepEqual(first, { pending: { key: 'new', since: 0 }, wait: QUIET });
  assert.equal(debounce(first.pending, SNAPSHOT, 'same', 10).wait, QUIET - 10);
  assert.equal(debounce(first.pending, SNAPSHOT, 'same', QUIET).wait, 0);
  assert.deepEqual(debounce(first.pending, { ...SNAPSHOT, key: 'newer' }, 'same', QUIET), {
    pending: { key: 'newer', since: QUIET },
    wait: QUIET,
  });
});

test('nothing is accepted while a process has the file open for writing', () => {
  for (const snapshot of [SNAPSHOT, NEW])
    assert.ok(debounce({ key: 'new', since: 0 }, { ...snapshot, hasWriter: true }, 'same', 60_000).wait > 0);
});

test('a renamed file that no process has open is accepted at once', () => {
  assert.equal(debounce(undefined, NEW, 'same', 0).wait, 0);
  for (const content of ['empty', 'absent'] as const)
    assert.equal(debounce(undefined, { ...NEW, content }, 'same', 0).wait, QUIET);
});

test('where writers are unknown, a file that was renamed long after its last write is accepted at once', () => {
  const untold = { ...NEW, hasWriter: undefined };
  assert.equal(debounce(undefined, untold, 'same', 0).wait, QUIET);
  assert.equal(debounce(undefined, { ...untold, changed: 1000 + QUIET }, 'same', 0).wait, QUIET);
  assert.equal(debounce(undefined, { ...untold, changed: 1001 + QUIET }, 'same', 0).wait, 0);
  assert.equal(debounce(undefined, { ...untold, identity: 'same', changed: 9000 }, 'same', 0).wait, QUIET);
});
