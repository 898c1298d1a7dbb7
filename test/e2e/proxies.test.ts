import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FakeCache } from '../support/binary-cache/fake-cache.ts';
import { hubProject } from '../support/hub-project.ts';
import { assertArrived, BASE, certificate, options, proxied, SIZE, TINY, type Proxied } from '../support/proxied.ts';
import { FakeProxy } from '../support/servers/fake-proxy.ts';

// The released program, and a hub that is reached through a proxy.

const CREDENTIALS = 'user:s3cret%3A%40';

/** Asserts that all of the hub was reached through CONNECT. */
function assertTunnelled({ hub, proxy }: Proxied): void {
  assert.ok(hub.requests.length > 0);
  const hosts = [hub.endpoint, hub.cdn].map((url) => `CONNECT ${new URL(url).host}`);
  assert.deepEqual([...proxy.targets].toSorted(), hosts.toSorted());
}

test('init, add, sync, list, prune: a hub over TLS behind a CONNECT proxy', options, async (t) => {
  const it = await proxied(t);
  const { scratch } = it;
  const whisper = async (...args: readonly string[]): Promise<string> => {
    const ran = await it.through(it.proxy.url(), args);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    return ran.stdout;
  };
  scratch.write('fresh/.git/HEAD', '');
  const file = join(scratch.path, 'fresh', 'nix', 'whisper-manager.nix');
  await whisper('init', '--file', file);
  await whisper('add', 'tiny.en-q5_1', '--file', file);
  const synced = JSON.parse(await whisper('sync', '--file', file, '--json'));
  assert.deepEqual(synced.downloaded.map(({ name }: { name: string }) => name).toSorted(), [BASE, TINY]);
  assertTunnelled(it);
  assert.match(await whisper('list', '--file', file), /base\.en-q5_1/);
  await whisper('remove', 'tiny.en-q5_1', '--file', file);
  const pruned = JSON.parse(await whisper('prune', '--file', file, '--json'));
  assert.deepEqual(pruned.removed, [{ name: TINY, size: 40_000 }]);
  assert.deepEqual(scratch.modelNames(), [BASE]);
});

for (const [name, env] of [
  ['HTTPS_PROXY', (url: string) => ({ HTTPS_PROXY: url, HTTP_PROXY: 'http://127.0.0.1:9' })],
  ['https_proxy', (url: string) => ({ https_proxy: url, HTTPS_PROXY: 'http://127.0.0.1:9' })],
  ['HTTP_PROXY alone', (url: string) => ({ HTTP_PROXY: url })],
  ['an address without a scheme', (url: string) => ({ HTTPS_PROXY: url.replace('http://', '') })],
] as const) {
  test(`a CONNECT proxy in ${name}`, options, async (t) => {
    const it = await proxied(t);
    assertArrived(it, await it.whisper(['download', BASE, '--json'], env(it.proxy.url())));
    assertTunnelled(it);
  });
}

test('only a CONNECT proxy itself gets the password in its URL', options, async (t) => {
  const it = await proxied(t, { credentials: decodeURIComponent(CREDENTIALS) });
  const env = { HTTPS_PROXY: it.proxy.url(CREDENTIALS), WHISPER_LOG: 'trace' };
  const ran = await it.whisper(['download', BASE, '-v'], env);
  assertArrived(it, ran);
  assertTunnelled(it);
  assert.equal(it.hub.requests.filter(({ headers }) => headers['proxy-authorization'] !== undefined).length, 0);
  assert.doesNotMatch(ran.stdout + ran.stderr, /s3cret/);
  const written = readdirSync(it.scratch.path, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.endsWith('.bin'),
  );
  for (const { parentPath, name } of written)
    assert.doesNotMatch(readFileSync(join(parentPath, name), 'utf8'), /s3cret/, name);
});

test('a name without a password is sent too', options, async (t) => {
  const it = await proxied(t, { credentials: 'token:' });
  assertArrived(it, await it.through(it.proxy.url('token')));
});

test('a proxy that is reached over TLS', options, async (t) => {
  const it = await proxied(t, { tls: certificate ?? assert.fail(), credentials: 'user:s3cret' });
  assertArrived(it, await it.through(it.proxy.url('user:s3cret')));
  assertTunnelled(it);
});

test('a hub over http is requested with whole URLs from a proxy over TLS', options, async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE });
  const tls = certificate ?? assert.fail();
  const proxy = await FakeProxy.start(t, { tls });
  const NODE_EXTRA_CA_CERTS = project.scratch.write('ca.pem', tls.cert);
  const env = { ...project.env, NODE_EXTRA_CA_CERTS, HTTP_PROXY: proxy.url() };
  assertArrived(project, await project.scratch.spawn(['download', BASE], { env }));
  assert.deepEqual([...proxy.targets], [`GET ${project.hub.endpoint}`, `GET ${project.hub.cdn}`]);
});

test('a download resumes when tunnels break', options, async (t) => {
  const it = await proxied(t, { cutAfter: 900_000 });
  const ran = await it.through(it.proxy.url());
  assertArrived(it, ran);
  const { received } = JSON.parse(ran.stdout).downloaded[0];
  assert.equal(received, SIZE, 'no byte is received twice');
});

test('a download resumes when the server behind the proxy drops the connection', options, async (t) => {
  const it = await proxied(t);
  it.hub.inject({ where: 'cdn', reset: 900_000 });
  assertArrived(it, await it.through(it.proxy.url()));
});

test('a hub in NO_PROXY is reached directly', options, async (t) => {
  const it = await proxied(t, { status: 403 });
  const env = { HTTPS_PROXY: it.proxy.url(), NO_PROXY: 'example.org,127.0.0.0/8' };
  assertArrived(it, await it.whisper(['download', BASE, '--json'], env));
  assert.deepEqual(it.proxy.requests, []);
});

for (const isTls of [true, false]) {
  test(`a binary cache over ${isTls ? 'TLS' : 'http'} is reached through the proxy too`, options, async (t) => {
    const it = await proxied(t);
    const cache = await FakeCache.start(t, isTls ? certificate : undefined);
    cache.put(it.models[BASE] ?? assert.fail(), { packing: isTls ? 'none' : 'gzip' });
    const env = { HTTP_PROXY: it.proxy.url(), WHISPER_SUBSTITUTERS: cache.url };
    assertArrived(it, await it.whisper(['download', BASE, '--json'], env));
    assert.deepEqual([...it.proxy.targets], [isTls ? `CONNECT ${new URL(cache.url).host}` : `GET ${cache.url}`]);
    assert.deepEqual(it.hub.requests, []);
  });
}

test('an HTTP proxy sends every byte of a model once', async (t) => {
  const it = await hubProject(t, { [BASE]: SIZE });
  const proxy = await FakeProxy.start(t);
  const env = { ...it.env, HTTP_PROXY: proxy.url() };
  const ran = await it.scratch.spawn(['download', BASE, '--json'], { env });
  assertArrived(it, ran);
  assert.equal(ran.stderr, '');
  assert.equal(JSON.parse(ran.stdout).downloaded[0].received, SIZE);
  const sent = it.hub.requests.filter(({ origin }) => origin === 'cdn').map(({ bytesSent }) => bytesSent);
  assert.deepEqual(sent, [SIZE]);
  assert.deepEqual([...proxy.targets], [`GET ${it.hub.endpoint}`, `GET ${it.hub.cdn}`]);
});
