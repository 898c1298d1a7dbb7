import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FlakeProject } from '../support/flake-project.ts';
import { needsNix } from '../support/nix.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const SMALL = 'ggml-small.en.bin';
const LIST = '.#lib.activeModels';
const input = (...names: readonly string[]): string =>
  `{ outputs = _: { names = [ ${names.map((name) => `"${name}"`).join(' ')} ]; }; }`;

function activeIn({ code, stdout }: { code: number | null; stdout: string }): unknown {
  assert.equal(code, 0, stdout);
  const { source, active } = JSON.parse(stdout).registry;
  assert.equal(source, 'nix-eval');
  return active;
}

/** A project with the flake `in` beside it, which its flake.nix names as HERE/in. */
function projectWith(t: TestContext, flake: string, files?: Readonly<Record<string, string>>): FlakeProject {
  const project = FlakeProject.create(t, '{ outputs = _: { }; }', files);
  project.scratch.write('in/flake.nix', input(TINY));
  project.commit('in');
  project.scratch.write('project/flake.nix', flake.replaceAll('HERE', project.scratch.path));
  project.commit('project');
  return project;
}

const USING = 'outputs = { self, in1 }: { lib.activeModels = in1.names; };';

const kinds: readonly [
  name: string,
  flake: string,
  active: readonly string[],
  files?: Readonly<Record<string, string>>,
][] = [
  ['a git repository', `{ inputs.in1.url = "git+file://HERE/in"; ${USING} }`, [TINY]],
  ['a folder', `{ inputs.in1.url = "path:HERE/in"; ${USING} }`, [TINY]],
  ['a folder by its attributes', `{ inputs.in1 = { type = "path"; path = "HERE/in"; }; ${USING} }`, [TINY]],
  [
    'a folder of the project',
    `{ inputs.in1.url = "path:./sub"; ${USING} }`,
    [SMALL],
    { 'sub/flake.nix': input(SMALL) },
  ],
  [
    'a git repository, a folder and a folder of the project',
    `{ inputs = { a.url = "git+file://HERE/in?ref=HEAD"; b.url = "path:HERE/in"; c.url = "path:./sub"; };
       outputs = { self, ... }@all: { lib.activeModels = all.a.names ++ all.c.names ++ all.b.names; }; }`,
    [TINY, SMALL, TINY],
    { 'sub/flake.nix': input(SMALL) },
  ],
  [
    'files without a flake',
    `{ inputs.in1 = { url = "git+file://HERE/in"; flake = false; };
       outputs = { self, in1 }: { lib.activeModels = ((import "\${in1}/flake.nix").outputs 1).names; }; }`,
    [TINY],
  ],
  [
    'an input of an input, which follows another one',
    `{ inputs = { in1.url = "path:HERE/in"; mid.url = "path:./mid"; mid.inputs.deep.follows = "in1"; };
       outputs = { self, in1, mid }: { lib.activeModels = mid.names; }; }`,
    [TINY, BASE],
    {
      'mid/flake.nix': `{ inputs.deep.url = "path:/nowhere"; outputs = { self, deep }: { names = deep.names ++ [ "${BASE}" ]; }; }`,
    },
  ],
];
for (const [name, flake, active, files] of kinds) {
  test(`a flake is evaluated with a locked input that is ${name}, after that is gone`, needsNix, async (t) => {
    const project = projectWith(t, flake, files);
    project.lock();
    assert.deepEqual(JSON.parse(project.nix('eval', '--json', LIST)), active, 'Nix says the same');
    rmSync(join(project.scratch.path, 'in'), { recursive: true });
    assert.deepEqual(activeIn(await project.list(LIST)), active);
    const cwd = join(project.path, 'nix');
    assert.deepEqual(activeIn(await project.list('..#lib.activeModels', { cwd })), active);
  });
}

test('the metadata of an input are those that Nix has', needsNix, async (t) => {
  const show =
    'map (name: "${name}=${toString in1.${name}}") (builtins.filter (name: in1 ? ${name}) [ "rev" "shortRev" "revCount" "submodules" "lastModified" "lastModifiedDate" "narHash" "outPath" ])';
  const project = projectWith(
    t,
    `{ inputs.in1.url = "git+file://HERE/in"; outputs = { self, in1 }: { lib.activeModels = ${show} ++ [ self.outPath ]; }; }`,
  );
  project.lock();
  const read = activeIn(await project.list(LIST)) as readonly string[];
  const expected = JSON.parse(project.nix('eval', '--json', LIST)) as readonly string[];
  assert.deepEqual(read, expected);
});

test('a list that depends on the commit of its flake is refused', needsNix, async (t) => {
  const names = ['rev', 'shortRev', 'dirtyRev', 'revCount', 'lastModified', 'lastModifiedDate'];
  const outputs = names.map((name) => `lib.${name} = [ (toString (self.${name} or "none")) ];`);
  const project = projectWith(t, `{ outputs = { self }: { ${outputs.join(' ')} }; }`);
  for (const name of names) {
    const ran = await project.list(`.#lib.${name}`);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-eval'], ran.stdout);
    assert.match(String(jsonError(ran)['message']), new RegExp(`the value needs self\\.${name}, `));
  }
});

