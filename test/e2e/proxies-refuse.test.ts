import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { BASE, options, proxied, SIZE } from '../support/proxied.ts';
import type { Ran } from '../support/scratch.ts';
import { createCertificate } from '../support/servers/certificate.ts';
import { freePort } from '../support/servers/daemon.ts';
import { FakeProxy } from '../support/servers/fake-proxy.ts';
import { jsonError } from './wanted-model.ts';

// The released program, and a proxy that does not let it through.

/** Asserts exit 4 with this message, that no model is there, and that the password is nowhere. */
function assertUnreachable({ scratch }: HubProject, ran: Ran, says: RegExp): void {
  const { code, message, hint } = jsonError(ran);
  assert.deepEqual([ran.code, code], [4, 'hub-unreachable'], ran.stdout);
  assert.match(String(message), says);
  assert.match(String(hint), /PROXY/);
  assert.doesNotMatch(ran.stdout + ran.stderr, /s3cret/);
  assert.deepEqual(scratch.modelNames(), []);
}

for (const [name, given, says] of [
  ['no password', undefined, /^The proxy http:\/\/127\.0\.0\.1:\d+ requires a user name and password \(status 407\)$/],
  ['the wrong password', 'user:s3cret1', /^The proxy \S+ rejected the user name and password \(status 407\)$/],
] as const) {
  test(`a CONNECT proxy with ${name} is exit 4 at once`, options, async (t) => {
    const it = await proxied(t, { credentials: 'user:s3cret' });
    assertUnreachable(it, await it.through(it.proxy.url(given)), says);
    assert.equal(it.proxy.requests.length, 1);
  });

  test(`an HTTP proxy with ${name} is exit 4 at once`, async (t) => {
    const it = await hubProject(t, { [BASE]: SIZE });
    const proxy = await FakeProxy.start(t, { credentials: 'user:s3cret' });
    const env = { ...it.env, HTTP_PROXY: proxy.url(given) };
    assertUnreachable(it, await it.scratch.spawn(['download', BASE, '--json'], { env }), says);
    assert.equal(proxy.requests.length, 1);
  });
}

test('a CONNECT proxy that is down is exit 4', options, async (t) => {
  const it = await proxied(t);
  const address = `http://127.0.0.1:${await freePort()}`;
  const says = new RegExp(`^Cannot reach .* through the proxy ${address}: the connection was refused`);
  assertUnreachable(it, await it.through(address.replace('//', '//user:s3cret@')), says);
});

for (const [status, tries] of [
  [403, 1],
  [502, 3],
] as const) {
  test(`a CONNECT proxy that answers ${status} is exit 4 after ${tries} tries`, options, async (t) => {
    const it = await proxied(t, { status });
    const says = new RegExp(
      `^The proxy ${it.proxy.url()} answered ${status} when asked to connect to ${it.hub.endpoint}`,
    );
    assertUnreachable(it, await it.through(it.proxy.url('user:s3cret')), says);
    assert.equal(it.proxy.requests.length, tries);
  });
}

test('a proxy that never answers is exit 4, in both forms', options, async (t) => {
  const it = await proxied(t, { stalls: true });
  const short = { HF_HUB_DOWNLOAD_TIMEOUT: '0.3' };
  const tunnelled = await it.whisper(['download', BASE, '--json'], { ...short, HTTPS_PROXY: it.proxy.url() });
  assertUnreachable(it, tunnelled, /^Cannot reach .* through the proxy .*: the server did not answer in time/);
  const HF_ENDPOINT = it.hub.endpoint.replace('https:', 'http:');
  const relayed = await it.whisper(['download', BASE, '--json'], { ...short, HTTP_PROXY: it.proxy.url(), HF_ENDPOINT });
  assert.equal(relayed.code, 4, relayed.stderr);
  assert.match(String(jsonError(relayed)['message']), /the server did not answer in time/);
});

test('Ctrl-C ends a download that waits for a proxy', options, async (t) => {
  const it = await proxied(t, { stalls: true });
  const env = { ...it.env, HTTPS_PROXY: it.proxy.url() };
  const child = it.scratch.start(['download', BASE], { env });
  await it.proxy.asked;
  child.kill('SIGINT');
  assert.equal(await new Promise((done) => child.on('close', done)), 130);
});

test('an untrusted certificate of a proxy is distinguished from one of a hub', options, async (t) => {
  const it = await proxied(t, { tls: createCertificate() });
  const ran = await it.through(it.proxy.url());
  const { message, hint } = jsonError(ran);
  assert.equal(ran.code, 4);
  assert.match(String(message), /^Cannot reach .* through the proxy https:\/\/127\.0\.0\.1/);
  assert.match(String(hint), /NODE_EXTRA_CA_CERTS/);
  const own = await FakeProxy.start(t);
  const untrusted = await it.whisper(['download', BASE, '--json'], { HTTPS_PROXY: own.url(), NODE_EXTRA_CA_CERTS: '' });
  assert.equal(untrusted.code, 4);
  assert.match(String(jsonError(untrusted)['message']), /^Cannot reach https:\/\/127\.0\.0\.1/);
});

test('doctor checks the hub through the proxy, and reports the answer of the proxy', options, async (t) => {
  const it = await proxied(t);
  assert.match((await it.through(it.proxy.url(), ['doctor'])).stdout, /127\.0\.0\.1:\d+ answers/);
  assert.deepEqual([...it.proxy.targets], [`CONNECT ${new URL(it.hub.endpoint).host}`]);
  const refusing = await FakeProxy.start(t, { status: 403 });
  const ran = await it.through(refusing.url('user:s3cret'), ['doctor']);
  assert.match(ran.stdout + ran.stderr, /answered 403 when asked to connect/);
  assert.doesNotMatch(ran.stdout + ran.stderr, /s3cret/);
});
