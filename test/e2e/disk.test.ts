import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { needsMounts } from '../support/needs.ts';
import type { Ran } from '../support/scratch.ts';
import { LARGE, largeModel, MIB } from './large-model.ts';
import { assertPublished, assertRefused, jsonError, OLD, WANTED, wantedModel } from './wanted-model.ts';

test('a model larger than the disk is refused before any prompt, download or prune', async (t) => {
  const { run, scratch, hub, models } = await hubProject(t, { [OLD]: 4000, [WANTED]: 5000 }, []);
  scratch.writeModel(OLD, models[OLD]?.content ?? Buffer.alloc(0));
  const size = 2 ** 52;
  scratch.writeCatalogue([{ ...models[WANTED]?.entry, size }, models[OLD]?.entry ?? {}]);
  scratch.writeRegistry(['ggml-own.bin']);
  scratch.writeModel('ggml-own.bin', Buffer.from('lmgg own'));
  const before = scratch.snapshot();
  for (const args of [
    ['download', 'base.en'],
    ['download', 'base.en', '-n'],
  ]) {
    const ran = await run([...args, '--json']);
    const error = jsonError(ran);
    assert.deepEqual([ran.code, error['code'], error['needed']], [6, 'no-space', size], ran.stdout);
    assert.match(String(error['message']), /nothing was downloaded$/);
    assert.match(String(error['hint']), /own/, 'what takes the space is named');
  }
  assert.deepEqual(scratch.snapshot(), before);
  assert.deepEqual(hub.requests, []);
});

for (const name of ['models', 'models/.whisper', 'models/.whisper/partial']) {
  test(`a file in place of ${name} is a disk failure`, async (t) => {
    const { run, scratch, hub } = await hubProject(t, { [OLD]: 4000 }, [OLD]);
    scratch.write(name, 'in the way');
    for (const args of [['sync'], ['download', 'tiny.en'], ...(name.endsWith('partial') ? [] : [['prune']])]) {
      const ran = await run([...args, '--json']);
      assert.deepEqual([ran.code, jsonError(ran)['code']], [6, 'disk-failure'], `${args.join(' ')} ${ran.stdout}`);
      assert.match(String(jsonError(ran)['message']), new RegExp(`/${name} is not a directory(,|$)`));
    }
    assert.deepEqual(hub.requests, []);
    assert.equal(scratch.read(name), 'in the way');
  });
}

/** Does some work while folders have another mode; they must have theirs again before the scratch folder is removed. */
async function withMode(mode: number, folders: readonly string[], work: () => Promise<void>): Promise<void> {
  for (const folder of folders) chmodSync(folder, mode);
  try {
    await work();
  } finally {
    for (const folder of folders.toReversed()) chmodSync(folder, 0o755);
  }
}

/** The same project, whose program permissions stop. */
function asPlainUser(project: HubProject): HubProject {
  const run: HubProject['run'] = async (args, { env } = {}): Promise<Ran> =>
    project.scratch.spawn(args, { env: { ...project.env, ...env }, asPlainUser: true });
  return { ...project, run };
}

test('an unwritable models directory is a permission error', async (t) => {
  const project = asPlainUser(await wantedModel(t));
  const { scratch } = project;
  await withMode(0o555, [join(scratch.models, '.whisper'), scratch.models], async () => {
    await assertRefused(project, { exit: 6, code: 'no-permission', says: /^No permission to read or write / });
    assert.equal((await project.run(['list'])).code, 0, 'it can still be looked at');
    assert.equal((await project.run(['prune'])).code, 0, 'nothing has to be removed');
    scratch.writeRegistry([WANTED]);
    const pruned = await project.run(['prune', '--json']);
    assert.deepEqual([pruned.code, jsonError(pruned)['code']], [6, 'no-permission']);
  });
  assert.deepEqual(scratch.modelNames(), [OLD]);
  assert.deepEqual(project.hub.requests, []);
});

test('an unreadable models directory is a permission error', async (t) => {
  const { scratch, run } = asPlainUser(await wantedModel(t));
  await withMode(0o000, [scratch.models], async () => {
    for (const args of [['list'], ['prune'], ['sync']]) {
      const ran = await run([...args, '--json']);
      assert.deepEqual([ran.code, jsonError(ran)['code']], [6, 'no-permission'], ran.stdout);
    }
  });
});

test('a disk that fills up during a download is exit 6', needsMounts(), async (t) => {
  const project = await largeModel(t, 12 * MIB);
  const { scratch, run, hub, env } = project;
  const disk = scratch.mountMemory('disk', '16m');
  const models = join(disk, 'models');
  const others = join(disk, 'others.bin');
  const args = ['download', 'medium.en', '--json', '--models-dir', models];
  mkdirSync(models);
  const registry = scratch.read(scratch.registry);
  // Another process fills the disk after the space was checked.
  const act = (): void =>
    void execFileSync('dd', ['if=/dev/zero', `of=${others}`, 'bs=1M', 'count=9'], { stdio: 'ignore' });
  hub.inject({ where: 'resolve', act });
  const full = await run(args);
  assert.deepEqual([full.code, jsonError(full)['code']], [6, 'no-space'], full.stdout);
  assert.match(String(jsonError(full)['hint']), /to resume/);
  assert.equal(scratch.read(scratch.registry), registry);

  hub.requests.length = 0;
  const still = await run(args);
  assert.deepEqual([still.code, jsonError(still)['code']], [6, 'no-space']);
  assert.deepEqual(hub.requests, [], 'too little space is seen before the first request');

  rmSync(others);
  const ran = await scratch.spawn(args, { env });
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  const [{ name, size, received }] = JSON.parse(ran.stdout).downloaded;
  assert.deepEqual([name, size], [LARGE, 12 * MIB]);
  assert.ok(received < 12 * MIB, 'what had arrived was kept');
  assert.match(scratch.read(scratch.registry), /medium/);
});

test('a full disk is exit 6', needsMounts(), async (t) => {
  const { run, scratch, models } = await hubProject(t, { [OLD]: 4000, [WANTED]: 5000 }, [OLD]);
  const disk = scratch.mountMemory('disk', '1m');
  const env = { WHISPER_MODELS_PATH: disk };
  const name = join(disk, WANTED);
  execFileSync('dd', [`of=${name}`, 'status=none'], { input: models[WANTED]?.content });
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${join(disk, 'others.bin')}`, 'bs=4k'], { stdio: 'ignore' });
  } catch {
    // It ends when the disk is full.
  }
  const synced = await run(['sync', '--json'], { env });
  assert.equal(synced.code, 6, synced.stdout + synced.stderr);
  assert.equal(jsonError(synced)['code'], 'no-space');
  assert.equal((await run(['list'], { env })).code, 0);
  assert.ok(scratch.exists(scratch.registry));
});

test('a missing models directory is created by download, and not by prune', async (t) => {
  const project = await wantedModel(t);
  const { scratch } = project;
  rmSync(scratch.models, { recursive: true });
  assert.equal((await project.run(['prune'])).code, 0);
  assert.equal(scratch.exists('models'), false, 'prune makes no folder');
  assert.equal((await project.run(['sync'])).code, 0);
  assertPublished(project, await project.run(['download', 'base.en']));
});
