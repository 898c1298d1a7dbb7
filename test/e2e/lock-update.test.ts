import assert from 'node:assert/strict';
import { chmodSync, statSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { toSri } from '../../src/core/catalogue/sha256-forms.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { LOCK, lockEntry } from '../support/lock-text.ts';
import { SAMPLE_REVISION } from '../support/models.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const SMALL = 'ggml-small.en.bin';
const EMPTY = '{"models": []}';

const project = async (t: TestContext, active: readonly string[]): Promise<HubProject> =>
  hubProject(t, { [TINY]: 4000, [BASE]: 5000, [SMALL]: 6000 }, active);

const lockOf = ({ scratch }: HubProject): readonly Readonly<Record<string, unknown>>[] =>
  JSON.parse(scratch.read(LOCK)).models;

test('a registered download updates the lock file for the whole list', async (t) => {
  const it = await project(t, [SMALL, 'ggml-nobody-knows.bin']);
  const { scratch, run } = it;
  scratch.write(LOCK, JSON.stringify({ later: 1, models: [lockEntry(it, TINY)] }));
  assert.equal((await run(['download', 'base.en'])).code, 0);
  assert.deepEqual(JSON.parse(scratch.read(LOCK)), {
    version: 1,
    later: 1,
    models: [lockEntry(it, BASE), lockEntry(it, SMALL)],
  });
  const before = statSync(scratch.write(LOCK, scratch.read(LOCK))).mtimeMs;
  assert.equal((await run(['download', 'base.en'])).code, 0);
  assert.equal(statSync(`${scratch.path}/${LOCK}`).mtimeMs, before, 'what is in order is not written');
});

test('the lock file is updated also where nothing is downloaded', async (t) => {
  const it = await project(t, [SMALL]);
  const { scratch, run } = it;
  assert.equal((await run(['sync'])).code, 0);
  scratch.writeModel(BASE, it.models[BASE]?.content ?? Buffer.alloc(0));
  scratch.write(LOCK, EMPTY);
  assert.equal((await run(['download', 'small.en'])).code, 0);
  assert.deepEqual(lockOf(it), [lockEntry(it, SMALL)], 'of what is already active');
  scratch.write(LOCK, EMPTY);
  assert.equal((await run(['download', 'base.en', '--no-prune'])).code, 0);
  assert.deepEqual(lockOf(it), [lockEntry(it, BASE), lockEntry(it, SMALL)], 'of existing and registered models');
});

test('a model that only the hub knows is locked at the commit of its branch', async (t) => {
  const it = await project(t, []);
  const { scratch, run } = it;
  scratch.writeCatalogue([
    { ...it.models[BASE]?.entry, revision: 'main' },
    { file: SMALL, repo: it.models[SMALL]?.entry.repo },
  ]);
  scratch.write(LOCK, EMPTY);
  assert.equal((await run(['download', 'base.en', 'small.en'])).code, 0);
  assert.deepEqual(lockOf(it), [lockEntry(it, BASE), lockEntry(it, SMALL)]);
  assert.equal(lockOf(it)[0]?.['revision'], SAMPLE_REVISION);
});

test('an adopted model is locked as well', async (t) => {
  const it = await project(t, []);
  it.scratch.write(`.local/share/whisper/models/${BASE}`, it.models[BASE]?.content ?? '');
  it.scratch.write(LOCK, EMPTY);
  const ran = await it.run(['download', 'base.en', '--json'], { env: { HF_HUB_OFFLINE: '1' } });
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).adopted], [0, [BASE]]);
  assert.deepEqual(lockOf(it), [lockEntry(it, BASE)]);
});

test('no lock file is created, and --no-register does not change one', async (t) => {
  const it = await project(t, [SMALL]);
  const { scratch, run } = it;
  assert.equal((await run(['download', 'base.en'])).code, 0);
  assert.equal(scratch.exists(LOCK), false);
  scratch.write(LOCK, EMPTY);
  for (const args of [
    ['download', 'tiny.en', '--no-register'],
    ['download', 'tiny.en', '--dry-run'],
    ['sync'],
    ['prune'],
  ]) {
    assert.equal((await run(args)).code, 0);
    assert.equal(scratch.read(LOCK), EMPTY, args.join(' '));
  }
});

test('an unwritable lock file is reported before the download', async (t) => {
  const it = await project(t, []);
  const { scratch, run, hub } = it;
  const path = scratch.write(LOCK, EMPTY, 0o444);
  const before = scratch.snapshot();
  for (const args of [
    ['download', 'base.en', '--json'],
    ['download', 'base.en', '--json', '-n'],
  ]) {
    const ran = await run(args);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'lock-file-read-only']);
  }
  assert.deepEqual([scratch.snapshot(), hub.requests], [before, []]);
  chmodSync(path, 0o644);
  scratch.write(LOCK, JSON.stringify({ version: 1, models: [lockEntry(it, BASE)] }), 0o444);
  assert.equal((await run(['download', 'base.en'])).code, 0, 'it says everything already');
});

test('the pin of an unlisted model is used, and kept when the download fails', async (t) => {
  const it = await project(t, [SMALL]);
  const { scratch, run } = it;
  scratch.write(LOCK, JSON.stringify({ models: [{ ...lockEntry(it, BASE), sha256: toSri('f'.repeat(64)) }] }));
  const ran = await run(['download', 'base.en', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [5, 'stale-pin']);
  assert.deepEqual(
    lockOf(it).map(({ file, sha256 }) => [file, sha256]),
    [
      [BASE, toSri('f'.repeat(64))],
      [SMALL, lockEntry(it, SMALL)['sha256']],
    ],
  );
});

test('processes that download different models at once lock them all', async (t) => {
  const it = await project(t, []);
  const { scratch, env } = it;
  scratch.write(LOCK, EMPTY);
  const names = ['tiny.en', 'base.en', 'small.en'];
  const ran = await Promise.all(names.map((name) => scratch.spawn(['download', name, '--json'], { env })));
  for (const { code, stdout } of ran) assert.equal(code, 0, stdout);
  assert.deepEqual(lockOf(it), [lockEntry(it, BASE), lockEntry(it, SMALL), lockEntry(it, TINY)]);
});
