import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const SIZE = 3_000_000;

test('a running download is shown as such, and prune neither removes nor counts it', async (t) => {
  const { scratch, hub, env, run } = await hubProject(t, { [TINY]: 4000, [BASE]: SIZE }, [TINY]);
  assert.equal((await run(['sync'])).code, 0);
  const stalled = hub.inject({ where: 'cdn', stall: 2_000_000, times: Infinity });
  const child = scratch.start(['download', 'base.en'], { env });
  const ended = new Promise((resolve) => child.on('close', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await stalled.done;
  const part = `models/.whisper/partial/${BASE}.part`;
  // What was sent is on the disk a moment later.
  while (statSync(join(scratch.path, part)).blocks === 0)
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  for (const args of [['prune'], ['prune', '-n', '--exit-code']]) {
    const ran = await scratch.spawn([...args, '--json'], { env });
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    const { removed, freed } = JSON.parse(ran.stdout);
    assert.deepEqual([removed, freed], [[], 0]);
    assert.ok(scratch.exists(part));
  }
  assert.equal((await run(['prune'])).stdout, 'Nothing to prune\n');
  const { disk } = JSON.parse((await run(['list', '--json'])).stdout);
  assert.equal(disk.reclaimable, 0);
  for (const command of ['list', 'check', 'doctor']) {
    const { stdout } = await run([command]);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /Downloading in another process: base\.en \(.+ so far\)/, command);
  }
  child.kill('SIGKILL');
  await ended;
  const { freed } = JSON.parse((await run(['prune', '--json'])).stdout);
  assert.ok(freed > 0, 'what a process that was killed left is stale');
  assert.equal(scratch.exists(part), false);
});
