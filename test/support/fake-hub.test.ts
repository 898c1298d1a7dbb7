import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ask } from './fake-hub/ask.ts';
import { bytes, fileUrl, other, path, repo, sha256, signedUrl, start } from './fake-hub/one-model.ts';

test('a large file redirects to the content server, with its digest in the headers', async (t) => {
  const hub = await start(t);
  const { status, headers, body } = await ask(fileUrl(hub), { method: 'GET' });
  assert.equal(status, 302);
  assert.ok(headers.location?.startsWith(`${hub.cdn}/xet-bridge-us/`));
  assert.notEqual(hub.cdn, hub.endpoint);
  assert.ok(body.length > 800 && body.length < 1600, `${body.length}`);
  assert.equal(headers['x-linked-etag'], `"${sha256}"`);
  assert.equal(headers['x-linked-size'], String(bytes.length));
  assert.match(String(headers['x-repo-commit']), /^[0-9a-f]{40}$/);
  assert.match(String(headers['link']), /rel="xet-auth", <.*>; rel="xet-reconstruction-info"/);
  assert.equal(headers['ratelimit-policy'], '"fixed window";"resolvers";q=3000;w=300');

  const content = await ask(headers.location ?? '');
  assert.deepEqual(content.body, bytes);
  assert.equal(content.headers.etag, `"${String(headers['x-xet-hash'])}"`);
  assert.notEqual(content.headers.etag, headers['x-linked-etag']);
  assert.deepEqual(
    Object.keys(content.headers).filter((name) => name.startsWith('x-')),
    [],
  );
  assert.deepEqual(
    hub.requests.map(({ origin, status: s, bytesSent }) => [origin, s, bytesSent]),
    [
      ['hub', 302, body.length],
      ['cdn', 200, bytes.length],
    ],
  );
});

test('a small file redirects to the hub itself', async (t) => {
  const hub = await start(t);
  const { gitSha1 } = hub.put({
    repo,
    path: 'a/README.md',
    content: Buffer.from('hello\n'),
    kind: 'git',
  });
  assert.equal(gitSha1, 'ce013625030ba8dba906f756967f9e9ca394464a');
  const { status, headers } = await ask(fileUrl(hub, 'main', 'a/README.md'), { method: 'HEAD' });
  assert.equal(status, 307);
  assert.match(
    headers.location ?? '',
    /^\/api\/resolve-cache\/models\/ggerganov\/whisper.cpp\/[0-9a-f]{40}\/a\/README.md\?%2F/,
  );
  const content = await ask(hub.endpoint + headers.location);
  assert.deepEqual([content.status, content.headers.etag, String(content.body)], [200, `"${gitSha1}"`, 'hello\n']);
});

test('a revision is a commit, a branch or a quoted reference', async (t) => {
  const hub = await start(t);
  hub.put({ repo, path, content: Buffer.from('lmgg new'), revision: other });
  hub.branch(repo, 'refs/pr/1', other);
  const commit = async (revision: string): Promise<unknown> =>
    (await ask(fileUrl(hub, revision), { method: 'HEAD' })).headers['x-repo-commit'];
  assert.equal(await commit(other), other);
  assert.equal(await commit('refs%2Fpr%2F1'), other);
  assert.notEqual(await commit('main'), other);
  hub.inject({ where: 'resolve', act: () => hub.branch(repo, 'main', other) });
  assert.equal(await commit('main'), other);
});

test('the content server serves ranges and their conditions', async (t) => {
  const hub = await start(t);
  const url = await signedUrl(hub);
  const size = bytes.length;
  const { etag = '' } = (await ask(url)).headers;
  const rows: [Record<string, string>, number, string | undefined, number | undefined][] = [
    [{ range: 'bytes=0-3' }, 206, `bytes 0-3/${size}`, 4],
    [{ range: `bytes=${size - 2}-` }, 206, `bytes ${size - 2}-${size - 1}/${size}`, 2],
    [{ range: 'bytes=-5' }, 206, `bytes ${size - 5}-${size - 1}/${size}`, 5],
    [{ range: `bytes=5-${size + 9}` }, 206, `bytes 5-${size - 1}/${size}`, size - 5],
    [{ range: `bytes=${size}-` }, 416, `bytes */${size}`, undefined],
    [{ range: 'bytes=0-1,3-4' }, 200, undefined, size],
    [{ range: 'bytes=0-3', 'if-range': etag }, 206, `bytes 0-3/${size}`, 4],
    [{ range: 'bytes=0-3', 'if-range': `"${sha256}"` }, 200, undefined, size],
    [{ range: 'bytes=0-3', 'if-match': etag }, 206, `bytes 0-3/${size}`, 4],
    [{ 'if-match': `"${sha256}"` }, 412, undefined, undefined],
  ];
  for (const [headers, status, contentRange, length] of rows) {
    const answer = await ask(url, { headers });
    assert.equal(answer.status, status, JSON.stringify(headers));
    assert.equal(answer.headers['content-range'], contentRange, JSON.stringify(headers));
    if (length !== undefined) assert.equal(answer.body.length, length, JSON.stringify(headers));
  }
});

test('the content server refuses HEAD, credentials and stale addresses', async (t) => {
  const hub = await start(t);
  const url = await signedUrl(hub);
  assert.equal((await ask(url, { method: 'HEAD' })).status, 403);
  assert.equal((await ask(url.replace('Signature=', 'Signature=x'))).status, 403);
  assert.equal(hub.leaks.length, 0);
  assert.equal((await ask(url, { headers: { authorization: 'Bearer hf_x' } })).status, 400);
  assert.deepEqual(
    hub.leaks.map((leak) => leak.headers.authorization),
    ['Bearer hf_x'],
  );
  hub.expireUrls();
  const stale = await ask(url);
  assert.equal(stale.status, 403);
  assert.match(String(stale.body), /<Message>Request has expired</);
  assert.equal((await ask(await signedUrl(hub))).status, 200);
  hub.signedUrls({ ttlSeconds: 0 });
  assert.equal((await ask(await signedUrl(hub))).status, 403);
});

test('an encoded answer ignores ranges', async (t) => {
  const hub = await start(t);
  const url = await signedUrl(hub);
  const { status, headers, body } = await ask(url, {
    headers: { 'accept-encoding': 'gzip', range: 'bytes=0-3' },
  });
  assert.equal(status, 200);
  assert.deepEqual([headers['content-encoding'], headers['content-length']], ['gzip', undefined]);
  assert.match(headers.etag ?? '', /^W\/"[0-9a-f]{40}"$/);
  assert.deepEqual(gunzipSync(body), bytes);
  assert.equal((await ask(url, { headers: { 'accept-encoding': 'identity', range: 'bytes=0-3' } })).status, 206);
});
