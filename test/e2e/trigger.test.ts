import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLock } from '../../src/adapters/lock/flock.ts';
import { hubProject } from '../support/hub-project.ts';
import { BASE, registryText, SIZES, SMALL, TINY } from '../support/watch-project.ts';

const NOTHING = { code: 0, stdout: '', stderr: '' };

test('a trigger with nothing to do is silent, changes nothing and does not wait', async (t) => {
  const { scratch, run } = await hubProject(t, SIZES, registryText([TINY, BASE, SMALL]));
  await run(['sync']);
  const trigger = ['prune', '--quiet', '--file', scratch.registry];
  const before = scratch.snapshot();
  assert.deepEqual(await run(trigger), NOTHING);
  assert.deepEqual(scratch.snapshot(), before);
  // Another process holds the lock, which a prune with nothing to do does not need.
  const lock = join(scratch.models, '.whisper/lock');
  await withLock(lock, { wait: 0, delay: async () => {} }, async () => {
    assert.deepEqual(await run([...trigger, '--wait', '0']), NOTHING);
    scratch.writeRegistry(registryText([TINY, SMALL]));
    assert.equal((await run([...trigger, '--wait', '0'])).code, 7);
  });
  const { code, stdout, stderr } = await run(trigger);
  assert.deepEqual([code, stdout, stderr], [0, 'removed base.en (5.0 kB)\nFreed 5.0 kB\n', '']);
  assert.deepEqual(await run(trigger), NOTHING);
});

test('the first trigger notes the registry, although there is nothing to prune', async (t) => {
  const { scratch, models, run } = await hubProject(t, SIZES, registryText([TINY]));
  scratch.writeModel(TINY, models[TINY]?.content ?? Buffer.alloc(0));
  await run(['verify']);
  assert.deepEqual(await run(['prune', '--quiet', '--file', scratch.registry]), NOTHING);
  assert.equal(Object.keys(scratch.snapshot()).filter((path) => path.includes('/roots/')).length, 1);
});

test('a registry that cannot be read is reported, and nothing is removed', async (t) => {
  const { scratch, run } = await hubProject(t, SIZES, registryText([TINY, BASE]));
  await run(['sync']);
  scratch.writeRegistry('{ activeModels = [');
  const { code, stdout, stderr } = await run(['prune', '--quiet', '--file', scratch.registry]);
  assert.deepEqual([code, stdout, stderr.includes('is not closed')], [3, '', true], stderr);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});
