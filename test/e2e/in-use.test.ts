import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { needs } from '../support/needs.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const needsProc = needs(existsSync('/proc/self/fd') ? undefined : 'there is no /proc');

test('a model that a process has open is pruned only with --force, and the process is named', needsProc, async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, BASE]);
  await run(['sync']);
  scratch.writeRegistry([TINY]);
  const reader = spawn('tail', ['-f', join(scratch.models, BASE)], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => reader.kill('SIGKILL'));
  await new Promise((resolve) => {
    reader.stdout.once('data', resolve);
  });
  for (const command of [['prune'], ['sync'], ['download', 'tiny.en']]) {
    const { code, stderr } = await run(command);
    assert.equal(code, 0);
    assert.ok(stderr.includes(`base.en, which is in use by process ${reader.pid} (tail -f `), stderr);
    assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  }
  const planned = JSON.parse((await run(['prune', '--dry-run', '--json'])).stdout);
  assert.deepEqual([planned.removed, planned.kept, planned.freed], [[], [BASE, TINY], 0]);
  assert.equal((await run(['prune', '--dry-run', '--exit-code'])).code, 0);
  assert.match((await run(['list'])).stdout, /base\.en .* in use by process \d+/);
  assert.deepEqual(JSON.parse((await run(['check', '--json'])).stdout).drift.extra, [BASE]);
  const forced = JSON.parse((await run(['prune', '--force', '--json'])).stdout);
  assert.deepEqual(forced.removed, [{ name: BASE, size: 5000 }]);
  assert.deepEqual(scratch.modelNames(), [TINY]);
});

test('prune removes an unlisted model that only WHISPER_MODEL names', async (t) => {
  const { scratch, env } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, BASE]);
  await scratch.spawn(['sync'], { env });
  scratch.writeRegistry([TINY]);
  for (const value of [join(scratch.models, BASE), BASE, 'base.en']) {
    const { code, stdout, stderr } = await scratch.spawn(['prune', '-n'], { env: { ...env, WHISPER_MODEL: value } });
    assert.deepEqual([code, stderr], [0, ''], value);
    assert.match(stdout, /would remove base\.en/, value);
  }
  await scratch.spawn(['prune'], { env: { ...env, WHISPER_MODEL: join(scratch.models, BASE) } });
  assert.deepEqual(scratch.modelNames(), [TINY]);
});
