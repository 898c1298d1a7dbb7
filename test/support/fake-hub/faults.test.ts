import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ask } from './ask.ts';
import type { FaultEffect } from './faults.ts';
import { bytes, fileUrl, path, repo, sha256, signedUrl, start } from './one-model.ts';

const size = bytes.length;
const bodyFaults: [string, FaultEffect, string | undefined, number, string | undefined][] = [
  ['a reset', { reset: 100 }, 'ECONNRESET', 100, String(size)],
  ['an early end', { end: 100 }, 'ECONNRESET', 100, String(size)],
  ['a short body without length', { short: 100 }, undefined, 100, undefined],
  ['a short body with its length', { shortLength: 100 }, undefined, 100, '100'],
  ['a long body', { long: 7 }, undefined, size + 7, undefined],
  ['a reset before the first byte', { reset: 0 }, 'ECONNRESET', 0, undefined],
  ['no answer', { refuse: true }, 'ECONNRESET', 0, undefined],
  ['a slow body', { bytesPerSecond: 50_000 }, undefined, size, String(size)],
  ['a trickling tail', { bytesPerSecond: 2000, trickleAfter: size - 20 }, undefined, size, String(size)],
];
for (const [name, effect, error, length, contentLength] of bodyFaults) {
  test(`fault: ${name}`, async (t) => {
    const hub = await start(t);
    const url = await signedUrl(hub);
    const fault = hub.inject({ where: 'cdn', match: repo, ...effect });
    const response = await ask(url);
    assert.equal(response.error, error);
    assert.equal(response.body.length, length);
    if (response.status !== 0)
      assert.equal(response.headers['content-length'], contentLength ?? response.headers['content-length']);
    if (effect.short ?? effect.long) assert.equal(response.headers['transfer-encoding'], undefined);
    assert.equal((await fault.done).bytesSent, length);
    assert.deepEqual((await ask(url)).body, bytes, 'a fault is for one request');
  });
}

test('fault: a stalled body leaves the connection open, and the hub can still be closed', async (t) => {
  const hub = await start(t);
  const url = await signedUrl(hub);
  hub.inject({ where: 'cdn', stall: 10, times: Infinity });
  assert.equal((await ask(url, { enough: 10 })).body.length, 10);
  const stalled = hub.inject({ where: 'cdn' });
  const broken = ask(url);
  await stalled.done;
  assert.ok(hub.connections.cdn > 0);
  await hub.close();
  assert.equal((await broken).error, 'ECONNRESET');
});

test('fault: other answers to a range', async (t) => {
  const hub = await start(t);
  const url = await signedUrl(hub);
  const replaced = Buffer.from(bytes).fill('z', 4);
  const rows: [FaultEffect, number, string | undefined, Buffer][] = [
    [{ ignoreRange: true }, 200, undefined, bytes],
    [{ okWithContentRange: true }, 200, `bytes 5-9/${size}`, bytes.subarray(5, 10)],
    [{ contentRange: 'bytes 6-10/11' }, 206, 'bytes 6-10/11', bytes.subarray(5, 10)],
    [{ flip: 5 }, 206, `bytes 5-9/${size}`, Buffer.from('cbcdef').subarray(0, 1)],
    [{ replace: replaced }, 206, `bytes 5-9/${size}`, Buffer.from('zzzzz')],
    [{ html: '<p>log in' }, 200, undefined, Buffer.from('<p>log in')],
    [{ status: 416 }, 416, `bytes */${size}`, Buffer.from('<!DOCTYPE')],
    [{ dropHeaders: ['Content-Range'] }, 206, undefined, bytes.subarray(5, 10)],
  ];
  for (const [effect, status, contentRange, first] of rows) {
    hub.inject({ where: 'cdn', ...effect });
    const response = await ask(url, { headers: { range: 'bytes=5-9' } });
    assert.deepEqual(
      [response.status, response.headers['content-range']],
      [status, contentRange],
      JSON.stringify(effect),
    );
    if (effect.flip === undefined) assert.deepEqual(response.body.subarray(0, first.length), first);
    else assert.equal(response.body[0], (bytes[5] ?? 0) ^ 1);
  }
  hub.inject({ where: 'cdn', gzip: true });
  const zipped = await ask(url, { headers: { 'accept-encoding': 'identity' } });
  assert.deepEqual(gunzipSync(zipped.body), bytes);
});

