import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findLockFile, writeLockFile } from '../../src/adapters/registry/lockfile.ts';
import { toSri } from '../../src/core/catalogue/sha256-forms.ts';
import { hubProject } from '../support/hub-project.ts';
import { LOCK, lockEntry, lockText } from '../support/lock-text.ts';
import { SAMPLE_REVISION } from '../support/models.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const OWN = 'ggml-own.bin';

test('lock pins the listed models from the catalogue without the network', async (t) => {
  const project = await hubProject(t, { [TINY]: 40, [BASE]: 50 }, [TINY, BASE, TINY]);
  const { scratch, run } = project;
  const ran = await run(['lock', '--json'], { env: { HF_HUB_OFFLINE: '1' } });
  const file = join(scratch.path, LOCK);
  const models = [lockEntry(project, BASE), lockEntry(project, TINY)];
  assert.deepEqual([ran.code, ran.stderr], [0, '']);
  assert.deepEqual(JSON.parse(ran.stdout), { file, added: [BASE, TINY], removed: [], kept: [], models });
  assert.equal(scratch.read(LOCK), lockText(project, BASE, TINY));

  const before = scratch.snapshot();
  const again = await run(['lock']);
  assert.deepEqual([again.code, again.stdout], [0, `${LOCK} is up to date\n`]);
  assert.deepEqual(JSON.parse((await run(['lock', '--json'])).stdout).kept, [BASE, TINY]);
  assert.deepEqual(scratch.snapshot(), before, 'bytes and times');
  assert.deepEqual(project.hub.requests, []);

  scratch.writeRegistry([TINY]);
  const less = await run(['lock']);
  assert.equal(less.stdout, `unlocked base.en: it is no longer active\n${LOCK} pins 1 model: commit it\n`);
  scratch.writeRegistry([]);
  assert.equal((await run(['lock', '-q'])).stdout, 'unlocked tiny.en: it is no longer active\n');
  assert.equal(scratch.read(LOCK), '{\n  "version": 1,\n  "models": []\n}\n');
});

test('a newer catalogue does not change existing pins, and unknown fields are kept', async (t) => {
  const project = await hubProject(t, { [TINY]: 40, [BASE]: 50 }, [TINY, BASE]);
  const { scratch, run } = project;
  const pinned = { note: 'mine', file: TINY, repo: 'a/b', revision: 'v1', size: 7, sha256: 'AB'.repeat(32) };
  const text = JSON.stringify({ substituters: ['https://cache.example'], models: [pinned] });
  const path = scratch.write(LOCK, text, 0o640);
  assert.equal((await run(['lock'])).code, 0);
  assert.deepEqual(JSON.parse(scratch.read(LOCK)), {
    version: 1,
    substituters: ['https://cache.example'],
    models: [lockEntry(project, BASE), { ...pinned, sha256: toSri('ab'.repeat(32)) }],
  });
  assert.equal(statSync(path).mode & 0o777, 0o640);
});

test('a model that is not in the catalogue is pinned by its record', async (t) => {
  const project = await hubProject(t, { [OWN]: 40, [TINY]: 50 }, [OWN, TINY]);
  const { scratch, run } = project;
  assert.equal((await run(['sync'])).code, 0);
  scratch.writeCatalogue([{ ...project.models[TINY]?.entry, revision: 'main' }]);
  assert.equal((await run(['lock'], { env: { HF_HUB_OFFLINE: '1' } })).code, 0);
  assert.equal(scratch.read(LOCK), lockText(project, OWN, TINY), 'and a branch by the commit that it was');
});

test('a model that only the hub knows is pinned at the commit of its branch', async (t) => {
  const project = await hubProject(t, { [OWN]: 40, [TINY]: 50 }, [OWN, TINY]);
  const { scratch, run } = project;
  const entries = Object.values(project.models).map(({ entry: { file, repo } }) => ({ file, repo }));
  scratch.writeCatalogue(entries);
  const before = scratch.snapshot();
  const offline = await run(['lock', '--json'], { env: { HF_HUB_OFFLINE: '1' } });
  assert.deepEqual([offline.code, jsonError(offline)['code']], [4, 'hub-offline']);
  const unreachable = await run(['lock', '--json'], { env: { HF_ENDPOINT: 'http://127.0.0.1:9' } });
  assert.deepEqual([unreachable.code, jsonError(unreachable)['code']], [4, 'hub-not-found']);
  assert.deepEqual(scratch.snapshot(), before);
  assert.equal((await run(['lock'])).code, 0);
  assert.equal(scratch.read(LOCK), lockText(project, OWN, TINY));
  assert.ok(scratch.read(LOCK).includes(SAMPLE_REVISION));

  scratch.write(LOCK, '{"models": []}');
  scratch.writeCatalogue(entries.map((entry) => ({ ...entry, size: 41 })));
  const stale = await run(['lock', '--json']);
  assert.deepEqual([stale.code, jsonError(stale)['code']], [5, 'stale-pin']);
  assert.equal(scratch.read(LOCK), '{"models": []}');
});

