import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en-q5_1.bin';
const BASE = 'ggml-base.en-q5_1.bin';
const SMALL = 'ggml-small.en-q5_1.bin';

const REGISTRY = `{ pkgs }:
let
  # Configuration at the top
  activeModels = [
    "${BASE}"        # Keep this
    # "${SMALL}"     # Commented out = will be pruned
  ];

  whisper = pkgs.writeShellScriptBin "whisper" ''
    echo "''\${1:-help} — naïve"
    # activeModels = [ "not-a-binding.bin" ];
  '';
in
{ packages = [ whisper ]; }
`;

const project = (t: TestContext): Promise<HubProject> =>
  hubProject(t, { [TINY]: 40_000, [BASE]: 80_000, [SMALL]: 120_000 }, REGISTRY);

/** The lines of `after` that `before` does not have, where nothing else differs. */
function gained(before: string, after: string): readonly string[] {
  const lines = new Set(before.split('\n'));
  const more = after.split('\n').filter((line) => !lines.has(line));
  assert.equal(
    after
      .split('\n')
      .filter((line) => lines.has(line))
      .join('\n'),
    before,
  );
  return more;
}

function assertModel({ scratch, models }: HubProject, name: string): void {
  const path = join(scratch.models, name);
  assert.ok(readFileSync(path).equals(models[name]?.content ?? Buffer.alloc(0)), name);
  assert.equal(statSync(path).mode & 0o7777, 0o444, name);
}

test('the story: list, download, download from the menu, comment out, prune, sync', async (t) => {
  const it = await project(t);
  const { scratch } = it;
  const json = async (...args: readonly string[]): Promise<{ readonly [key: string]: unknown }> => {
    const ran = await it.run([...args, '--json']);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /^\{[^\n]*\}\n$/);
    return JSON.parse(ran.stdout) as Record<string, unknown>;
  };
  const namesOf = (value: unknown): unknown => (value as { name: string }[]).map(({ name }) => name);

  const before = scratch.read(scratch.registry);
  const synced = await json('sync');
  assert.deepEqual(namesOf(synced['downloaded']), [BASE]);
  assert.deepEqual(synced['registered'], []);
  assert.equal(scratch.read(scratch.registry), before, 'sync writes no registry');

  const named = await json('download', 'tiny.en-q5_1');
  assert.deepEqual(named['registered'], [TINY]);
  assertModel(it, TINY);
  const withTiny = scratch.read(scratch.registry);
  assert.deepEqual(gained(before, withTiny), [`    "${TINY}"`]);

  const chosen = await it.run(['download'], { stdin: '3\n' });
  assert.equal(chosen.code, 0, chosen.stderr);
  assertModel(it, SMALL);
  const withSmall = scratch.read(scratch.registry);
  const turnedOn = REGISTRY.replace(`# "${SMALL}"`, `"${SMALL}"`)
    .split('\n')
    .find((line) => line.includes(SMALL));
  assert.equal(withSmall.split('\n').filter((line) => line !== turnedOn).length, withTiny.split('\n').length - 1);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);

  scratch.writeRegistry(withSmall.replace(`    "${TINY}"`, `    # "${TINY}"`));
  const commented = scratch.read(scratch.registry);
  const pruned = await json('prune');
  assert.deepEqual(pruned, {
    dryRun: false,
    removed: [{ name: TINY, size: 40_000 }],
    kept: [BASE, SMALL],
    unmanaged: [],
    freed: 40_000,
  });
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL]);
  assert.equal(scratch.exists(`models/.whisper/records/${TINY}.json`), false);
  assert.equal(scratch.read(scratch.registry), commented);

  scratch.writeRegistry(withSmall);
  const back = await json('sync');
  assert.deepEqual(namesOf(back['downloaded']), [TINY]);
  assert.deepEqual(back['present'], [BASE, SMALL]);
  for (const name of [TINY, BASE, SMALL]) assertModel(it, name);

  it.hub.requests.length = 0;
  const nothing = await json('download', 'tiny.en-q5_1', 'ggml-base.en-q5_1.bin', 'tiny.en-q5_1');
  assert.deepEqual(nothing, {
    dryRun: false,
    pruned: [],
    downloaded: [],
    present: [TINY, BASE],
    adopted: [],
    registered: [],
  });
  assert.deepEqual(it.hub.requests, []);
});

test('download prunes first, unless --no-prune is given', async (t) => {
  const it = await project(t);
  await it.run(['sync']);
  it.scratch.writeRegistry(REGISTRY.replace(`    "${BASE}"`, `    # "${BASE}"`).replace(`# "${SMALL}"`, `"${SMALL}"`));
  const kept = await it.run(['download', 'tiny.en-q5_1', '--no-prune', '--json']);
  assert.deepEqual(JSON.parse(kept.stdout).pruned, []);
  assert.deepEqual(it.scratch.modelNames(), [BASE, TINY]);
  const ran = await it.run(['download', 'tiny.en-q5_1', '--json']);
  assert.deepEqual(JSON.parse(ran.stdout).pruned, [{ name: BASE, size: 80_000 }]);
  assert.deepEqual(it.scratch.modelNames(), [TINY]);
});

test('download --no-register does not change the Nix file', async (t) => {
  const it = await project(t);
  const ran = await it.run(['download', 'tiny.en-q5_1', '--no-register', '--json']);
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).registered], [0, []]);
  assert.equal(it.scratch.read(it.scratch.registry), REGISTRY);
  assertModel(it, TINY);
});

test('--force downloads an existing model again, and keeps it where that fails', async (t) => {
  const it = await project(t);
  await it.run(['sync']);
  const gone = it.hub.inject({ where: 'resolve', status: 404, times: Infinity });
  assert.equal((await it.run(['download', 'base.en-q5_1', '--force'])).code, 4);
  assertModel(it, BASE);
  gone.remove();
  const ran = await it.run(['download', 'base.en-q5_1', '--force', '--json']);
  assert.equal(JSON.parse(ran.stdout).downloaded[0].received, 80_000);
  assertModel(it, BASE);
});

test('an existing file is registered without a download', async (t) => {
  const it = await project(t);
  it.scratch.writeModel(TINY, it.models[TINY]?.content ?? Buffer.alloc(0));
  const ran = await it.run(['download', 'tiny.en-q5_1', '--json']);
  const { present, registered } = JSON.parse(ran.stdout);
  assert.deepEqual([present, registered], [[TINY], [TINY]]);
  assert.deepEqual(it.hub.requests, []);
  assert.ok(gained(REGISTRY, it.scratch.read(it.scratch.registry)).length === 1);
});

test('when the last of several downloads fails, the others are kept', async (t) => {
  const it = await project(t);
  it.hub.inject({ where: 'resolve', match: SMALL, status: 404, times: Infinity });
  const ran = await it.run(['download', 'tiny.en-q5_1', 'small.en-q5_1', '--json']);
  assert.equal(ran.code, 4);
  assertModel(it, TINY);
  assert.deepEqual(gained(REGISTRY, it.scratch.read(it.scratch.registry)), [`    "${TINY}"`]);
});
