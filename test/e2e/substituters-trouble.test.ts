import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PACKINGS } from '../support/binary-cache/archive.ts';
import { assertFromCache, cacheProject } from '../support/binary-cache/cache-project.ts';
import { FakeCache } from '../support/binary-cache/fake-cache.ts';

const BASE = 'ggml-base.en.bin';
const TINY = 'ggml-tiny.en.bin';

for (const packing of PACKINGS) {
  test(`a failed connection is resumed at the same byte: ${packing}`, async (t) => {
    const project = await cacheProject(t, { [BASE]: 200_000 });
    project.cache.put(project.models[BASE] ?? assert.fail(), { packing });
    const [, nar] = [...project.cache.files].find(([path]) => path.startsWith('nar/')) ?? assert.fail();
    let drops = 0;
    project.cache.answer = ({ path }) =>
      path.startsWith('nar/') && (drops += 1) <= 3 ? { status: 200, drop: Math.floor(nar.length / 5) } : undefined;
    const ran = await project.sync();
    assert.equal(ran.code, 0, ran.stderr + ran.stdout);
    assertFromCache(project, BASE);
    const starts = project.cache.archiveRequests.map(({ range }) => Number(/\d+/.exec(range ?? '')?.[0] ?? 0));
    assert.equal(starts.length, 4);
    assert.ok(starts.every((start, index) => index === 0 || start > (starts[index - 1] ?? 0)));
  });
}

test('bytes from a cache that fails are not downloaded again from the hub', async (t) => {
  const project = await cacheProject(t, { [BASE]: 2_000_000 });
  project.cache.put(project.models[BASE] ?? assert.fail(), { packing: 'gzip' });
  let asked = 0;
  project.cache.answer = ({ path }) => {
    if (!path.startsWith('nar/')) return undefined;
    asked += 1;
    return asked <= 5 ? { status: 200, drop: 300 } : { status: 404 };
  };
  const ran = await project.sync();
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stderr, /continuing without the binary cache/);
  const [downloaded] = JSON.parse(ran.stdout).downloaded;
  assert.ok(downloaded.received < 2_000_000);
  assert.equal(project.scratch.read(`models/${BASE}`), project.models[BASE]?.content.toString('utf8'));
});

for (const [what, answer, says] of [
  ['answers 500', { status: 500 }, /answered 500/],
  ['answers 401', { status: 401 }, /answered 401/],
  ['answers with a login page', { status: 200, headers: { 'content-type': 'text/html' } }, /answered with a web page/],
  ['redirects in circles', { status: 302, headers: { location: '/again' } }, /redirects too many times/],
  ['redirects to a file', { status: 302, headers: { location: 'file:///etc/passwd' } }, /unsupported URL: file:/],
] as const) {
  test(`a cache that ${what} is skipped with a notice`, async (t) => {
    const project = await cacheProject(t, { [BASE]: 5000, [TINY]: 4000 });
    project.cache.answer = () => answer;
    const ran = await project.sync();
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, says);
    assert.equal(ran.stderr.match(/continuing without the binary cache/g)?.length, 1, ran.stderr);
    assert.deepEqual(project.scratch.modelNames(), [BASE, TINY]);
  });
}

test('a cache that cannot be reached or is not supported is skipped', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  const ran = await project.sync({ WHISPER_SUBSTITUTERS: 'http://127.0.0.1:1 s3://bucket nonsense file://host/x' });
  assert.equal(ran.code, 0);
  assert.match(ran.stderr, /binary cache s3:\/\/bucket: only http, https and file URLs are supported/);
  assert.match(ran.stderr, /binary cache nonsense: it is not a valid URL/);
  assert.match(ran.stderr, /Cannot reach http:\/\/127\.0\.0\.1:1.*continuing without/);
});

test('an archive with an unsupported compression falls back to the hub', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  project.cache.put(project.models[BASE] ?? assert.fail(), { packing: 'xz' });
  const ran = await project.sync();
  assert.equal(ran.code, 0);
  assert.match(ran.stderr, /packed with xz; continuing without/);
});

test('offline, no remote cache is asked', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  project.cache.put(project.models[BASE] ?? assert.fail());
  const ran = await project.sync({ HF_HUB_OFFLINE: '1' });
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [4, 'hub-offline']);
  assert.deepEqual(project.cache.requests, []);
});

test('the token is sent to the hub only, and the password in the URL of a cache to that cache only', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  const store = await FakeCache.start(t);
  project.cache.put(project.models[BASE] ?? assert.fail());
  for (const [path, content] of project.cache.files) store.files.set(path, content);
  project.cache.answer = ({ path }) =>
    path.startsWith('nar/') ? { status: 302, headers: { location: `${store.url}/${path}` } } : undefined;
  const address = project.cache.url.replace('http://', 'http://team:secret@');
  const ran = await project.sync({ WHISPER_SUBSTITUTERS: address, HF_TOKEN: 'hf_token' });
  assert.equal(ran.code, 0, ran.stderr);
  assertFromCache(project, BASE);
  const basic = `Basic ${Buffer.from('team:secret').toString('base64')}`;
  assert.ok(project.cache.requests.every(({ authorization }) => authorization === basic));
  assert.ok(store.requests.length > 0 && store.requests.every(({ authorization }) => authorization === undefined));
  assert.ok(!project.scratch.read(`models/.whisper/records/${BASE}.json`).includes('secret'));
});

test('a URL that is not a binary cache is reported once', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000, [TINY]: 4000 });
  project.cache.files.clear();
  for (const address of [project.cache.url, `${project.scratch.path}/nowhere`]) {
    const ran = await project.run(['download', '--force', 'base.en', 'tiny.en'], {
      env: { WHISPER_SUBSTITUTERS: address },
    });
    assert.equal(ran.code, 0);
    assert.equal(ran.stderr.match(/is not a binary cache: .*; continuing/g)?.length, 1, ran.stderr);
  }
});

test('doctor reports whether each cache answers', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  const empty = await FakeCache.start(t);
  empty.files.clear();
  const folder = project.cache.writeTo(`${project.scratch.path}/cache`);
  const WHISPER_SUBSTITUTERS = `${project.cache.url} ${folder} ${empty.url} http://127.0.0.1:1 s3://bucket`;
  const ran = await project.run(['doctor', '--json'], { env: { WHISPER_SUBSTITUTERS } });
  assert.equal(ran.code, 0, ran.stdout);
  const { checks } = JSON.parse(ran.stdout) as { checks: { name: string; status: string; message: string }[] };
  const caches = checks.filter(({ name }) => name === 'binary cache');
  assert.deepEqual(
    caches.map(({ status }) => status),
    ['ok', 'ok', 'warning', 'warning', 'warning'],
  );
  const says = [
    /is a binary cache/,
    /is a binary cache/,
    /has no nix-cache-info/,
    /Cannot reach/,
    /is skipped: only http/,
  ];
  for (const [index, pattern] of says.entries()) assert.match(caches[index]?.message ?? '', pattern);
});
