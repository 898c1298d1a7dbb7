import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { countingNix, needsNix, nixValue, withNix } from '../support/nix.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const SMALL = 'ggml-small.en.bin';
const SIZES = { [TINY]: 40, [BASE]: 50, [SMALL]: 60 };
const PARTLY = `{ pkgs }:
{
  activeModels = [
    "${TINY}"
  ] ++ map (name: "ggml-\${name}.bin") [ "base.en" ];
}
`;
const WHOLLY = `{ pkgs }: { activeModels = map (name: "ggml-\${name}.bin") [ "tiny.en" ]; }\n`;

const env = withNix();

test('a computed list is evaluated by Nix, with the lines of its plain part', needsNix, async (t) => {
  const { scratch, run } = await hubProject(t, SIZES, PARTLY);
  const ran = await run(['list', '--json'], { env });
  const { registry, models } = JSON.parse(ran.stdout);
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.deepEqual(registry, { file: scratch.registry, source: 'nix-eval', active: [TINY, BASE] });
  assert.deepEqual(registry.active, nixValue(scratch.registry));
  const lines = models.map(({ name, line }: { name: string; line: number | null }) => [name, line]);
  assert.deepEqual(lines, [
    [TINY, 4],
    [BASE, null],
  ]);
});

test('a list in a file that is nested too deep for the reader is evaluated by Nix', needsNix, async (t) => {
  const nested = `{ activeModels = ${'('.repeat(300)}[ "${TINY}" ]${')'.repeat(300)}; }\n`;
  const { run } = await hubProject(t, SIZES, nested);
  const { registry } = JSON.parse((await run(['list', '--json'], { env })).stdout);
  assert.deepEqual([registry.source, registry.active], ['nix-eval', [TINY]]);
  const alone = await run(['list', '--json', '--no-eval'], { env });
  assert.deepEqual([alone.code, jsonError(alone)['code']], [3, 'registry-computed']);
});

const DIR = `modelsDir = builtins.head [ "MODELS" ]`;
const commands: readonly (readonly string[])[] = [
  ['list'],
  ['prune'],
  ['sync'],
  ['download', 'tiny.en'],
  ['download', 'small.en'],
  ['add', 'small.en'],
  ['remove', 'tiny.en'],
  ['check', '--fix'],
  ['path', 'tiny.en'],
];
for (const args of commands) {
  test(`whisper ${args.join(' ')} evaluates once, the list and modelsDir together`, needsNix, async (t) => {
    const { scratch, run } = await hubProject(t, SIZES);
    scratch.writeRegistry(PARTLY.replace(/\}\n$/, `  ${DIR.replace('MODELS', scratch.models)};\n}\n`));
    const { env: counting, calls } = countingNix(scratch);
    const ran = await run([...args, '--json'], { env: { ...counting, WHISPER_MODELS_PATH: '' } });
    assert.ok([0, 6, 8].includes(ran.code ?? 1), ran.stdout + ran.stderr);
    assert.equal(calls(), 1);
    assert.equal(scratch.exists('.local/share'), false, 'the default folder is not the one');
  });
}

test('a plain list is never evaluated', needsNix, async (t) => {
  const { scratch, run } = await hubProject(t, SIZES, [TINY]);
  const { env: counting, calls } = countingNix(scratch);
  for (const args of commands) await run(args, { env: counting });
  assert.equal(calls(), 0);
});