test('a flake in a folder of its repository has the files of the whole', needsNix, async (t) => {
  const project = projectWith(t, '{ outputs = _: { }; }', {
    'deep/flake.nix': '{ outputs = _: { lib.activeModels = import ../list.nix; }; }',
    'list.nix': `[ "${BASE}" ]`,
  });
  assert.deepEqual(activeIn(await project.list('./deep#lib.activeModels')), [BASE]);
});

test('an input that the output does not need may be missing from the store', needsNix, async (t) => {
  const project = projectWith(
    t,
    `{ inputs.in1.url = "git+file://HERE/in"; outputs = { self, in1 }: { lib.activeModels = [ "${BASE}" ]; lib.all = in1.names; }; }`,
  );
  project.nix('flake', 'lock');
  project.commit('project');
  assert.deepEqual(activeIn(await project.list(LIST, { env: elsewhere(project) })), [BASE]);
});

for (const address of ['git+file://HERE/in', 'path:HERE/in']) {
  test(
    `an input that is missing from the store is an error with the command that fetches it: ${address}`,
    needsNix,
    async (t) => {
      const project = projectWith(t, `{ inputs.in1.url = "${address}"; ${USING} }`);
      project.lock();
      const env = elsewhere(project);
      const ran = await project.list(LIST, { env });
      assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-eval'], ran.stdout);
      assert.match(String(jsonError(ran)['message']), /^The input in1 of the flake is not in the Nix store/);
      assert.match(String(jsonError(ran)['hint']), /^Run nix flake archive, /);
      assert.equal(project.scratch.exists('elsewhere/cache/nix/gitv3'), false);
      const below = await project.list('..#lib.activeModels', { env, cwd: join(project.path, 'nix') });
      assert.match(String(jsonError(below)['hint']), /^Run nix flake archive \.\., /);
      project.nix('flake', 'archive');
      assert.deepEqual(activeIn(await project.list(LIST)), [TINY]);
    },
  );
}

test('an error in an input has its place in the store, and is not about a missing input', needsNix, async (t) => {
  const project = projectWith(t, `{ inputs.in1.url = "path:HERE/in"; ${USING} }`);
  for (const [list, says] of [
    ['1 + "a"', /cannot add/],
    ['import ./none.nix', /none\.nix/],
  ] as const) {
    project.scratch.write('in/flake.nix', `{ outputs = _: {\n names = ${list}; }; }`);
    project.scratch.write('project/flake.lock', '{"nodes":{"root":{}},"root":"root","version":7}');
    project.lock();
    const { code, message, place } = jsonError(await project.list(LIST)) as {
      code: string;
      message: string;
      place: { file: string; line: number };
    };
    assert.equal(code, 'registry-eval');
    assert.match(message, says);
    assert.doesNotMatch(message, /nonexistent|narHash/);
    assert.match(
      `${place.file}:${place.line}`,
      /\/store\/store\/\w{32}-source\/flake\.nix:2$|\/project\/flake\.nix:1$/,
    );
  }
});

/** Another store, which has nothing yet. */
function elsewhere({ scratch }: FlakeProject): Record<string, string> {
  const at = (name: string): string => join(scratch.path, 'store', 'elsewhere', name);
  return { NIX_STORE_DIR: at('store'), NIX_STATE_DIR: at('var'), XDG_CACHE_HOME: at('cache') };
}

const unlocked: readonly [name: string, before: string, after: string, says: RegExp][] = [
  [
    'was never locked',
    '',
    'inputs.in1.url = "path:HERE/in";',
    /^flake\.nix has the input in1, which is not in flake\.lock$/,
  ],
  [
    'has another address now',
    'inputs.in1.url = "path:HERE/in";',
    'inputs.in1.url = "path:HERE/other";',
    /^flake\.nix and flake\.lock have different references for the input in1$/,
  ],
  [
    'is not a flake any more',
    'inputs.in1.url = "path:HERE/in";',
    'inputs.in1 = { url = "path:HERE/in"; flake = false; };',
    /^flake\.nix and flake\.lock have different references for the input in1$/,
  ],
  ['is named by outputs only', '', '', /^flake\.nix has the input in1, which is not in flake\.lock$/],
  [
    'was removed',
    'inputs.in1.url = "path:HERE/in"; inputs.old.url = "path:HERE/in";',
    'inputs.in1.url = "path:HERE/in";',
    /^flake\.lock has the input old, which is not in flake\.nix$/,
  ],
];
for (const [name, before, after, says] of unlocked) {
  test(`an input that ${name} is neither fetched nor read`, needsNix, async (t) => {
    const open = 'outputs = { self, ... }: { lib.activeModels = [ ]; };';
    const project = projectWith(t, `{ ${before} ${open} }`);
    if (before !== '') project.lock();
    project.scratch.write('other/flake.nix', '# SECRET');
    const now = `{ ${after} outputs = { self, in1 }: { lib.activeModels = [ ]; }; }`;
    project.scratch.write('project/flake.nix', now.replaceAll('HERE', project.scratch.path));
    const ran = await project.list(LIST);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-eval'], ran.stdout);
    assert.match(String(jsonError(ran)['message']), says);
    assert.match(String(jsonError(ran)['hint']), /^Run nix flake lock, /);
    assert.deepEqual(project.copiesOf('SECRET'), []);
  });
}
