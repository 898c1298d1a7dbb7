import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { KNOWS_ZSTD, narOf, PACKINGS, storePath } from '../support/binary-cache/archive.ts';
import { assertFromCache, cacheProject } from '../support/binary-cache/cache-project.ts';
import { FakeCache } from '../support/binary-cache/fake-cache.ts';
import { hubProject } from '../support/hub-project.ts';
import { sampleModel } from '../support/models.ts';

const BASE = 'ggml-base.en.bin';
const TINY = 'ggml-tiny.en.bin';
const LARGE = 40 * 1024 * 1024;

for (const packing of PACKINGS) {
  test(`a model is downloaded from a binary cache instead of the hub, without Nix: ${packing}`, async (t) => {
    const project = await cacheProject(t, { [BASE]: 5003 });
    project.cache.put(project.models[BASE] ?? assert.fail(), { packing });
    const ran = await project.sync();
    assert.equal(ran.code, 0, ran.stderr + ran.stdout);
    assertFromCache(project, BASE);
    const [downloaded] = JSON.parse(ran.stdout).downloaded;
    assert.deepEqual([downloaded.name, downloaded.size], [BASE, 5003]);
    const record = JSON.parse(project.scratch.read(`models/.whisper/records/${BASE}.json`));
    assert.match(record.url, new RegExp(`^${project.cache.url}/nar/[0-9a-z]{52}\\.nar`));
    assert.equal(record.revision, project.models[BASE]?.entry.revision);
  });
}

test('a large model is downloaded over several connections from an uncompressed archive', async (t) => {
  const project = await cacheProject(t, { [BASE]: LARGE });
  project.cache.put(project.models[BASE] ?? assert.fail());
  const ran = await project.sync();
  assert.equal(ran.code, 0, ran.stderr + ran.stdout);
  assertFromCache(project, BASE);
  const ranges = project.cache.archiveRequests.map(({ range }) => range ?? assert.fail());
  assert.ok(ranges.length > 1);
  assert.match(ranges[0] ?? '', /^bytes=0-/);
});

test('an archive with an unsupported zstd window or Node version falls back to the hub', async (t) => {
  for (const [descriptor, isUnpacked] of [
    [0x88, false],
    [0x60, KNOWS_ZSTD],
  ] as const) {
    const project = await cacheProject(t, { [BASE]: 5000 });
    const { models, cache, hub } = project;
    const change = (text: string): string => text.replaceAll(/^File.*\n/gm, '');
    cache.put(models[BASE] ?? assert.fail(), { packing: 'zstd', change });
    const nar = narOf(models[BASE]?.content ?? assert.fail());
    // A frame of one plain block, in a window of 128 or of 4 MiB.
    const block = Buffer.alloc(3);
    block.writeUIntLE(nar.length * 8 + 1, 0, 3);
    const frame = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, descriptor]), block, nar]);
    for (const path of cache.files.keys()) if (path.startsWith('nar/')) cache.files.set(path, frame);
    const ran = await project.sync();
    assert.deepEqual([ran.code, hub.requests.length === 0], [0, isUnpacked], ran.stderr);
    const reason = KNOWS_ZSTD
      ? /would take too much memory; continuing without/
      : /zstd, which needs Node 22\.15 or newer/;
    assert.equal(reason.test(ran.stderr), !isUnpacked, ran.stderr);
  }
});

test('a server that ignores ranges works too', async (t) => {
  for (const size of [5000, LARGE]) {
    const project = await cacheProject(t, { [BASE]: size });
    project.cache.ignoresRanges = true;
    project.cache.put(project.models[BASE] ?? assert.fail());
    assert.equal((await project.sync()).code, 0);
    assertFromCache(project, BASE);
  }
});

test('the caches of the lock file are asked, unless the environment names others or none', async (t) => {
  for (const [given, isAsked] of [
    [undefined, true],
    ['', false],
    ['file:///nowhere', false],
  ] as const) {
    const { run, scratch, cache, models, hub } = await cacheProject(t, { [BASE]: 5000 });
    const { entry } = models[BASE] ?? assert.fail();
    cache.put(models[BASE] ?? assert.fail());
    scratch.write(
      'nix/whisper-models.lock.json',
      JSON.stringify({ version: 1, substituters: [cache.url], models: [entry] }),
    );
    const env = given === undefined ? {} : { WHISPER_SUBSTITUTERS: given };
    assert.equal((await run(['sync'], { env })).code, 0);
    assert.equal(cache.requests.length > 0, isAsked);
    assert.equal(hub.requests.length === 0, isAsked);
  }
});