test('prune removes exactly what Nix does not list', needsNix, async (t) => {
  const { scratch, run, models } = await hubProject(t, SIZES, PARTLY);
  for (const [name, { content }] of Object.entries(models)) scratch.writeModel(name, content);
  const ran = await run(['prune', '--json'], { env });
  assert.deepEqual(JSON.parse(ran.stdout).removed, [{ name: SMALL, size: 60 }]);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

test('a list that Nix evaluates to empty removes nothing without --allow-empty', needsNix, async (t) => {
  const { scratch, run, models } = await hubProject(t, SIZES, '{ activeModels = builtins.filter (x: false) [ "a" ]; }');
  scratch.writeModel(TINY, models[TINY]?.content ?? Buffer.alloc(0));
  const ran = await run(['prune', '--json'], { env });
  assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-empty']);
  assert.deepEqual(scratch.modelNames(), [TINY]);
  assert.equal((await run(['prune', '--allow-empty'], { env })).code, 0);
  assert.deepEqual(scratch.modelNames(), []);
});

test('add, remove and download change the plain part of a computed list', needsNix, async (t) => {
  const { scratch, run } = await hubProject(t, SIZES, PARTLY);
  assert.equal((await run(['add', 'base.en'], { env })).code, 0);
  assert.equal(scratch.read(scratch.registry), PARTLY, 'what Nix lists already is not added');
  const ran = await run(['download', 'small.en', '--json'], { env });
  assert.deepEqual(JSON.parse(ran.stdout).registered, [SMALL], ran.stdout + ran.stderr);
  assert.equal(scratch.read(scratch.registry), PARTLY.replace(`"${TINY}"\n`, `"${TINY}"\n    "${SMALL}"\n`));
  assert.deepEqual(nixValue(scratch.registry), [TINY, SMALL, BASE]);
  assert.equal((await run(['remove', 'small.en', '--delete'], { env })).code, 0);
  assert.equal(scratch.read(scratch.registry), PARTLY);
});

test('a computed entry is not removed from the file', needsNix, async (t) => {
  const { scratch, run } = await hubProject(t, SIZES, PARTLY);
  const ran = await run(['remove', 'base.en', '--json'], { env });
  assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-edit-refused']);
  assert.match(
    String(jsonError(ran)['hint']),
    /^Edit the file by hand: remove "ggml-base\.en\.bin" where the list comes from$/,
  );
  assert.equal(scratch.read(scratch.registry), PARTLY);
});

test('a list without a plain part is reported before any download', needsNix, async (t) => {
  const { scratch, run, hub } = await hubProject(t, SIZES, WHOLLY);
  for (const args of [
    ['download', 'small.en'],
    ['download', 'small.en', '--dry-run'],
    ['add', 'small.en'],
  ]) {
    const ran = await run([...args, '--json'], { env });
    const error = jsonError(ran);
    assert.deepEqual([ran.code, error['code']], [3, 'registry-edit-refused'], args.join(' '));
    assert.match(
      String(error['hint']),
      /^Edit the file by hand: add the line "ggml-small\.en\.bin" where the list comes from$/,
    );
  }
  assert.deepEqual(hub.requests, []);
  assert.deepEqual([scratch.modelNames(), scratch.read(scratch.registry)], [[], WHOLLY]);
  assert.equal((await run(['download', 'small.en', '--no-register'], { env })).code, 0);
  assert.deepEqual(scratch.modelNames(), [SMALL]);
});

test(
  'another registry that is computed keeps its models, and stops a prune where it cannot be',
  needsNix,
  async (t) => {
    const { scratch, run, models } = await hubProject(t, SIZES, [TINY]);
    const other = scratch.write('other/nix/whisper-manager.nix', WHOLLY.replace('tiny.en', 'base.en'));
    for (const [name, { content }] of Object.entries(models)) scratch.writeModel(name, content);
    assert.equal((await run(['prune', '-f', other, '--dry-run'], { env })).code, 0);
    scratch.write('models/.whisper/roots/other.json', JSON.stringify({ file: other }));
    const blind = await run(['prune', '--json']);
    assert.deepEqual([blind.code, jsonError(blind)['code']], [3, 'root-unreadable']);
    assert.equal(scratch.modelNames().length, 3);
    const { env: counting, calls } = countingNix(scratch);
    assert.equal((await run(['prune'], { env: counting })).code, 0);
    assert.deepEqual([scratch.modelNames(), calls()], [[BASE, TINY], 1]);
  },
);

test('a large list keeps its order and its lines', needsNix, async (t) => {
  const scratch = Scratch.create(t);
  const names = Array.from({ length: 20_000 }, (_, index) => `ggml-m${index}.bin`);
  const quoted = names.map((name) => `"${name}"`).join('\n');
  const reversed = `builtins.genList (i: "ggml-m\${toString (${names.length - 1} - i)}.bin") ${names.length}`;
  scratch.writeRegistry(`{ activeModels = ${reversed} ++ [\n${quoted}\n]; }`);
  const ran = await scratch.run(['list', '--json', '--models-dir', join(scratch.path, 'models')], { env });
  const { registry, models } = JSON.parse(ran.stdout);
  assert.deepEqual(registry.active, [...names.toReversed(), ...names]);
  assert.deepEqual([models[0].name, models[0].line], ['ggml-m19999.bin', 20_001]);
});
