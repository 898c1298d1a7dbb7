import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './ask.ts';
import { bytes, fileUrl, path, repo, sha256, start } from './one-model.ts';

test('a refused request gets the status and error code of its reason', async (t) => {
  const hub = await start(t);
  for (const kind of ['private', 'gated', 'gated-pending'] as const) {
    hub.put({ repo: `org/${kind}`, path, content: bytes });
    hub.requireToken(`org/${kind}`, `right-${kind}`, kind);
  }
  const rows: [string, string | undefined, number, string | undefined, RegExp][] = [
    [`${repo}/resolve/main/none.bin`, undefined, 404, 'EntryNotFound', /^Entry not found$/],
    [`${repo}/resolve/none/${path}`, undefined, 404, 'RevisionNotFound', /^Invalid rev id: none$/],
    [`org/none/resolve/main/${path}`, undefined, 401, 'RepoNotFound', /^Invalid username or password\.$/],
    [`org/none/resolve/main/${path}`, 'hf_x', 404, 'RepoNotFound', /^Repository not found$/],
    [`${repo}/resolve/main/${path}`, 'garbage', 401, undefined, /^Invalid credentials in Authorization header$/],
    [`org/private/resolve/main/${path}`, undefined, 401, 'RepoNotFound', /^Invalid username or password\.$/],
    [`org/private/resolve/main/${path}`, 'hf_x', 404, 'RepoNotFound', /^Repository not found$/],
    [`org/private/resolve/main/${path}`, 'right-private', 302, undefined, /^Found/],
    [`org/gated/resolve/main/${path}`, undefined, 401, 'GatedRepo', /Please log in\.$/],
    [`org/gated/resolve/main/${path}`, 'hf_x', 403, 'GatedRepo', /not in the authorized list/],
    [`org/gated/resolve/main/${path}`, 'right-gated', 302, undefined, /^Found/],
    [`org/gated-pending/resolve/main/${path}`, 'right-gated-pending', 403, 'GatedRepo', /awaiting a review/],
    [`api/models/org/gated`, undefined, 200, undefined, /"gated":"auto"/],
    [`api/models/org/private`, undefined, 401, 'RepoNotFound', /^\{"error":"Invalid username/],
    [`ggerganov%2Fwhisper.cpp/resolve/main/${path}`, undefined, 400, undefined, /./],
  ];
  for (const [address, token, status, code, body] of rows) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await ask(`${hub.endpoint}/${address}`, { headers });
    assert.deepEqual([answer.status, answer.headers['x-error-code']], [status, code], `${address} ${token}`);
    assert.match(String(answer.body), body);
    assert.equal(answer.headers['www-authenticate'] !== undefined, status === 401, address);
    assert.ok(answer.headers['ratelimit'], address);
  }
});

test('metadata lists sizes and digests, page by page', async (t) => {
  const hub = await start(t);
  const readme = hub.put({ repo, path: 'docs/README.md', content: Buffer.from('hi'), kind: 'git' });
  const model = JSON.parse(String((await ask(`${hub.endpoint}/api/models/${repo}/revision/main?blobs=true`)).body));
  assert.equal(model.sha, readme.revision);
  assert.deepEqual(model.siblings[1].lfs.sha256, sha256);
  assert.deepEqual(model.siblings[0], {
    rfilename: 'docs/README.md',
    size: 2,
    blobId: readme.gitSha1,
  });

  hub.pageSize = 1;
  const seen: string[] = [];
  let next: string | undefined = `${hub.endpoint}/api/models/${repo}/tree/main?recursive=true&expand=false`;
  while (next !== undefined) {
    const { headers, body } = await ask(next);
    for (const entry of JSON.parse(String(body))) seen.push(`${entry.type} ${entry.path} ${entry.lfs?.oid ?? ''}`);
    next = /^<(http.*)>; rel="next"$/.exec(String(headers['link'] ?? ''))?.[1];
  }
  assert.deepEqual(seen, ['directory docs ', 'file docs/README.md ', `file ${path} ${sha256}`]);

  const infos = await ask(`${hub.endpoint}/api/models/${repo}/paths-info/main`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `paths=${path}&paths=none`,
  });
  assert.equal(JSON.parse(String(infos.body))[0].lfs.size, bytes.length);
});

test('the rate limit is counted per bucket', async (t) => {
  const hub = await start(t);
  hub.rateLimit({ bucket: 'resolvers', quota: 2, windowSeconds: 300 });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await ask(fileUrl(hub))).status);
  assert.deepEqual(statuses, [302, 302, 429]);
  const { headers } = await ask(fileUrl(hub));
  assert.match(String(headers['ratelimit']), /^"resolvers";r=0;t=(300|299)$/);
  assert.equal(headers['retry-after'], undefined);
  assert.equal((await ask(`${hub.endpoint}/api/models/${repo}`)).status, 200);
});

test('a renamed repository redirects, and a known etag is not sent again', async (t) => {
  const hub = await start(t);
  hub.rename('old/name', repo);
  const moved = await ask(`${hub.endpoint}/old/name/resolve/main/${path}?download=true`);
  assert.equal(moved.status, 307);
  assert.equal(moved.headers.location, `/${repo}/resolve/main/${path}?download=true`);
  const api = await ask(`${hub.endpoint}/api/models/old/name/tree/main`);
  assert.equal(api.headers.location, `/api/models/${repo}/tree/main`);
  const known = await ask(fileUrl(hub), { headers: { 'if-none-match': `"${sha256}"` } });
  assert.equal(known.status, 304);
});
