import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUIET, settle, type FileSnapshot } from '../../../src/core/watch/snapshot.ts';

const LOOK: FileSnapshot = {
  content: 'text',
  key: 'new',
  bytes: 'new',
  identity: 'same',
  modified: 1000,
  changed: 1000,
  hasWriter: false,
};
const NEW = { ...LOOK, identity: 'other' };

test('bytes written in place count when they have stayed for a while, and the while begins anew with each change', () => {
  const first = settle(undefined, LOOK, 'same', 0);
  assert.deepEqual(first, { pending: { key: 'new', since: 0 }, wait: QUIET });
  assert.equal(settle(first.pending, LOOK, 'same', 10).wait, QUIET - 10);
  assert.equal(settle(first.pending, LOOK, 'same', QUIET).wait, 0);
  assert.deepEqual(settle(first.pending, { ...LOOK, key: 'newer' }, 'same', QUIET), {
    pending: { key: 'newer', since: QUIET },
    wait: QUIET,
  });
});

test('nothing counts while somebody has the file open for writing, whatever the time', () => {
  for (const look of [LOOK, NEW])
    assert.ok(settle({ key: 'new', since: 0 }, { ...look, hasWriter: true }, 'same', 60_000).wait > 0);
});

test('another file that nobody has open was complete before it got its name', () => {
  assert.equal(settle(undefined, NEW, 'same', 0).wait, 0);
  for (const content of ['empty', 'absent'] as const)
    assert.equal(settle(undefined, { ...NEW, content }, 'same', 0).wait, QUIET);
});

test('where nobody can tell who has it open, it was if it was written long before it was renamed', () => {
  const untold = { ...NEW, hasWriter: undefined };
  assert.equal(settle(undefined, untold, 'same', 0).wait, QUIET);
  assert.equal(settle(undefined, { ...untold, changed: 1000 + QUIET }, 'same', 0).wait, QUIET);
  assert.equal(settle(undefined, { ...untold, changed: 1001 + QUIET }, 'same', 0).wait, 0);
  assert.equal(settle(undefined, { ...untold, identity: 'same', changed: 9000 }, 'same', 0).wait, QUIET);
});