test('a lock file whose substituters are not a list is an error', async (t) => {
  const { run, scratch } = await cacheProject(t, { [BASE]: 5000 });
  scratch.write('nix/whisper-models.lock.json', JSON.stringify({ substituters: 'https://x.example', models: [] }));
  const ran = await run(['list', '--json']);
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [3, 'bad-lock-file']);
});

test('caches are tried in the order of the list, and the hub last', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000, [TINY]: 4000 });
  const second = await FakeCache.start(t);
  second.put(project.models[BASE] ?? assert.fail());
  const ran = await project.sync({ WHISPER_SUBSTITUTERS: `${project.cache.url}  ${second.url}?priority=10` });
  assert.equal(ran.code, 0, ran.stderr);
  assert.equal(ran.stderr, '');
  assert.equal(second.archiveRequests.length, 1);
  assert.deepEqual(project.cache.requests.filter(({ path }) => path === 'nix-cache-info').length, 1);
  assert.deepEqual(
    project.hub.requests.filter(({ url }) => url.includes(BASE)),
    [],
  );
  assert.deepEqual(project.scratch.modelNames(), [BASE, TINY]);
});

test('a cache in a folder needs no network, also for another store directory', async (t) => {
  for (const storeDir of ['/nix/store', '/srv/store']) {
    for (const packing of ['none', 'gzip'] as const) {
      const project = await cacheProject(t, { [BASE]: 70_000 });
      project.cache.files.set('nix-cache-info', Buffer.from(`StoreDir: ${storeDir}\n`));
      project.cache.put(project.models[BASE] ?? assert.fail(), { packing, storeDir });
      const address = project.cache.writeTo(join(project.scratch.path, 'a cache'));
      const ran = await project.sync({ WHISPER_SUBSTITUTERS: address, HF_HUB_OFFLINE: '1' });
      assert.equal(ran.code, 0, ran.stdout);
      assertFromCache(project, BASE);
      assert.equal(JSON.parse(ran.stdout).downloaded[0].received, 0);
    }
  }
});

test('a model in the Nix store is adopted if its bytes are right', async (t) => {
  const project = await hubProject(t, { [BASE]: 5000, [TINY]: 4000 }, [BASE, TINY]);
  const store = join(project.scratch.path, 'store');
  const pathOf = (file: string): string => storePath(file, project.models[file]?.entry.sha256 ?? '', store);
  project.scratch.write(pathOf(BASE), project.models[BASE]?.content ?? '', 0o444);
  // Right name and size, wrong bytes: an interrupted copy leaves such paths.
  project.scratch.write(pathOf(TINY), Buffer.from(project.models[TINY]?.content ?? '').fill(1, 100), 0o444);
  const ran = await project.run(['sync', '--json'], { env: { NIX_STORE_DIR: store } });
  assert.equal(ran.code, 0, ran.stderr);
  const { adopted, downloaded } = JSON.parse(ran.stdout);
  assert.deepEqual([adopted, downloaded.map(({ name }: { name: string }) => name)], [[BASE], [TINY]]);
  const record = JSON.parse(project.scratch.read(`models/.whisper/records/${BASE}.json`));
  assert.equal(record.url, pathToFileURL(pathOf(BASE)).href);
});

test('the output names the cache that a model came from', async (t) => {
  const project = await hubProject(t, { [BASE]: 5000 });
  const cache = await FakeCache.start(t);
  cache.put(sampleModel(BASE, 5000));
  const ran = await project.run(['download', 'base.en'], { env: { WHISPER_SUBSTITUTERS: cache.url } });
  assert.equal(ran.code, 0);
  assert.match(
    ran.stdout,
    new RegExp(`downloaded base\\.en \\(5\\.0 kB from ${cache.url}/.*verified against the catalogue`),
  );
});

test('relative paths of caches start at the working directory, or at the lock file that names them', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  project.cache.put(project.models[BASE] ?? assert.fail());
  project.cache.writeTo(join(project.scratch.path, 'cache'));
  const { entry } = project.models[BASE] ?? assert.fail();
  project.scratch.write(
    'nix/whisper-models.lock.json',
    JSON.stringify({ substituters: ['../cache'], models: [entry] }),
  );
  for (const env of [{ WHISPER_SUBSTITUTERS: './cache' }, {}]) {
    const ran = await project.run(['download', '--force', 'base.en'], { env });
    assert.equal(ran.code, 0, ran.stderr);
    assertFromCache(project, BASE);
  }
});
