import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { nixIn } from '../support/nix-store.ts';
import { needsNix, withNix } from '../support/nix.ts';
import { Scratch, type Ran } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const FLAKE = `{
  nixConfig.allow-import-from-derivation = true;
  nixConfig.restrict-eval = false;
  outputs = { self }: {
    lib.activeModels = map (x: x) [ "${TINY}" ];
    lib.mixed = [ "${TINY}" 1 ];
    lib.string = "${TINY}";
    lib.secret = [ (builtins.readFile "\${toString ./.}/../../../../etc/passwd") ];
    lib.outside = [ (builtins.readFile /etc/passwd) ];
    lib.network = [ (builtins.readFile (builtins.fetchurl { url = "http://127.0.0.1:9/"; sha256 = "${'0'.repeat(52)}"; })) ];
    lib.built = import (derivation { name = "x"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo '[]' > $out" ]; });
    lib.wrong =
      1 + "a";
  };
}
`;

/** Runs the program in a project that is a flake, with a store of its own. */
async function inFlake(
  t: TestContext,
  ...args: readonly string[]
): Promise<{ readonly ran: Ran; readonly scratch: Scratch }> {
  const scratch = Scratch.create(t);
  scratch.write('project/flake.nix', FLAKE);
  scratch.write('project/nix/whisper-manager.nix', `{ activeModels = [ "${BASE}" ]; }`);
  for (const name of [TINY, BASE]) scratch.writeModel(name, Buffer.from('lmgg'));
  const store = `${scratch.path}/store`;
  const env = {
    ...withNix(),
    NIX_STORE_DIR: `${store}/store`,
    NIX_STATE_DIR: `${store}/var`,
    NIX_LOG_DIR: `${store}/log`,
    NIX_CONF_DIR: `${store}/etc`,
    XDG_CACHE_HOME: `${store}/cache`,
    NIX_CONFIG: 'build-users-group =\nsubstituters =\nsandbox = false',
  };
  try {
    return { ran: await scratch.run([...args, '--json'], { env, cwd: `${scratch.path}/project` }), scratch };
  } finally {
    // What is in a store is read-only, and has to be removed with the rest.
    if (scratch.exists('store')) execFileSync('chmod', ['-R', 'u+w', store]);
  }
}

test('a list that is the output of a flake', needsNix, async (t) => {
  const { ran, scratch } = await inFlake(t, 'prune', '--unmanaged', '--attr', '.#lib.activeModels');
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.deepEqual(JSON.parse(ran.stdout).kept, [TINY]);
  assert.deepEqual(scratch.modelNames(), [TINY]);
});

const refused: readonly [attribute: string, says: RegExp][] = [
  ['mixed', /^\.#lib\.mixed is a list whose element 2 is a number/],
  ['string', /^\.#lib\.string is a string, not a list of strings$/],
  ['secret', /which is not allowed$/],
  // Nix 2.26 names the first folder on the way.
  ['outside', /it reads \/etc(?:\/passwd)?, which is not allowed$/],
  ['network', /the value needs builtins\.fetchurl, and of a flake only its locked inputs are read$/],
  ['built', /import-from-derivation/],
  ['wrong', /^\.#lib\.wrong cannot be evaluated: Nix says: cannot add/],
  ['none', /the flake does not provide attribute lib\.none$/],
];
for (const [attribute, says] of refused) {
  test(`the output ${attribute} of a flake removes nothing`, needsNix, async (t) => {
    const { ran, scratch } = await inFlake(t, 'prune', '--unmanaged', '--attr', `.#lib.${attribute}`);
    const error = jsonError(ran);
    assert.deepEqual([ran.code, error['code']], [3, 'registry-eval'], ran.stdout);
    assert.match(String(error['message']), says);
    assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  });
}

test('the flake of a folder that does not exist is not the one above it', needsNix, async (t) => {
  const { ran, scratch } = await inFlake(t, 'prune', '--unmanaged', '--attr', './gone#lib.activeModels');
  const { code, message } = jsonError(ran);
  assert.deepEqual([ran.code, code], [3, 'registry-eval'], ran.stdout);
  assert.match(String(message), /^The directory of the flake, .*\/project\/gone, does not exist$/);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

test('an error in a flake has its place in the file of the project', needsNix, async (t) => {
  const { ran, scratch } = await inFlake(t, 'list', '--attr', '.#lib.wrong');
  const { file, line } = jsonError(ran)['place'] as { file: string; line: number };
  assert.equal(
    `${file}:${line}`,
    `${scratch.path}/project/flake.nix:${FLAKE.split('\n').indexOf('      1 + "a";') + 1}`,
  );
});

test('an error in the inputs of a flake has its place, too', needsNix, async (t) => {
  const scratch = Scratch.create(t);
  scratch.write('flake.nix', '{\n  inputs = {\n    a.url = "x"\n  };\n  outputs = _: { };\n}\n');
  scratch.writeRegistry([TINY]);
  const ran = await scratch.run(['list', '--json', '--attr', '.#list'], { env: nixIn(`${scratch.path}/store`) });
  const { file, line } = jsonError(ran)['place'] as { file: string; line: number };
  assert.equal(`${file}:${line}`, `${scratch.path}/flake.nix:4`, ran.stdout);
});

test('a flake has no file that is behind a link in its repository', needsNix, async (t) => {
  const scratch = Scratch.create(t);
  scratch.write('secret/m.nix', `[ "${BASE}" ]`);
  scratch.write('own/sub/m.nix', `[ "${TINY}" ]`);
  scratch.write('own/flake.nix', '{ outputs = _: { lib.list = import ./sub/m.nix; }; }');
  scratch.write('own/nix/whisper-manager.nix', `{ activeModels = [ "${BASE}" ]; }`);
  const git = (...args: readonly string[]): Buffer => execFileSync('git', args, { cwd: `${scratch.path}/own` });
  git('init', '--quiet');
  git('add', '.');
  const list = async (): Promise<Ran> =>
    scratch.run(['list', '--json', '--attr', '.#lib.list'], {
      env: nixIn(`${scratch.path}/store`),
      cwd: `${scratch.path}/own`,
    });
  const { stdout } = await list();
  assert.deepEqual(JSON.parse(stdout).registry?.active, [TINY], stdout);
  rmSync(`${scratch.path}/own/sub`, { recursive: true });
  symlinkSync('../secret', `${scratch.path}/own/sub`);
  const linked = await list();
  assert.equal(linked.code, 3, linked.stdout);
  assert.doesNotMatch(linked.stdout, /base/);
  git('rm', '--quiet', '--cached', 'flake.nix');
  assert.match(String(jsonError(await list())['message']), /^flake\.nix in .*\/own is not tracked by git$/);
});

test('a flake is not evaluated with --no-eval', async (t) => {
  const { ran } = await inFlake(t, 'list', '--no-eval', '--attr', '.#lib.activeModels');
  assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-computed']);
});
