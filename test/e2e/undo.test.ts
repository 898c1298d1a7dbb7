import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ModelsDir } from '../../src/adapters/store/models-dir.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const ENCODER = 'ggml-base.en-encoder.mlmodelc';

/** A project in which a session that crashed has pruned base.en. */
async function afterCrash(t: TestContext, active: readonly string[]): Promise<HubProject> {
  const project = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, BASE]);
  const { scratch, run, hub } = project;
  await run(['sync']);
  const { undo } = new ModelsDir(scratch.models);
  undo.put(BASE);
  scratch.writeRegistry(active);
  assert.deepEqual(scratch.modelNames(), [TINY]);
  hub.requests.length = 0;
  return project;
}

const EVERY = [['list'], ['check'], ['path', 'base.en'], ['verify'], ['prune'], ['sync'], ['download', 'base.en']];

for (const command of EVERY) {
  test(`a listed model in the trash of a crashed session is restored by ${command.join(' ')}`, async (t) => {
    const { run, scratch, hub } = await afterCrash(t, [TINY, BASE]);
    const { code, stdout } = await run([...command, '--json']);
    assert.equal(code, 0, stdout);
    assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
    assert.deepEqual(hub.requests, []);
    assert.equal(JSON.parse((await run(['list', '--json'])).stdout).models[1].managed, true, 'its record is there');
  });

  if (command[0] === 'download') continue;
  test(`an unlisted model in the trash of a crashed session is removed by ${command.join(' ')}`, async (t) => {
    const { run, scratch } = await afterCrash(t, [TINY]);
    await run([...command, '--json']);
    assert.deepEqual(scratch.modelNames(), [TINY]);
    const left = Object.keys(scratch.snapshot()).filter((path) => path.includes(BASE));
    assert.deepEqual(left, []);
  });
}

test('a dry run shows what would be restored and changes nothing', async (t) => {
  const { run, scratch } = await afterCrash(t, [TINY, BASE]);
  const before = scratch.snapshot();
  const { code, stdout } = await run(['sync', '--dry-run', '--exit-code']);
  assert.equal(code, 8);
  assert.ok(stdout.includes('would restore base.en: it is listed again'), stdout);
  assert.deepEqual(scratch.snapshot(), before);
});

test('the trash of a running session is kept, unless a download needs the space', async (t) => {
  const { run, scratch } = await afterCrash(t, [TINY]);
  const hold = await new ModelsDir(scratch.models).undo.hold();
  t.after(() => hold.release());
  for (const args of [['list'], ['prune'], ['sync']]) assert.equal((await run(args)).code, 0);
  assert.ok(scratch.exists(`models/.whisper/undo/${BASE}`));
  assert.equal((await run(['download', 'base.en'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

test('an empty list, an unreadable list and another root keep the trash', async (t) => {
  const { run, scratch } = await afterCrash(t, []);
  const kept = (): boolean => scratch.exists(`models/.whisper/undo/${BASE}`);
  await run(['list']);
  assert.equal((await run(['prune'])).code, 3);
  assert.ok(kept());
  scratch.writeRegistry('{ activeModels = [');
  assert.equal((await run(['list'])).code, 3);
  assert.ok(kept());
  scratch.writeRegistry([TINY]);
  scratch.write('models/.whisper/roots/other.json', JSON.stringify({ file: scratch.write('other.nix', '{') }));
  assert.equal((await run(['prune'])).code, 3);
  await run(['list']);
  assert.ok(kept());
});

test('restoring replaces no existing file and follows no link in the undo folder', async (t) => {
  const { run, scratch } = await afterCrash(t, [TINY, BASE]);
  const own = scratch.writeModel(BASE, Buffer.from('the user put this here'));
  scratch.write('victim', 'precious');
  symlinkSync(join(scratch.path, 'victim'), join(scratch.models, '.whisper/undo/ggml-link.bin'));
  mkdirSync(join(scratch.models, '.whisper/undo/ggml-folder.bin'));
  await run(['list']);
  assert.equal(scratch.read(own), 'the user put this here');
  assert.equal(scratch.read('victim'), 'precious');
});

test('a CoreML encoder is never removed', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, BASE]);
  await run(['sync']);
  scratch.write(`models/${ENCODER}/weights/weight.bin`, 'weights');
  scratch.writeRegistry([]);
  const ran = await run(['prune', '--allow-empty', '--unmanaged', '--json']);
  const { removed, freed } = JSON.parse(ran.stdout);
  assert.deepEqual([removed.length, freed], [2, 9000]);
  assert.deepEqual(scratch.modelNames(), [ENCODER]);
  assert.equal(scratch.read(`models/${ENCODER}/weights/weight.bin`), 'weights');
});
