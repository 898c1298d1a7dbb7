import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const AT_ONCE = async (): Promise<void> => {};

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

test('an unreachable hub is reported once during the retries and once at the end, for all models', async (t) => {
  const { run, hub } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, BASE]);
  await hub.close();
  const { code, stderr } = await run(['sync'], { delay: AT_ONCE });
  assert.equal(code, 4, stderr);
  assert.equal(count(stderr, /the connection was refused; retrying in \d+ s/g), 1, stderr);
  assert.equal(count(stderr, /^whisper: Cannot reach .* \(tried 3 times\)$/gm), 1, stderr);
  assert.equal(count(stderr, /Cannot reach/g), 2, stderr);
});

test('an error that occurs again after progress is reported again', async (t) => {
  const { run, hub } = await hubProject(t, { [BASE]: 300_000 });
  for (const fault of [{ refuse: true }, { refuse: true }, { end: 100_000 }, { refuse: true }])
    hub.inject({ where: 'cdn', ...fault });
  const { code, stderr } = await run(['download', 'base.en'], { delay: AT_ONCE });
  assert.equal(code, 0, stderr);
  assert.equal(count(stderr, /the connection was closed; retrying/g), 2, stderr);
});

test('remove names the command that frees the disk', async (t) => {
  const { run, scratch, models } = await hubProject(t, { [TINY]: 4000 }, [TINY, BASE, 'ggml-small.en.bin']);
  scratch.writeModel(TINY, models[TINY]?.content ?? Buffer.alloc(0));
  const left = 'still on disk: tiny.en; run whisper prune to remove models that no registry lists\n';
  const { code, stdout } = await run(['remove', 'tiny.en', 'base.en']);
  assert.deepEqual([code, stdout.endsWith(left), count(stdout, /base\.en/g)], [0, true, 1], stdout);
  assert.equal((await run(['prune'])).code, 0);
  await run(['add', 'tiny.en']);
  assert.doesNotMatch((await run(['remove', 'tiny.en'])).stdout, /still on disk/);
});
