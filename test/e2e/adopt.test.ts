import assert from 'node:assert/strict';
import { existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { assertThere, BASE, CACHE, putBlob, resultOf, SIZE, stateOf } from './adoption.ts';

const TINY = 'ggml-tiny.en.bin';

const setups: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ['~/.cache', CACHE, {}],
  ['XDG_CACHE_HOME', 'xdg/huggingface/hub', { XDG_CACHE_HOME: 'xdg' }],
  ['HF_HOME', 'hf/hub', { HF_HOME: 'hf', XDG_CACHE_HOME: 'xdg' }],
  ['HF_HOME below ~', 'hf/hub', { HF_HOME: '~/hf' }],
  ['HUGGINGFACE_HUB_CACHE', 'old', { HUGGINGFACE_HUB_CACHE: 'old', HF_HOME: 'hf' }],
  ['HF_HUB_CACHE', 'new', { HF_HUB_CACHE: 'new', HUGGINGFACE_HUB_CACHE: 'old', HF_HOME: 'hf' }],
  ['an empty HF_HUB_CACHE', CACHE, { HF_HUB_CACHE: '' }],
];
for (const [name, cache, env] of setups) {
  test(`a model in the Hugging Face cache is not fetched: ${name}`, async (t) => {
    const project = await hubProject(t, { [BASE]: SIZE });
    const path = putBlob(project, cache);
    const before = stateOf(path);
    const result = resultOf(await project.run(['download', 'base.en', '--json'], { env }));
    assert.deepEqual([result.adopted, result.downloaded, result.present], [[BASE], [], []]);
    assert.deepEqual(result.registered, [BASE]);
    assert.match(project.scratch.read(project.scratch.registry), /"ggml-base\.en\.bin"/);
    assertThere(project);
    assert.deepEqual(project.hub.requests, []);
    assert.deepEqual(stateOf(path), before);
    const record = JSON.parse(project.scratch.read(`models/.whisper/records/${BASE}.json`));
    assert.deepEqual([record.url, record.size], [`file://${path}`, SIZE]);
  });
}

test('sync adopts too without the network, and prune does not touch the source', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE }, [BASE]);
  const { scratch } = project;
  const path = putBlob(project);
  const before = stateOf(path);
  const env = { HF_HUB_OFFLINE: '1' };
  const told = await project.run(['sync'], { env });
  const folder = `~/${CACHE}/models--example--models/blobs`;
  assert.equal(told.stdout, `adopted base.en (70.0 kB from ${folder}), sha256 verified against the catalogue\n`);
  assertThere(project);
  assert.deepEqual(resultOf(await project.run(['sync', '--json'], { env })).adopted, [], 'it is here now');
  assert.equal((await project.run(['verify'], { env })).code, 0);
  scratch.writeRegistry(['ggml-other.bin']);
  const pruned = await project.run(['prune', '--json']);
  assert.deepEqual(JSON.parse(pruned.stdout).removed, [{ name: BASE, size: SIZE }]);
  assert.deepEqual([scratch.modelNames(), stateOf(path)], [[], before]);
  assert.deepEqual(project.hub.requests, []);
});

test('an immutable file is hard-linked, any other is cloned or copied', async (t) => {
  for (const [mode, isBlob, mayShare] of [
    [0o644, true, true],
    [0o444, false, true],
    [0o644, false, false],
  ] as const) {
    const project = await hubProject(t, { [BASE]: SIZE }, [BASE]);
    const { scratch, models } = project;
    const path = isBlob
      ? putBlob(project)
      : scratch.write(join('.local/share/whisper/models', BASE), models[BASE]?.content ?? assert.fail(), mode);
    const before = stateOf(path);
    assert.deepEqual(resultOf(await project.run(['sync', '--json'])).adopted, [BASE]);
    assertThere(project);
    const found = lstatSync(join(scratch.models, BASE));
    const isShared = found.ino === statSync(path).ino;
    assert.ok(mayShare || !isShared);
    assert.equal(found.mode & 0o7777, isShared ? mode : 0o444);
    assert.deepEqual(stateOf(path), before);
    assert.deepEqual(project.hub.requests, []);
  }
});

test('a model that another project has downloaded is adopted from its folder', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE }, [BASE]);
  const { scratch, hub, run } = project;
  const other = join(scratch.path, 'other');
  assert.deepEqual(resultOf(await run(['sync', '--models-dir', other, '--json'])).downloaded.length, 1);
  const noted = scratch.write('.local/state/whisper/models-dirs/damaged.json', '{"path":');
  hub.requests.length = 0;
  assert.deepEqual(resultOf(await run(['sync', '--json'])).adopted, [BASE]);
  assertThere(project);
  assert.deepEqual([hub.requests, existsSync(join(other, BASE)), existsSync(noted)], [[], true, true]);

  rmSync(other, { recursive: true });
  rmSync(scratch.models, { recursive: true });
  const again = resultOf(await run(['sync', '--json']));
  assert.deepEqual([again.adopted, again.downloaded.length], [[], 1], 'a folder that is gone is passed over');
});

test('the state folder follows XDG_STATE_HOME, and an unwritable one is ignored', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE }, [BASE]);
  const { scratch, run } = project;
  const env = { XDG_STATE_HOME: join(scratch.path, 'state') };
  resultOf(await run(['sync', '--models-dir', 'other', '--json'], { env }));
  assert.deepEqual(resultOf(await run(['sync', '--json'])).adopted, [], 'another state folder');
  rmSync(scratch.models, { recursive: true });
  assert.deepEqual(resultOf(await run(['sync', '--dry-run', '--json'], { env })).adopted, [BASE]);
  scratch.write('full', '');
  const blocked = { XDG_STATE_HOME: join(scratch.path, 'full') };
  assert.equal(resultOf(await run(['sync', '--json'], { env: blocked })).downloaded.length, 1);
});

test('a dry run shows what would be adopted and changes nothing', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE });
  putBlob(project, CACHE, Buffer.alloc(SIZE));
  const before = project.scratch.snapshot();
  const result = resultOf(await project.run(['download', 'base.en', '--dry-run', '--json']));
  assert.deepEqual([result.adopted, result.downloaded, result.registered], [[BASE], [], [BASE]]);
  const told = await project.run(['download', 'base.en', '--no-register', '--dry-run', '--exit-code']);
  const folder = `~/${CACHE}/models--example--models/blobs`;
  const [first, second] = told.stdout.split('\n');
  assert.deepEqual(
    [told.code, first, second],
    [8, `would adopt base.en (70.0 kB from ${folder})`, 'Plan: adopt 1 model'],
  );
  assert.deepEqual([project.scratch.snapshot(), project.hub.requests], [before, []]);
});

test('--force downloads, and an existing model is not searched for elsewhere', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE });
  putBlob(project);
  const forced = resultOf(await project.run(['download', 'base.en', '--force', '--json']));
  assert.deepEqual([forced.adopted, forced.downloaded.length], [[], 1]);
  const again = resultOf(await project.run(['download', 'base.en', '--json']));
  assert.deepEqual([again.adopted, again.present], [[], [BASE]]);
});

test('one of two models is adopted and the other downloaded', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE, [TINY]: 5000 }, [BASE, TINY]);
  putBlob(project);
  const { adopted, downloaded } = resultOf(await project.run(['sync', '--json']));
  assert.deepEqual([adopted, downloaded.map(({ name }) => name)], [[BASE], [TINY]]);
  assert.ok(project.hub.requests.every(({ url }) => !url.includes(BASE)));
  for (const name of [BASE, TINY]) assertThere(project, name);
});
