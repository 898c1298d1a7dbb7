import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { jsonError } from './wanted-model.ts';

const FILE = 'ggml-base.en.bin';

/** Writes a lock file beside the registry that pins the model as the hub has it, with some fields changed. */
function lock({ scratch, models }: HubProject, change: object = {}): void {
  const { entry } = models[FILE] ?? assert.fail();
  const sha256 = `sha256-${Buffer.from(entry.sha256, 'hex').toString('base64')}`;
  scratch.write(
    'nix/whisper-models.lock.json',
    JSON.stringify({ later: 1, models: [{ ...entry, sha256, ...change }] }),
  );
}

test('the lock file overrides the catalogue, also for models that only it has', async (t) => {
  const project = await hubProject(t, { [FILE]: 5000 });
  project.scratch.writeCatalogue([{ ...project.models[FILE]?.entry, size: 4, sha256: 'f'.repeat(64) }]);
  lock(project);
  const ran = await project.run(['download', 'base.en']);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /verified against the lock file/);
});

test('a hub that has other bytes than the lock file pins is refused before a byte is fetched', async (t) => {
  const project = await hubProject(t, { [FILE]: 5000 });
  lock(project, { sha256: 'f'.repeat(64) });
  const ran = await project.run(['download', 'base.en', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [5, 'stale-pin']);
  assert.deepEqual(
    project.hub.requests.filter(({ origin }) => origin === 'cdn'),
    [],
  );
});

for (const [name, text, says] of [
  ['no JSON', '{', /not JSON/],
  ['no list', '{}', /it has no list "models"/],
  [
    'a hash of another form',
    JSON.stringify({ models: [{ file: FILE, repo: 'a/b', revision: 'main', size: 1, sha256: 'md5' }] }),
    /models\[0\]\.sha256/,
  ],
  [
    'no size',
    JSON.stringify({ models: [{ file: FILE, repo: 'a/b', revision: 'main', sha256: 'f'.repeat(64) }] }),
    /models\[0\]\.size/,
  ],
  ['a name that leads elsewhere', JSON.stringify({ models: [{ file: '../ggml-x.bin' }] }), /models\[0\]\.file/],
] as const) {
  test(`a lock file that cannot be read stops everything: ${name}`, async (t) => {
    const project = await hubProject(t, { [FILE]: 5000 }, [FILE]);
    const path = project.scratch.write('nix/whisper-models.lock.json', text);
    for (const command of ['sync', 'list', 'check', 'prune']) {
      const ran = await project.run([command, '--json']);
      const error = jsonError(ran);
      assert.deepEqual([ran.code, error['code'], error['file']], [3, 'bad-lock-file', path]);
      assert.match(String(error['message']), says);
    }
    assert.deepEqual(project.hub.requests, []);
  });
}
