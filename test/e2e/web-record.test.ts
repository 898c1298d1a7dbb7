import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toSri } from '../../src/core/catalogue/sha256-forms.ts';
import { sampleModel } from '../support/models.ts';
import { hubProject } from '../support/hub-project.ts';
import { sendFile } from '../support/servers/web-server.ts';
import { arrived, CONTENT, DOWNLOAD, HASH, OWN, PINNED, SIZE, webProject } from '../support/web-project.ts';

// What is kept of a model of another server, and what that is used for.

const RECORD = `models/.whisper/records/${OWN}.json`;
const LOCK = 'nix/whisper-models.lock.json';

test('a model of another server is managed: prune removes it when no list has it', async (t) => {
  const project = await webProject(t);
  const { scratch, run } = project;
  arrived(project, await run(DOWNLOAD));
  const { file, url, sha256, size, repo, revision } = JSON.parse(scratch.read(RECORD));
  assert.deepEqual([file, url, sha256, size], [OWN, project.web.url(), HASH.sha256, SIZE]);
  assert.deepEqual([repo, revision], [undefined, undefined]);
  // Without the catalogue, the record alone says where it came from.
  const env = { WHISPER_CATALOG: '' };
  assert.equal((await run(['verify', OWN], { env })).code, 0);
  const why = JSON.parse((await run(['why', 'own', '--json'], { env })).stdout);
  assert.deepEqual([why.managed, why.record.url], [true, url]);
  assert.deepEqual(why.refetch, { bytes: SIZE, repo: null, revision: null, url, sha256: HASH.sha256 });
  assert.match(
    (await run(['why', 'own'], { env })).stdout,
    /^ {2}again +300(\.0)? kB from http:\/\/127\.0\.0\.1:\d+\/models/m,
  );
  scratch.writeRegistry([]);
  const pruned = JSON.parse((await run(['prune', '--json', '--allow-empty'], { env })).stdout);
  assert.deepEqual(pruned.removed, [{ name: OWN, size: SIZE }]);
  assert.deepEqual([scratch.modelNames(), scratch.exists(RECORD)], [[], false]);
});

test('a file of the same name and hash that whisper did not fetch is managed by its hash only if the catalogue has it', async (t) => {
  const project = await webProject(t);
  const { scratch, run } = project;
  scratch.writeModel(OWN, CONTENT);
  const kept = JSON.parse((await run(['prune', '--json', '--allow-empty'], { env: { WHISPER_CATALOG: '' } })).stdout);
  assert.deepEqual([kept.removed, scratch.modelNames()], [[], [OWN]]);
  const pruned = JSON.parse((await run(['prune', '--json', '--allow-empty'])).stdout);
  assert.deepEqual(pruned.removed, [{ name: OWN, size: SIZE }]);
});

test('an address with a query is asked with it again, and the addresses of redirects are not recorded', async (t) => {
  const project = await webProject(t);
  const url = project.web.url('/download?id=7&name=own%20model');
  project.declare(url);
  arrived(project, await project.run(DOWNLOAD));
  assert.equal(JSON.parse(project.scratch.read(RECORD)).url, url);
  rmSync(join(project.scratch.models, OWN));
  project.web.requests.length = 0;
  assert.equal((await project.run(['sync', '--json'])).code, 0);
  assert.deepEqual(new Set(project.web.requests.map(({ path }) => path)), new Set(['/download?id=7&name=own%20model']));
});

test('a corrupt model of another server is fetched again by verify --repair', async (t) => {
  const project = await webProject(t);
  const { scratch, run } = project;
  arrived(project, await run(DOWNLOAD));
  rmSync(join(scratch.models, OWN));
  const corrupt = Buffer.from(CONTENT);
  corrupt[9999] = 7;
  scratch.writeModel(OWN, corrupt);
  assert.equal((await run(['verify'])).code, 5);
  assert.equal((await run(['verify', '--repair'])).code, 0);
  assert.ok(readFileSync(join(scratch.models, OWN)).equals(CONTENT));
});

