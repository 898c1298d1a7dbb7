import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { test } from 'node:test';
import { ask } from './ask.ts';
import { blobOf } from './content.ts';
import { path, repo, signedUrl, start } from './one-model.ts';

test('generated content is the same from every offset', () => {
  const { source, sha256: digest } = blobOf({ size: 300_001, seed: 7 });
  const whole = source.read(0, source.size);
  assert.equal(whole.subarray(0, 4).toString('latin1'), 'lmgg');
  assert.equal(createHash('sha256').update(whole).digest('hex'), digest());
  for (const [from, to] of [
    [0, 1],
    [2, 9],
    [4095, 4099],
    [65_534, 70_000],
    [299_999, 300_001],
  ] as const) {
    assert.deepEqual(source.read(from, to, Buffer.alloc(8192)), whole.subarray(from, to), `${from}-${to}`);
  }
  assert.notDeepEqual(whole.subarray(4096, 8192), whole.subarray(69_632, 73_728));
});

test('a large generated file costs no memory', async (t) => {
  const hub = await start(t);
  const { sha256: digest } = hub.put({ repo, path, content: { size: 64 * 1024 * 1024, seed: 1 } });
  const url = await signedUrl(hub);
  const hash = createHash('sha256');
  await new Promise((resolve) => {
    get(url, { agent: false }, (answer) => answer.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', resolve));
  });
  assert.equal(hash.digest('hex'), digest);
  assert.equal((await ask(url, { enough: 1 })).status, 200, 'a client may break off');
});
