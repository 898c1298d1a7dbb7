import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { loadCatalogue } from '../../src/core/catalogue/catalogue.ts';
import { toSri } from '../../src/core/catalogue/sha256-forms.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { LOCK } from '../support/lock-text.ts';
import type { Ran } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

/** Two models that are there and active. */
async function project(t: TestContext): Promise<HubProject> {
  const it = await hubProject(t, { [TINY]: 40, [BASE]: 50 }, [TINY, BASE]);
  assert.equal((await it.run(['sync'])).code, 0);
  return it;
}

const pinned = (file: string, change: object = {}): string =>
  JSON.stringify({ file, repo: 'a/b', revision: 'main', size: 40, sha256: 'a'.repeat(64), ...change });

test('check reports unlocked models at their line, and unlisted lock entries at their entry', async (t) => {
  const { scratch, run, models } = await project(t);
  const lock = join(scratch.path, LOCK);
  const tiny = JSON.stringify(models[TINY]?.entry);
  scratch.write(LOCK, `{ "note": "größer 😀",\r\n\t"models": [\r\n ${pinned('ggml-base.bin')}, ${tiny} ] }`);
  const ran = await run(['check']);
  assert.equal(ran.code, 8);
  const missing = `${BASE} is active but not pinned in the lock file; run whisper lock to pin it`;
  const extra = 'ggml-base.bin is pinned in the lock file but not active; run whisper lock to remove the pin';
  assert.deepEqual(ran.stdout.split('\n').slice(0, 3), [
    `${scratch.registry}:5:5: warning: ${missing}`,
    `${lock}:3:2: warning: ${extra}`,
    '',
  ]);
  assert.deepEqual(JSON.parse((await run(['check', '--json'])).stdout), {
    diagnostics: [
      {
        file: scratch.registry,
        line: 5,
        column: 5,
        severity: 'warning',
        code: 'lock-missing',
        message: missing,
        suggestion: 'whisper lock',
      },
      {
        file: lock,
        line: 3,
        column: 2,
        severity: 'warning',
        code: 'lock-extra',
        message: extra,
        suggestion: 'whisper lock',
      },
    ],
    drift: { missing: [], extra: [] },
  });
  const doctor = await run(['doctor'], { env: { HF_HUB_OFFLINE: '1' } });
  assert.match(
    doctor.stdout,
    /! lock file .*not pinned in the lock file; run whisper lock to pin it; and 1 more, see whisper check\n/,
  );
  assert.equal(doctor.code, 0);
});

test('after whisper lock, and after a download, check finds nothing; without a lock file it looks for none', async (t) => {
  const { scratch, run } = await project(t);
  const clean = await run(['check', '--json']);
  assert.equal(clean.code, 0);
  assert.match((await run(['doctor'])).stdout, /✓ lock file +none: /);
  assert.equal((await run(['lock'])).code, 0);
  assert.deepEqual(await run(['check', '--json']), clean);
  assert.match((await run(['doctor'])).stdout, /✓ lock file .*whisper-models\.lock\.json: up to date\n/);
  scratch.write(LOCK, `{"models": [${pinned('ggml-base.bin')}]}`);
  assert.equal((await run(['check'])).code, 8);
  assert.equal((await run(['download', 'tiny.en'])).code, 0);
  assert.deepEqual(await run(['check', '--json']), clean);
});

test('an entry whose hash differs from the catalogue for the same commit is an error', async (t) => {
  const { scratch, run: runWith } = await hubProject(t, { [TINY]: 40, [BASE]: 50 }, [TINY, BASE]);
  const run = (args: readonly string[]): Promise<Ran> => runWith(args, { env: { WHISPER_CATALOG: '' } });
  const known = loadCatalogue().get(BASE) ?? assert.fail();
  const { repo, revision, size = 0, sha256 = '' } = known;
  const codes = async (change: object): Promise<readonly unknown[]> => {
    const entry = pinned(BASE, { repo, revision, size, sha256: toSri(sha256), ...change });
    scratch.write(LOCK, `{"version": 1, "models": [${entry},\n  ${pinned(TINY)}]}`);
    const { diagnostics } = JSON.parse((await run(['check', '--json'])).stdout) as { diagnostics: { code: string }[] };
    return diagnostics.map(({ code }) => code);
  };
  assert.deepEqual(await codes({}), []);
  assert.deepEqual(await codes({ size: size + 1 }), ['lock-contradicts-catalogue']);
  assert.deepEqual(await codes({ size: size + 1, revision: 'main' }), []);
  assert.deepEqual(await codes({ size: size + 1, repo: 'a/b' }), []);
  assert.deepEqual(await codes({ sha256: 'f'.repeat(64) }), ['lock-contradicts-catalogue']);
  const ran = await run(['check', '-q']);
  assert.equal(ran.code, 8);
  const says = `the catalogue has the sha256 ${sha256} for ${BASE} at the same commit; delete the entry`;
  assert.ok(ran.stdout.startsWith(`${join(scratch.path, LOCK)}:1:27: error: ${says}`), ran.stdout);
  // A custom catalogue may define the model differently.
  assert.equal((await runWith(['check', '-q'])).stdout, '');
});

test('a file that was downloaded before other bytes were pinned is reported and repaired', async (t) => {
  const { scratch, hub, models, run } = await project(t);
  const { entry } = models[BASE] ?? assert.fail();
  for (const size of [50, 60]) {
    const revision = String(size).repeat(20);
    const content = Buffer.concat([Buffer.from('lmgg'), Buffer.alloc(size - 4, size)]);
    const { sha256 } = hub.put({ repo: entry.repo, path: BASE, revision, content });
    scratch.write(LOCK, JSON.stringify({ models: [{ ...entry, revision, size, sha256 }, models[TINY]?.entry] }));
    const { diagnostics } = JSON.parse((await run(['check', '--json'])).stdout) as { diagnostics: { code: string }[] };
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['lock-other-bytes'],
    );
    const synced = await run(['sync', '--json']);
    assert.deepEqual([synced.code, jsonError(synced)['code']], [5, 'wrong-bytes']);
    assert.match(String(jsonError(synced)['message']), /whisper downloaded it for an earlier pin$/);
    assert.match(String(jsonError(synced)['hint']), /^Run whisper verify --repair/);
    assert.equal((await run(['verify', '--repair'])).code, 0);
    assert.equal(scratch.read(`models/${BASE}`), content.toString());
    for (const command of ['check', 'sync']) assert.equal((await run([command])).code, 0);
  }
});

test('an ambiguous lock file stops check too', async (t) => {
  const { scratch, run } = await project(t);
  scratch.write(LOCK, `{"models": [${pinned(TINY).replace('{', '{"size": 41, ')}]}`);
  const ran = await run(['check', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'bad-lock-file']);
  const { stdout } = await run(['check']);
  assert.ok(stdout.startsWith(`${join(scratch.path, LOCK)}:1:1: error: Cannot read the lock file `), stdout);
});