test('lock writes the address, and sync by the lock file alone fetches from it', async (t) => {
  const project = await webProject(t);
  const { scratch, run, web, hub } = project;
  scratch.writeRegistry([OWN]);
  assert.equal((await run(['lock', '--json'])).code, 0);
  const pin = { file: OWN, url: web.url(), size: SIZE, sha256: toSri(HASH.sha256) };
  assert.deepEqual(JSON.parse(scratch.read(LOCK)).models, [pin]);
  assert.deepEqual([web.requests, hub.requests], [[], []]);
  const env = { WHISPER_CATALOG: '' };
  const synced = await run(['sync', '--json'], { env });
  arrived(project, synced);
  assert.equal(JSON.parse(scratch.read(RECORD)).url, web.url());
  assert.equal((await run(['lock', '--json'], { env })).code, 0);
  assert.deepEqual(JSON.parse(scratch.read(LOCK)).models, [pin]);
  const clone = join(scratch.path, 'clone');
  cpSync(join(scratch.path, 'nix'), join(clone, 'nix'), { recursive: true });
  const args = ['--file', join(clone, 'nix/whisper-manager.nix'), '--models-dir', join(clone, 'models')];
  assert.equal((await run(['sync', ...args], { env: { ...env, HOME: clone } })).code, 0);
  assert.ok(readFileSync(join(clone, 'models', OWN)).equals(CONTENT));
});

test('a lock file pins what was fetched without a size, and checks it later', async (t) => {
  const project = await webProject(t, { pins: HASH });
  const { scratch, run, web } = project;
  scratch.write(LOCK, '{"version": 1, "models": []}\n');
  arrived(project, await run(DOWNLOAD));
  assert.deepEqual(JSON.parse(scratch.read(LOCK)).models, [
    { file: OWN, url: web.url(), size: SIZE, sha256: toSri(HASH.sha256) },
  ]);
  rmSync(scratch.models, { recursive: true });
  web.handler = sendFile(Buffer.concat([CONTENT, CONTENT]));
  const ran = await run(['sync', '--json'], { env: { WHISPER_CATALOG: '' } });
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [5, 'wrong-bytes']);
});

test('lock does not invent a pin of a model whose hash no one states', async (t) => {
  const project = await webProject(t, { pins: {} });
  const { scratch, run, web } = project;
  scratch.writeRegistry([OWN]);
  const ran = await run(['lock', '--json']);
  const { error } = JSON.parse(ran.stdout);
  assert.deepEqual([ran.code, error.code], [4, 'hub-not-found']);
  assert.match(error.message, /own/);
  assert.match(error.hint, /whisper download own|modelSources/);
  assert.doesNotMatch(error.message + error.hint, /HF_ENDPOINT|[Tt]he hub/);
  assert.deepEqual([scratch.exists(LOCK), web.requests], [false, []]);
});

test('a lock file with a bad address is exit 3 and names the entry, without the password', async (t) => {
  const { scratch, run, web } = await webProject(t);
  scratch.writeRegistry([OWN]);
  for (const url of ['http://me:hunter2@127.0.0.1/x', 'ftp://a.example/x', '', 7]) {
    scratch.write(LOCK, JSON.stringify({ version: 1, models: [{ file: OWN, url, ...PINNED }] }));
    const { code, stdout, stderr } = await run(['sync', '--json']);
    assert.equal(code, 3, stdout);
    assert.match(JSON.parse(stdout).error.message, /models\[0\]\.url is not an address without a password/);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  }
  assert.deepEqual(web.requests, []);
});

test('the bytes in the Hugging Face cache are adopted, whatever repository they are of', async (t) => {
  const project = await webProject(t);
  const { scratch, web, hub } = project;
  const cache = join(scratch.path, 'cache');
  scratch.write(`cache/models--someone--else/blobs/${HASH.sha256}`, CONTENT);
  const { adopted, downloaded } = arrived(project, await project.run(DOWNLOAD, { env: { HF_HUB_CACHE: cache } }));
  assert.deepEqual([adopted, downloaded], [[OWN], []]);
  assert.deepEqual([web.requests, hub.requests], [[], []]);
  // The next download would come from the server.
  assert.equal(JSON.parse(scratch.read(RECORD)).url, web.url());
});

const MODEL = sampleModel('ggml-lectures.bin', SIZE);
const { repo, revision, sha256, size } = MODEL.entry;

