import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nixIn } from '../support/nix-store.ts';
import { needsNix, withNix } from '../support/nix.ts';
import { HOSTILE_KEYS, HostileRepository, otherKeys } from '../support/hostile-repository.ts';
import { hubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const LIST = `{\n  activeModels = [\n    "${TINY}"\n  ];\n}\n`;

test('no git setting makes why run a program, in its own repository or in another root', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
  const own = new HostileRepository(scratch, 'own', { 'whisper-manager.nix': LIST });
  const other = new HostileRepository(scratch, 'other', { 'whisper-manager.nix': LIST });
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

test('no git setting makes hook --install run a program', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
  const own = new HostileRepository(scratch, 'own', { 'whisper-manager.nix': LIST });
  for (const hostile of HOSTILE_KEYS) {
    own.configure(hostile);
    const { code, stderr } = await run(['hook', 'git', '--install'], { cwd: own.path, env: withNix() });
    // Hooks outside of the repository are left alone.
    assert.deepEqual([code, own.ran()], [hostile.key === 'core.hooksPath' ? 3 : 0, ''], hostile.key + stderr);
  }
});

test(
  'a flake in a repository is evaluated without git, its own inputs and other roots included',
  needsNix,
  async (t) => {
    const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
    const flake = (inputs: string, list: string): string =>
      `{ ${inputs} outputs = all: { lib.activeModels = ${list}; }; }`;
    const own = new HostileRepository(scratch, 'own', {
      'nix/whisper-manager.nix': LIST,
      'flake.nix': flake('', 'import ./nix/list.nix'),
      'nix/list.nix': `map (x: x) [ "${TINY}" ]`,
    });
    const input = `inputs.own.url = "git+file://${own.path}";`;
    const other = new HostileRepository(scratch, 'other', {
      'nix/whisper-manager.nix': LIST,
      'flake.nix': flake(input, 'all.own.lib.activeModels'),
    });
    const root = { file: `${other.path}/nix/whisper-manager.nix`, attr: '.#lib.activeModels', cwd: other.path };
    const env = { ...withNix(), ...nixIn(`${scratch.path}/store`) };
    const list = async (): Promise<{ code: number | null; stdout: string }> =>
      run(['list', '--json', '--attr', '.#lib.activeModels'], { cwd: `${own.path}/nix`, env });
    // What is not committed yet counts, and what is not tracked does not exist for a flake.
    const untracked = 'builtins.pathExists ../large';
    scratch.write('own/nix/list.nix', `if ${untracked} then [ ] else [ "${TINY}" "ggml-base.en.bin" ]`);
    scratch.write('own/large', 'not tracked');
    const all = HOSTILE_KEYS.filter(({ value, also }) => !value && Object.keys(also ?? {}).length === 0);
    const together = all.map((each) => each.key);
    const single = HOSTILE_KEYS.filter(({ key }) => /fsmonitor|clean|process|hooksPath|include/.test(key));
    for (const hostile of [...single, { key: 'core.editor', together }]) {
      own.configure(hostile);
      const { code, stdout } = await list();
      assert.deepEqual([code, own.ran()], [0, ''], hostile.key + stdout);
      assert.deepEqual(JSON.parse(stdout).registry.active, [TINY, 'ggml-base.en.bin']);
    }
    own.configure({ key: 'core.fsmonitor' });
    other.configure({ key: 'core.fsmonitor' });
    scratch.write('models/.whisper/roots/other.json', JSON.stringify(root));
    const { code, stdout } = await run(['prune', '--json'], { cwd: `${own.path}/nix`, env });
    assert.deepEqual([code, own.ran(), other.ran()], [3, '', ''], stdout);
    assert.match(stdout, /flake\.nix has the input own, which is not in flake\.lock/);
    assert.equal(scratch.exists('store/cache/nix/gitv3'), false, 'nothing of the input was fetched');
  },
);

test('a program in the working directory is not run for an empty or a relative entry of PATH', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
  const own = new HostileRepository(scratch, 'own', { 'whisper-manager.nix': LIST });
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
