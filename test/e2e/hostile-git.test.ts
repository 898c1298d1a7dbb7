import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOSTILE_KEYS, HostileRepository, otherKeys } from '../support/hostile-repository.ts';
import { hubProject } from '../support/hub-project.ts';
import { withNix } from '../support/nix.ts';

const TINY = 'ggml-tiny.en.bin';
const LIST = `{\n  activeModels = [\n    "${TINY}"\n  ];\n}\n`;

test('no key of git makes why run a program, of its own repository or of another root', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
  const own = new HostileRepository(scratch, 'own', 'whisper-manager.nix', LIST);
  const other = new HostileRepository(scratch, 'other', 'whisper-manager.nix', LIST);
  const root = `${other.path}/whisper-manager.nix`;
  scratch.write('models/.whisper/roots/other.json', JSON.stringify({ file: root }));
  const obeyed: string[] = [];
  for (const hostile of [...HOSTILE_KEYS, ...otherKeys()]) {
    own.configure(hostile);
    other.configure(hostile);
    const { stdout, code } = await run(['why', 'tiny.en', '--json'], { cwd: own.path, env: withNix() });
    assert.equal(code, 0, hostile.key);
    const files = JSON.parse(stdout).keptBy.map(({ file }: { file: string }) => file);
    assert.deepEqual(files, [`${own.path}/whisper-manager.nix`, root]);
    if (own.ran() + other.ran() !== '') obeyed.push(hostile.key);
  }
  assert.deepEqual(obeyed, []);
});

test('no key of git makes hook --install run a program', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
  const own = new HostileRepository(scratch, 'own', 'whisper-manager.nix', LIST);
  for (const hostile of HOSTILE_KEYS) {
    own.configure(hostile);
    const { code, stderr } = await run(['hook', 'git', '--install'], { cwd: own.path, env: withNix() });
    // Hooks outside of the repository are left alone.
    assert.deepEqual([code, own.ran()], [hostile.key === 'core.hooksPath' ? 3 : 0, ''], hostile.key + stderr);
  }
});

test('a program in the working directory is not run for an empty or a relative entry of PATH', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
  const own = new HostileRepository(scratch, 'own', 'whisper-manager.nix', LIST);
  for (const name of ['git', 'nix', 'nix-instantiate', 'nix-store', 'sh'])
    for (const folder of ['own', 'own/bin'])
      scratch.write(`${folder}/${name}`, `#!/bin/sh\necho ${name} >> '${scratch.path}/own-ran'\n`, 0o755);
  const computed = scratch.write('own/computed.nix', LIST.replace('= [', '= map (x: x) ['));
  for (const PATH of ['', ':', '.', 'bin', `:${withNix().PATH}:.:bin`]) {
    for (const args of [['why', 'tiny.en'], ['hook', 'git', '--install'], ['list', '-f', computed], ['doctor']]) {
      await run(args, { cwd: own.path, env: { PATH } });
      assert.equal(own.ran(), '', `${args.join(' ')} with PATH=${PATH}`);
    }
  }
});