test('a model of the hub comes from its path, and record and lock file keep that', async (t) => {
  const { scratch, run, hub } = await hubProject(t, {}, []);
  const path = 'large v3/ggml-model.bin';
  hub.put({ repo, path, revision, content: MODEL.content });
  for (const pins of [{ size, sha256 }, {}]) {
    scratch.writeRegistry([]);
    rmSync(scratch.models, { recursive: true, force: true });
    rmSync(join(scratch.path, LOCK), { force: true });
    scratch.writeCatalogue([{ file: MODEL.entry.file, repo, revision, path, ...pins }]);
    const env = { HF_ENDPOINT: hub.endpoint, WHISPER_CATALOG: join(scratch.path, 'catalogue.json') };
    assert.equal((await run(['download', 'lectures'])).code, 0);
    assert.ok(readFileSync(join(scratch.models, 'ggml-lectures.bin')).equals(MODEL.content));
    assert.ok(hub.requests.some(({ url }) => url === `/${repo}/resolve/${revision}/large%20v3/ggml-model.bin`));
    const record = JSON.parse(scratch.read('models/.whisper/records/ggml-lectures.bin.json'));
    assert.deepEqual([record.repo, record.revision, record.path], [repo, revision, path]);
    assert.equal((await run(['lock', '--json'])).code, 0);
    const pin = { file: 'ggml-lectures.bin', repo, revision, path, size, sha256: toSri(sha256) };
    assert.deepEqual(JSON.parse(scratch.read(LOCK)).models, [pin]);
    rmSync(join(scratch.models, 'ggml-lectures.bin'));
    assert.equal((await run(['sync'], { env: { ...env, WHISPER_CATALOG: '' } })).code, 0);
    assert.ok(readFileSync(join(scratch.models, 'ggml-lectures.bin')).equals(MODEL.content));
  }
});

test('a path that the repository does not have is exit 4, and the nearest files are named', async (t) => {
  const { scratch, run, hub } = await hubProject(t, {}, []);
  hub.put({ repo, path: 'v3/ggml-model.bin', revision, content: MODEL.content });
  scratch.writeCatalogue([{ file: MODEL.entry.file, repo, revision, path: 'v3/ggml-modle.bin', size, sha256 }]);
  const ran = await run(['download', 'lectures', '--json']);
  const { error } = JSON.parse(ran.stdout);
  assert.deepEqual([ran.code, error.code], [4, 'hub-not-found']);
  assert.match(error.message, /lectures not found: .* does not have v3\/ggml-modle\.bin/);
  assert.match(error.hint, /The repository has v3\/ggml-model\.bin/);
});

test('an address of the hub in a catalogue follows HF_ENDPOINT and gets the token', async (t) => {
  const { scratch, run, hub } = await hubProject(t, {}, []);
  hub.put({ repo, path: 'a/ggml-model.bin', revision, content: MODEL.content });
  hub.requireToken(repo, 'hf_mine', 'private');
  const url = `https://huggingface.co/${repo}/resolve/${revision}/a/ggml-model.bin`;
  scratch.writeCatalogue([{ file: MODEL.entry.file, url, size, sha256 }]);
  const ran = await run(['download', 'lectures', '--json'], { env: { HF_TOKEN: 'hf_mine' } });
  assert.equal(ran.code, 0, ran.stdout);
  const record = JSON.parse(scratch.read('models/.whisper/records/ggml-lectures.bin.json'));
  assert.deepEqual([record.repo, record.revision, record.path], [repo, revision, 'a/ggml-model.bin']);
});

test('a model that another server no longer has stays, and sync says so', async (t) => {
  const project = await webProject(t);
  arrived(project, await project.run(DOWNLOAD));
  project.web.close();
  assert.equal((await project.run(['sync', '--json'])).code, 0);
  rmSync(join(project.scratch.models, OWN));
  const ran = await project.run(['sync', '--json']);
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [4, 'hub-unreachable']);
  assert.match(JSON.parse(ran.stdout).error.hint, /the address of the model/);
  assert.match(project.scratch.read(project.scratch.registry), /ggml-own/);
});