test('an unknown model stops lock, with its line', async (t) => {
  const { scratch, run, hub } = await hubProject(t, { [TINY]: 40 }, [TINY, OWN]);
  scratch.writeModel(OWN, Buffer.from('lmgg own'));
  const before = scratch.snapshot();
  const ran = await run(['lock', '--json']);
  const { code, place, hint } = jsonError(ran);
  assert.deepEqual([ran.code, code], [3, 'registry-unknown-model']);
  assert.equal((place as { line: number }).line, 5);
  assert.match(String(hint), /WHISPER_CATALOG/);
  assert.deepEqual([scratch.snapshot(), hub.requests], [before, []]);
});

test('lock refuses a list with invalid names and a damaged lock file', async (t) => {
  const { scratch, run } = await hubProject(t, { [TINY]: 40 }, ['tiny.enn']);
  assert.equal(jsonError(await run(['lock', '--json']))['code'], 'registry-bad-name');
  assert.equal(scratch.exists(LOCK), false);
  scratch.writeRegistry([TINY]);
  for (const text of ['', '{"version": 1, "mod', '{"version": 2, "models": []}', Buffer.from([0x7b, 0xff, 0x7d])]) {
    scratch.write(LOCK, text);
    const before = scratch.snapshot();
    assert.equal(jsonError(await run(['lock', '--json']))['code'], 'bad-lock-file');
    assert.deepEqual(scratch.snapshot(), before);
  }
});

test('lock does not need the models directory', async (t) => {
  const { scratch, run } = await hubProject(
    t,
    { [TINY]: 40 },
    `{ f }: { modelsDir = f 1; activeModels = [ "${TINY}" ]; }`,
  );
  const ran = await run(['lock', '--no-eval'], { env: { WHISPER_MODELS_PATH: '' } });
  assert.deepEqual([ran.code, scratch.exists(LOCK)], [0, true], ran.stderr);
});

test('a lock file that was saved in the meantime is not overwritten', async (t) => {
  const { scratch } = await hubProject(t, { [TINY]: 40 }, [TINY]);
  const none = findLockFile(scratch.registry);
  scratch.write(LOCK, 'of a user');
  assert.equal(await writeLockFile(none, '{}'), false);
  const one = findLockFile(scratch.registry);
  scratch.write(LOCK, 'of another user');
  assert.equal(await writeLockFile(one, '{}'), false);
  assert.equal(scratch.read(LOCK), 'of another user');
  assert.equal(Object.keys(scratch.snapshot()).filter((path) => path.endsWith('.tmp')).length, 0);
});

test('concurrent runs of lock succeed, and the lock file is valid', async (t) => {
  const project = await hubProject(t, { [TINY]: 40, [BASE]: 50 }, [TINY, BASE]);
  const { scratch, env } = project;
  const ran = await Promise.all([1, 2, 3, 4].map(() => scratch.spawn(['lock', '--json'], { env })));
  for (const { code, stdout } of ran) assert.equal(code, 0, stdout);
  assert.equal(scratch.read(LOCK), lockText(project, BASE, TINY));
});

test('a model that a concurrent download locks is kept', async (t) => {
  const project = await hubProject(t, { [OWN]: 40, [BASE]: 50 }, [OWN]);
  const { scratch, run, hub, models } = project;
  scratch.writeCatalogue([{ file: OWN, repo: models[OWN]?.entry.repo }, models[BASE]?.entry ?? {}]);
  const act = (): void => {
    scratch.writeRegistry([OWN, BASE]);
    scratch.write(LOCK, JSON.stringify({ version: 1, mine: true, models: [lockEntry(project, BASE)] }));
  };
  hub.inject({ where: 'api', act });
  assert.equal((await run(['lock'])).code, 0);
  const expected = [lockEntry(project, BASE), lockEntry(project, OWN)];
  assert.deepEqual(JSON.parse(scratch.read(LOCK)), { version: 1, mine: true, models: expected });

  scratch.write(LOCK, '{"models": []}');
  let saves = 0;
  const save = (): void => void scratch.write(LOCK, `{"models": [], "save": ${(saves += 1)}}`);
  hub.inject({ where: 'api', act: save, times: Infinity });
  const ran = await run(['lock', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code'], saves], [7, 'registry-busy', 3]);
  assert.equal(scratch.read(LOCK), '{"models": [], "save": 3}');
});
