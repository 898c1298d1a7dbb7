import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdLock } from '../support/held-lock.ts';
import { BASE, listing, sharedProject, SMALL, TINY, writeNote, type SharedProject } from '../support/shared-project.ts';
import { jsonError } from './wanted-model.ts';

const NAMED: Readonly<Record<string, (project: SharedProject) => { readonly path: string; readonly cwd?: string }>> = {
  'its file': ({ other }) => ({ path: other }),
  'a relative path': ({ scratch }) => ({ path: '../other/nix/whisper-manager.nix', cwd: join(scratch.path, 'nix') }),
  'its folder': ({ scratch }) => ({ path: join(scratch.path, 'other') }),
  'a relative folder': () => ({ path: './other/' }),
  'a link to its folder': ({ scratch }) => {
    symlinkSync(scratch.path, join(scratch.path, 'link'));
    return { path: join(scratch.path, 'link/other') };
  },
};

for (const [what, name] of Object.entries(NAMED)) {
  test(`--forget-root forgets a missing registry by ${what}`, async (t) => {
    const project = await sharedProject(t);
    const { scratch, run, other, note } = project;
    rmSync(join(scratch.path, 'other'), { recursive: true });
    const { path, cwd } = name(project);
    const options = cwd === undefined ? {} : { cwd };
    const before = scratch.snapshot();
    const planned = await run(['prune', '-n', '--json', '--forget-root', path, '-f', scratch.registry], options);
    assert.deepEqual(JSON.parse(planned.stdout).removed, [{ name: BASE, size: 5000 }]);
    assert.deepEqual(scratch.snapshot(), before);
    const { code, stderr } = await run(['prune', '--forget-root', path, '-f', scratch.registry], options);
    assert.equal(code, 0, stderr);
    assert.ok(stderr.includes(`Forgot ${other}`), stderr);
    assert.deepEqual(scratch.modelNames(), [TINY]);
    assert.equal(scratch.exists(note), false);
  });
}

test('--forget-root forgets a registry without a known list, and one that cannot be read', async (t) => {
  const project = await sharedProject(t);
  const { scratch, run, other } = project;
  scratch.write(other, '{ activeModels = [');
  assert.equal((await run(['prune', '--forget-root', other])).code, 0);
  assert.deepEqual(scratch.modelNames(), [TINY]);
  rmSync(other);
  writeNote(project, { file: other });
  assert.equal((await run(['prune', '--forget-root', other])).code, 0);
});

test('--forget-root names a registry that is not one of them, or may not be forgotten', async (t) => {
  const project = await sharedProject(t);
  const { scratch, run, other } = project;
  const third = scratch.write('other/nix/third.nix', listing(SMALL));
  assert.equal((await run(['sync', '-f', third])).code, 0);
  scratch.writeRegistry([]);
  const before = scratch.snapshot();
  const refused = async (path: string, says: RegExp): Promise<Readonly<Record<string, unknown>>> => {
    const ran = await run(['prune', '--allow-empty', '--json', '--forget-root', path]);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [2, 'usage'], path);
    assert.match(String(jsonError(ran)['message']), says);
    assert.deepEqual(scratch.snapshot(), before);
    return jsonError(ran);
  };
  const unknown = await refused('elsewhere', /^elsewhere is not a registry that uses these models$/);
  for (const file of [other, third]) assert.ok(String(unknown['hint']).includes(file));
  await refused('', /--forget-root is empty/);
  await refused('oth', /is not a registry/);
  await refused(other, /can be read, so it cannot be forgotten$/);
  await refused(scratch.registry, /can be read, so it cannot be forgotten$/);
  await refused('other', /holds 2 registries/);
});

test('--forget-root keeps the models of a registry that becomes readable before the prune', async (t) => {
  const project = await sharedProject(t);
  const { scratch, run, other } = project;
  rmSync(other);
  const release = await holdLock(scratch.models);
  const delay = async (): Promise<void> => {
    scratch.write(other, listing(BASE));
    await release();
  };
  assert.equal((await run(['prune', '--wait', '10', '--forget-root', other], { delay })).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});
