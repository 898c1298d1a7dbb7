import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDirectoryLock, withFreeLock, withLock } from '../../src/adapters/lock/flock.ts';
import { Scratch } from '../support/scratch.ts';

const passTurn = (): Promise<void> =>
  new Promise((resume) => {
    setImmediate(resume);
  });
const patient = { wait: Number.MAX_SAFE_INTEGER, delay: passTurn };

test('concurrent users of a lock get it one after the other', async (t) => {
  const path = `${Scratch.create(t).path}/folder/lock`;
  let inside = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    assert.equal(inside, 1);
    await passTurn();
    inside -= 1;
    done += 1;
  };
  await Promise.all(Array.from({ length: 30 }, () => withLock(path, patient, work)));
  assert.equal(done, 30);
});

test('a lock is released when the work fails', async (t) => {
  const path = `${Scratch.create(t).path}/lock`;
  const fail = (): Promise<void> => Promise.reject(new Error('broken'));
  await assert.rejects(withLock(path, patient, fail), /broken/);
  assert.equal(await withLock(path, { ...patient, wait: 0 }, async () => 5), 5);
});

test('work that does not wait for a lock is skipped while another process holds it', async (t) => {
  const scratch = Scratch.create(t);
  const path = `${scratch.path}/lock`;
  let done = 0;
  const work = (): void => void (done += 1);
  await withLock(path, patient, () => withFreeLock(path, work));
  assert.equal(done, 0);
  await withFreeLock(path, work);
  assert.equal(done, 1);
  assert.equal(scratch.exists('lock'), false);
});

test('the file of a directory lock stays, names no owner once released, and is recreated when it was removed', async (t) => {
  const scratch = Scratch.create(t);
  const path = `${scratch.path}/lock`;
  await withDirectoryLock(path, patient, async () => {
    assert.match(scratch.read('lock'), new RegExp(`"pid":${process.pid}`));
    await assert.rejects(
      withLock(path, { ...patient, wait: 0 }, async () => undefined),
      { code: 'busy' },
    );
  });
  assert.equal(scratch.read('lock'), '');
  let inside = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    assert.equal(inside, 1);
    await passTurn();
    inside -= 1;
  };
  const all = Array.from({ length: 20 }, (_, index) => (index % 2 ? withLock : withDirectoryLock)(path, patient, work));
  await Promise.all(all);
});