test('fault: a status has the body and headers of its server', async (t) => {
  const hub = await start(t);
  const rows: [FaultEffect, number, Record<string, string>, RegExp][] = [
    [{ status: 404, errorCode: 'EntryNotFound' }, 404, { 'x-error-code': 'EntryNotFound' }, /^Entry not found$/],
    [
      { status: 403, message: 'Access to this resource is disabled.' },
      403,
      {},
      /^Access to this resource is disabled\.$/,
    ],
    [{ status: 429, resetSeconds: 3 }, 429, { ratelimit: '"resolvers";r=0;t=3' }, /^Too Many Requests$/],
    [{ status: 429, retryAfter: 2 }, 429, { 'retry-after': '2' }, /./],
    [{ status: 503, retryAfter: 1 }, 503, { 'retry-after': '1', 'content-type': 'text/html' }, /<H1>503 ERROR/],
    [{ status: 502, body: '<p>bad' }, 502, { 'content-type': 'text/html; charset=utf-8' }, /^<p>bad$/],
    [{ html: 'MZ', htmlAs: 'application/octet-stream' }, 200, { 'content-type': 'application/octet-stream' }, /^MZ$/],
    [{ location: 'ftp://example.org/x' }, 302, { location: 'ftp://example.org/x' }, /./],
    [{ loop: true }, 302, { location: new URL(fileUrl(hub)).pathname }, /./],
    [{ setHeaders: { 'X-Linked-Size': '1' } }, 302, { 'x-linked-size': '1' }, /./],
    [{ direct: true }, 200, { 'x-linked-etag': `"${sha256}"`, etag: `"${sha256}"` }, /^lmgg/],
  ];
  for (const [effect, status, headers, body] of rows) {
    hub.inject({ where: 'resolve', ...effect });
    const response = await ask(fileUrl(hub));
    assert.equal(response.status, status, JSON.stringify(effect));
    for (const [name, value] of Object.entries(headers))
      assert.equal(response.headers[name], value, JSON.stringify(effect));
    assert.match(String(response.body), body);
    assert.equal(response.headers['retry-after'], headers['retry-after']);
  }
  hub.inject({ where: 'cdn', status: 403 });
  assert.match(String((await ask(await signedUrl(hub))).body), /<Code>AccessDenied</);
});

test('counted faults apply one after the other, before permanent ones', async (t) => {
  const hub = await start(t);
  const lasting = hub.inject({ where: 'api', setHeaders: { 'x-mark': 'on' }, times: Infinity });
  hub.inject({ where: 'api', status: 500, passes: 1 });
  hub.inject({ where: 'api', status: 502, passes: 1 });
  hub.inject({ where: 'api', status: 504, match: 'elsewhere' });
  const response = [];
  for (let i = 0; i < 4; i++) response.push(await ask(`${hub.endpoint}/api/models/${repo}`));
  assert.deepEqual(
    response.map(({ status }) => status),
    [200, 500, 502, 200],
  );
  assert.ok(response.every(({ headers }) => headers['x-mark'] === 'on'));
  lasting.remove();
  assert.equal((await ask(`${hub.endpoint}/api/models/${repo}`)).headers['x-mark'], undefined);
});

test('only the answer with a gate waits for it', async (t) => {
  const hub = await start(t);
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const fault = hub.inject({ where: 'resolve', slowHeaders: gate });
  const waiting = ask(fileUrl(hub));
  assert.equal((await fault.taken).status, 0);
  assert.equal((await ask(fileUrl(hub))).status, 302);
  open();
  assert.equal((await waiting).status, 302);
});

test('the content server counts its requests', async (t) => {
  const hub = await start(t);
  const url = await signedUrl(hub);
  hub.maxCdnRequests = 1;
  const fault = hub.inject({ where: 'cdn', stall: 1 });
  const first = ask(url);
  await fault.done;
  assert.equal((await ask(url)).status, 503);
  await hub.close();
  await first;
});

test('the hub can be closed while requests are running', async (t) => {
  const hub = await start(t);
  const url = await signedUrl(hub);
  const never = new Promise<never>(() => {});
  const faults = [
    hub.inject({ where: 'cdn', match: path, slowHeaders: never }),
    hub.inject({ where: 'cdn', match: path, bytesPerSecond: 1 }),
    hub.inject({ where: 'cdn', match: path, stall: 1 }),
  ];
  const asked = faults.map(() => ask(url));
  await Promise.all(faults.map((fault) => fault.taken));
  await hub.close();
  await hub.close();
  const errors = (await Promise.all(asked)).map(({ error }) => error);
  assert.deepEqual(errors, ['ECONNRESET', 'ECONNRESET', 'ECONNRESET']);
});
