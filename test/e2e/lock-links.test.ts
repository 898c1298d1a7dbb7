import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { lockText } from '../support/lock-text.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const EMPTY = '{"models": []}';

for (const [what, hasGit] of [
  ['a clone', true],
  ['an unpacked project', false],
] as const) {
  test(`a lock file that is a link out of ${what} is not written through`, async (t) => {
    const { scratch, env, hub } = await hubProject(t, { [TINY]: 40, 'ggml-base.en.bin': 50 }, []);
    scratch.write('clone/nix/whisper-manager.nix', `{ activeModels = [ "${TINY}" ]; }\n`);
    if (hasGit) mkdirSync(join(scratch.path, 'clone/.git'));
    scratch.write('mine/nix/whisper-models.lock.json', EMPTY);
    symlinkSync('../../mine/nix/whisper-models.lock.json', join(scratch.path, 'clone/nix/whisper-models.lock.json'));
    const before = scratch.snapshot();
    for (const args of [['lock'], ['download', 'base.en']]) {
      const ran = await scratch.spawn([...args, '--json'], { env, cwd: 'clone' });
      assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'lock-file-read-only'], ran.stdout);
      assert.match(String(jsonError(ran)['message']), /is a link to .*mine.*, outside .*clone/);
    }
    assert.deepEqual(scratch.snapshot(), before);
    assert.deepEqual(hub.requests, []);
  });
}

test('a registry and a lock file that a dotfile manager made links are both written through', async (t) => {
  const project = await hubProject(t, { [TINY]: 40 }, []);
  const { scratch, env } = project;
  const NAMES = ['whisper-manager.nix', 'whisper-models.lock.json'];
  scratch.write('dotfiles/nix/whisper-manager.nix', '{ activeModels = [ ]; }\n');
  scratch.write('dotfiles/nix/whisper-models.lock.json', EMPTY);
  mkdirSync(join(scratch.path, 'home/nix'), { recursive: true });
  for (const name of NAMES) symlinkSync(`../../dotfiles/nix/${name}`, join(scratch.path, 'home/nix', name));
  const ran = await scratch.spawn(['download', 'tiny.en'], { env, cwd: 'home' });
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(scratch.read('dotfiles/nix/whisper-manager.nix'), /tiny\.en/);
  assert.equal(scratch.read('dotfiles/nix/whisper-models.lock.json'), lockText(project, TINY));
  for (const name of NAMES) assert.ok(lstatSync(join(scratch.path, 'home/nix', name)).isSymbolicLink());
});

test('a lock file that is a link within a clone is written through', async (t) => {
  const project = await hubProject(t, { [TINY]: 40 }, [TINY]);
  const { scratch, env } = project;
  mkdirSync(join(scratch.path, '.git'));
  scratch.write('pins/lock.json', EMPTY);
  symlinkSync('../pins/lock.json', join(scratch.path, 'nix/whisper-models.lock.json'));
  assert.equal((await scratch.spawn(['lock'], { env })).code, 0);
  assert.equal(scratch.read('pins/lock.json'), lockText(project, TINY));
});
