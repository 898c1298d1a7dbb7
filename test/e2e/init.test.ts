import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, lchownSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { flakeLines } from '../../src/commands/init/run.ts';
import { needsMounts, needsRoot } from '../support/needs.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TEMPLATE = readFileSync(resolve(import.meta.dirname, '../../../nix/whisper-manager.nix'), 'utf8');
const REGISTRY = 'nix/whisper-manager.nix';

test('init writes the module of this repository into a project, and list works there', async (t) => {
  const scratch = Scratch.create(t);
  scratch.write('.git/HEAD', '');
  const ran = await scratch.spawn(['init']);
  assert.equal(ran.code, 0, ran.stderr);
  assert.equal(scratch.read(REGISTRY), TEMPLATE);
  const [made, ...lines] = ran.stdout.trimEnd().split('\n');
  assert.equal(made, `created ${scratch.registry}`);
  assert.deepEqual(lines.slice(-2), [
    `Then add the file to git, because flakes see only tracked files: git add ${REGISTRY}`,
    'Next: whisper sync',
  ]);
  assert.deepEqual(readdirSync(join(scratch.path, 'nix')), ['whisper-manager.nix'], 'nothing else is left');
  const listed = await scratch.run(['list', '--json']);
  assert.deepEqual(JSON.parse(listed.stdout).registry.active, ['ggml-base.en-q5_1.bin'], listed.stderr);
  assert.equal((await scratch.run(['lock'])).code, 0);
});

test('the next step names a list that is not found by default', async (t) => {
  const scratch = Scratch.create(t);
  const { stdout } = await scratch.run(['init', '--file', 'models.nix']);
  assert.match(stdout, new RegExp(`^Next: whisper sync --file ${scratch.path}/models\\.nix$`, 'm'));
});

test('the result says how to use it in a flake, and an existing flake is not edited', async (t) => {
  const scratch = Scratch.create(t);
  scratch.write('project/flake.nix', '{ }');
  const run = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await scratch.run(['init', '--json', ...args], { cwd: 'project' })).stdout);
  const flake = [
    'inputs.whisper.url = "github:OWNER/whisper";',
    'pkgs = import nixpkgs { inherit system; overlays = [ whisper.overlays.default ]; };',
    'devShells.${system}.default = (import ./nix/whisper-manager.nix { inherit pkgs; }).shell;',
  ];
  assert.deepEqual(await run(), { file: join(scratch.path, 'project', REGISTRY), flake });
  const other = join(scratch.path, 'project/a b/list.nix');
  assert.deepEqual(await run('-f', 'a b/list.nix'), {
    file: other,
    flake: [...flake.slice(0, 2), flake[2]?.replace('./nix/whisper-manager.nix', '(./. + "/a b/list.nix")')],
  });
  assert.equal(scratch.read('project/flake.nix'), '{ }');
  assert.deepEqual(flakeLines('../x.nix')[2], flake[2]?.replace('./nix/whisper-manager.nix', '../x.nix'));
});

test('a project that has a registry is not changed, also from a subfolder', async (t) => {
  const scratch = Scratch.create(t);
  scratch.write('.git', '');
  scratch.write('sub/.keep', '');
  scratch.writeRegistry([]);
  const elsewhere = scratch.write('elsewhere.nix', 'mine');
  const before = scratch.snapshot();
  for (const [cwd, env, file] of [
    ['.', {}, scratch.registry],
    ['sub', {}, scratch.registry],
    ['sub', { WHISPER_NIX_FILE: elsewhere }, elsewhere],
  ] as const) {
    const ran = await scratch.run(['init', '--json'], { cwd, env });
    const error = jsonError(ran);
    assert.deepEqual([ran.code, error['code'], error['file']], [3, 'registry-exists', file]);
    assert.ok(String(error['message']).includes(file));
  }
  assert.deepEqual(scratch.snapshot(), before);
  const env = { WHISPER_NIX_FILE: join(scratch.path, 'new/list.nix') };
  assert.equal((await scratch.run(['init'], { env })).code, 0, 'the one that the environment names is not there yet');
  assert.equal((await scratch.run(['list'], { env })).code, 0);
});

test('init overwrites no file, directory or dangling link', async (t) => {
  const scratch = Scratch.create(t);
  scratch.write('file.nix', '');
  scratch.write('folder/.keep', '');
  symlinkSync('nowhere', join(scratch.path, 'link.nix'));
  symlinkSync('folder', join(scratch.path, 'to-folder.nix'));
  const before = readdirSync(scratch.path);
  for (const name of ['file.nix', 'folder', 'link.nix', 'to-folder.nix']) {
    const ran = await scratch.run(['init', '--json', '-f', name]);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-exists'], name);
  }
  const ran = await scratch.run(['init', '--json', '-f', 'file.nix/x.nix']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [6, 'disk-failure']);
  assert.match(String(jsonError(ran)['hint']), /--file/);
  assert.deepEqual(readdirSync(scratch.path), before);
  assert.deepEqual([readdirSync(join(scratch.path, 'folder')), scratch.read('file.nix')], [['.keep'], '']);
});

test('concurrent inits create one registry', async (t) => {
  const scratch = Scratch.create(t);
  const ran = await Promise.all([1, 2, 3, 4].map(() => scratch.spawn(['init', '--json'])));
  const codes = ran.map(({ code }) => code);
  assert.deepEqual([codes.filter((code) => code === 0).length, codes.filter((code) => code === 3).length], [1, 3]);
  assert.equal(scratch.read(REGISTRY), TEMPLATE);
});

test('a link of another user is not followed', needsRoot(), async (t) => {
  const scratch = Scratch.create(t);
  mkdirSync(join(scratch.path, 'of-root'));
  symlinkSync('of-root', join(scratch.path, 'nix'));
  lchownSync(join(scratch.path, 'nix'), 65534, 65534);
  const ran = await scratch.run(['init', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [6, 'disk-failure']);
  assert.deepEqual(readdirSync(join(scratch.path, 'of-root')), []);
  lchownSync(join(scratch.path, 'nix'), 0, 0);
  assert.equal((await scratch.run(['init'])).code, 0, 'an own one is');
});

test('a full disk and a read-only one leave nothing behind', needsMounts(), async (t) => {
  const scratch = Scratch.create(t);
  const disk = scratch.mountMemory('disk', '4k');
  scratch.write('disk/filler', 'x'.repeat(4096));
  const refused = async (code: string): Promise<void> => {
    const ran = await scratch.run(['init', '--json'], { cwd: 'disk' });
    assert.deepEqual([ran.code, jsonError(ran)['code']], [6, code], ran.stdout);
    assert.deepEqual(readdirSync(disk), ['filler']);
  };
  await refused('no-space');
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  await refused('no-permission');
});

test('init writes nothing into the Nix store', async (t) => {
  const scratch = Scratch.create(t);
  const file = '/nix/store/whisper-init-test/list.nix';
  const ran = await scratch.run(['init', '--json', '--file', file]);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-read-only']);
  assert.equal(existsSync(file), false);
});
