import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { LOCK } from '../support/lock-text.ts';
import { needsNix, withNix } from '../support/nix.ts';
import { BASE, listing, noteOf, sharedProject, SMALL, TINY } from '../support/shared-project.ts';
import { watchProject } from '../support/watch-project.ts';
import { Watching } from '../support/watching.ts';
import { jsonError } from './wanted-model.ts';

/** Short names in other registries, in lists that Nix evaluates, and in a session of `watch`. */

test('a model that another registry lists by its short name is kept, and noted by its file name', async (t) => {
  const it = await sharedProject(t);
  const { scratch, run, other } = it;
  scratch.write(other, listing('base.en'));
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.deepEqual(noteOf(it)['active'], [BASE]);
  const why = await run(['why', 'base.en', '--json']);
  assert.deepEqual(
    JSON.parse(why.stdout).keptBy.map(({ registry, line }: Record<string, unknown>) => [registry, line]),
    [[other, 1]],
  );
  assert.match(
    (await run(['list', '-v'])).stdout,
    /base\.en .*kept: listed in another registry; kept by \S*other\S*:1/,
  );
  scratch.write(other, listing('small.en'));
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [TINY]);
});

test('another registry with a word that is not a known short name stops prune', async (t) => {
  const { scratch, run, other } = await sharedProject(t);
  for (const list of [listing('git', 'curl'), listing('base.en', 'git'), listing('bsae.en')]) {
    scratch.write(other, list);
    const ran = await run(['prune', '--json']);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'root-unreadable']);
  }
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

test('a short name of another registry is known by its own lock file, or by its list as it was last read', async (t) => {
  const it = await sharedProject(t);
  const { scratch, run, models, other } = it;
  const team = 'ggml-team.bin';
  const entry = { ...models[SMALL]?.entry, file: team };
  scratch.write(other, listing('team'));
  assert.equal((await run(['prune'])).code, 3, 'unknown');
  const lock = scratch.write(join('other', LOCK), JSON.stringify({ version: 1, models: [entry] }));
  assert.equal((await run(['prune', '-n'])).code, 0);
  scratch.write(lock, JSON.stringify({ version: 1, models: [] }));
  assert.equal((await run(['prune'])).code, 3, 'no longer pinned');
  // The other user has a catalogue of their own.
  const env = { WHISPER_CATALOG: scratch.write('theirs.json', JSON.stringify({ models: [entry] })) };
  assert.equal((await run(['prune', '-f', other], { env })).code, 0);
  assert.deepEqual(noteOf(it)['active'], [team]);
  const ran = await run(['prune']);
  assert.equal(ran.code, 0, ran.stderr);
});

test('a list of short names that Nix evaluates is read, kept and edited like any other', needsNix, async (t) => {
  const text = `{ pkgs }:\n{\n  activeModels = [\n    "tiny.en"\n  ] ++ map (name: name) [ "base.en" ];\n}\n`;
  const { scratch, run, place } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000, [SMALL]: 6000 }, text);
  await place([TINY, BASE, SMALL]);
  const env = withNix();
  const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const ran = await run([...args, '--json'], { env });
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    return JSON.parse(ran.stdout);
  };
  assert.deepEqual((await json('list'))['registry'], {
    file: scratch.registry,
    source: 'nix-eval',
    active: [TINY, BASE],
  });
  assert.deepEqual((await json('prune'))['removed'], [{ name: SMALL, size: 6000 }]);
  assert.deepEqual((await json('add', BASE, 'tiny.en'))['present'], [BASE, TINY]);
  assert.deepEqual((await json('add', 'small.en'))['added'], [SMALL]);
  assert.equal(scratch.read(scratch.registry), text.replace('"tiny.en"\n', '"tiny.en"\n    "small.en"\n'));
  assert.deepEqual((await json('remove', '--delete', SMALL))['removed'], [SMALL]);
  assert.equal(scratch.read(scratch.registry), text);
  const refused = await run(['remove', 'base.en', '--json'], { env });
  assert.deepEqual([refused.code, jsonError(refused)['code']], [3, 'registry-edit-refused']);
  scratch.writeRegistry(text.replace('"base.en"', '"git"'));
  const wrong = await run(['prune', '--json'], { env });
  assert.deepEqual([wrong.code, jsonError(wrong)['code']], [3, 'registry-bad-name']);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

const LIST = '{ activeModels = [\n  "tiny.en"\n  "base.en"\n  "small.en"\n]; }\n';

test('a short name that is commented out in a watch session is pruned, and restored when it is back', async (t) => {
  const { scratch, watching } = await watchProject(t, [], LIST);
  assert.deepEqual((await watching.next('ready')).active, [TINY, BASE, SMALL]);
  scratch.writeRegistry(LIST.replace('"base.en"', '# "base.en"'));
  assert.deepEqual((await watching.next('change')).removed, [BASE]);
  assert.deepEqual((await watching.next('prune')).removed, [{ name: BASE, size: 5000 }]);
  scratch.writeRegistry(LIST.replace('"base.en"', `"${BASE}"`));
  assert.deepEqual((await watching.next('change', 0, ({ added }) => added.length > 0)).added, [BASE]);
  assert.deepEqual((await watching.next('restore')).names, [BASE]);
  scratch.writeRegistry(LIST.replace('"base.en"', '"git"'));
  assert.equal((await watching.next('hold')).reason, 'invalid');
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
  await watching.end('SIGINT');
});

test('a model that only the trash of a watch session has is known by its short name', async (t) => {
  const own = 'ggml-own.bin';
  const text = LIST.replace(']', '  "own"\n]');
  const it = await hubProject(t, { [TINY]: 40, [BASE]: 50, [SMALL]: 60, [own]: 70 }, text);
  await it.place([TINY, BASE, SMALL, own], true);
  // Its record alone says that it can be downloaded again.
  const watching = await Watching.start(t, it.scratch, { ...it.env, WHISPER_CATALOG: '' }, []);
  await watching.next('ready');
  it.scratch.writeRegistry(text.replace('"own"', '# "own"'));
  assert.deepEqual((await watching.next('prune')).removed, [{ name: own, size: 70 }]);
  it.scratch.writeRegistry(text);
  assert.deepEqual((await watching.next('restore')).names, [own]);
  assert.ok(it.scratch.modelNames().includes(own));
  await watching.end('SIGINT');
});
