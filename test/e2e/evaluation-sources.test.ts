import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { needsNix, withNix } from '../support/nix.ts';
import type { Ran } from '../support/scratch.ts';
import { noteOf, sharedProject } from '../support/shared-project.ts';
import { jsonError } from './wanted-model.ts';

const SOURCE = '{ url = "https://models.example/x.bin"; size = 5; }';
const env = withNix();

/** Lists the models of a registry, with `x.nix` beside it. */
async function list(t: TestContext, registry: string, x = '{ }', flags: readonly string[] = []): Promise<Ran> {
  const { scratch, run } = await hubProject(t, {});
  scratch.write('nix/whisper-manager.nix', registry);
  scratch.write('nix/x.nix', x);
  return run(['list', '--json', ...flags], { env });
}

function names({ code, stdout, stderr }: Ran): readonly string[] {
  assert.equal(code, 0, stdout + stderr);
  const { models } = JSON.parse(stdout) as { models: readonly { name: string }[] };
  return models.map(({ name }) => name);
}

/** Registries that list `own`, a short name that only their computed sources declare. */
const DECLARED: Readonly<Record<string, readonly [registry: string, x: string]>> = {
  'in a call': [
    `{ activeModels = [ "own" ]; modelSources = builtins.mapAttrs (_: x: x) { own = ${SOURCE}; }; }`,
    '{ }',
  ],
  'in another file': [
    '{ activeModels = [ "own" ]; inherit (import ./x.nix) modelSources; }',
    `{ modelSources.own = ${SOURCE}; }`,
  ],
  'in the left side of `//`': ['import ./x.nix // { activeModels = [ "own" ]; }', `{ modelSources.own = ${SOURCE}; }`],
  'in the left side of `//` in a set': [
    '{ config = import ./x.nix // { activeModels = [ "own" ]; }; }',
    `{ modelSources.own = ${SOURCE}; }`,
  ],
  'in a file that is the whole registry': [
    'import ./x.nix',
    `{ activeModels = [ "own" ]; modelSources.own = ${SOURCE}; }`,
  ],
  'beside an entry `outPath`': [
    `{ activeModels = [ "own" ]; modelSources = builtins.mapAttrs (_: x: x) { own = ${SOURCE}; outPath = ${SOURCE}; }; }`,
    '{ }',
  ],
  'in a `let` whose set the result extends': [
    `let inherit (import ./x.nix) modelSources; in { activeModels = [ "own" ]; modelSources = modelSources // { own = ${SOURCE}; }; }`,
    '{ modelSources = { }; }',
  ],
};

for (const [where, [registry, x]] of Object.entries(DECLARED)) {
  test(`a short name means the model that is declared ${where}`, needsNix, async (t) => {
    assert.deepEqual(names(await list(t, registry, x)), ['ggml-own.bin']);
  });
}

/** What is wrong with computed sources, and the message. */
const WRONG: readonly (readonly [modelSources: string, message: RegExp])[] = [
  ['builtins.head [ 5 ]', /modelSources is a number, not a set/],
  ['builtins.head [ "x" ]', /modelSources is a string, not a set/],
  ['builtins.tail [ ]', /modelSources cannot be evaluated .*tail/],
  ['builtins.tail [ 1 ]', /modelSources is a list, not a set/],
  ['builtins.mapAttrs (_: x: x) { own = [ ]; }', /entry "own" of modelSources is a list/],
  ['builtins.mapAttrs (_: x: x) { own = { }; }', /entry "own" of modelSources has no url/],
  ['builtins.mapAttrs (_: x: x) { own.url = 5; }', /url of "own" in modelSources is a number/],
  ['builtins.mapAttrs (_: x: x) { own = { url = "https://a.example/x"; size = 1.0; }; }', /size of "own"/],
  [
    'builtins.mapAttrs (_: x: x) { own = { url = "https://a.example/x"; hash = true; }; }',
    /hash of "own" .* true or false/,
  ],
  ['builtins.mapAttrs (_: x: x) { own = { url = throw "no address"; }; }', /no address/],
];

for (const [modelSources, message] of WRONG) {
  test(`${modelSources} is refused with its place`, needsNix, async (t) => {
    const ran = await list(t, `{\n  activeModels = [ "own" ];\n  modelSources = ${modelSources};\n}\n`);
    assert.equal(ran.code, 3, ran.stdout + ran.stderr);
    const { message: said, place } = jsonError(ran) as { message: string; place: { line: number } };
    assert.match(said, message);
    assert.equal(place.line, 3);
  });
}

test('with --no-eval, computed sources are an error that names them', async (t) => {
  const ran = await list(t, '{ activeModels = [ "own" ]; inherit (import ./x.nix) modelSources; }', '{ }', [
    '--no-eval',
  ]);
  assert.equal(ran.code, 3);
  assert.match((jsonError(ran) as { message: string }).message, /^modelSources is computed/);
});

test(
  'a short name of another registry means the model that its sources declare, also where Nix evaluates them',
  needsNix,
  async (t) => {
    const it = await sharedProject(t);
    const { scratch, run, other } = it;
    const texts = [
      `{ activeModels = [ "own" ]; modelSources.own = ${SOURCE}; }`,
      '{ activeModels = [ "own" ]; inherit (import ./x.nix) modelSources; }',
      'import ./x.nix // { activeModels = [ "own" ]; }',
    ];
    scratch.write('other/nix/x.nix', `{ modelSources.own = ${SOURCE}; }`);
    for (const text of texts) {
      scratch.write(other, text);
      const ran = await run(['prune', '--json'], { env });
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
      assert.deepEqual(noteOf(it)['active'], ['ggml-own.bin']);
      scratch.write(other, '{ activeModels = [ ]; }');
      assert.equal((await run(['prune'], { env })).code, 0);
    }
  },
);
