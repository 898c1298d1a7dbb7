import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../support/fake-hub/faults.ts';
import { assertPublished, assertRefused, SIZE, wantedModel, WANTED } from './wanted-model.ts';

// Troubles that pass, and ways of a hub that are none.
const rows: readonly [string, readonly Fault[]][] = [
  ['a reset', [{ where: 'cdn', reset: 100_000 }]],
  ['a reset in the magic number', [{ where: 'cdn', reset: 2 }]],
  ['a reset in the header', [{ where: 'cdn', reset: 200 }]],
  ['an early end', [{ where: 'cdn', end: 100_000 }]],
  ['an early end before the first byte', [{ where: 'cdn', end: 0 }]],
  ['a short body without a length', [{ where: 'cdn', short: 100_000 }]],
  ['a short body in the magic number', [{ where: 'cdn', short: 2 }]],
  ['a bit that is flipped once', [{ where: 'cdn', flip: 1000 }]],
  [
    'a range that is ignored',
    [
      { where: 'cdn', reset: 100_000 },
      { where: 'cdn', ignoreRange: true },
    ],
  ],
  [
    'a 200 that has the requested range',
    [
      { where: 'cdn', reset: 100_000 },
      { where: 'cdn', okWithContentRange: true },
    ],
  ],
  [
    'another range',
    [
      { where: 'cdn', reset: 100_000 },
      { where: 'cdn', contentRange: `bytes 7-${SIZE - 1}/${SIZE}` },
    ],
  ],
  [
    'a range of another file',
    [
      { where: 'cdn', reset: 100_000 },
      { where: 'cdn', contentRange: 'bytes 100000-100009/100010' },
    ],
  ],
  [
    'a range that makes no sense',
    [
      { where: 'cdn', reset: 100_000 },
      { where: 'cdn', contentRange: 'bytes what' },
    ],
  ],
  [
    'a range without its header',
    [
      { where: 'cdn', reset: 100_000 },
      { where: 'cdn', dropHeaders: ['content-range'] },
    ],
  ],
  [
    'a range that is not there',
    [
      { where: 'cdn', reset: 100_000 },
      { where: 'cdn', status: 416 },
    ],
  ],
  ['an address that ran out', [{ where: 'cdn', status: 403, message: 'Request has expired' }]],
  ['too many requests', [{ where: 'resolve', status: 429 }]],
  ['too many requests at the content server', [{ where: 'cdn', status: 429, retryAfter: 3 }]],
  ['five errors in a row', [{ where: 'resolve', status: 503, times: 5 }]],
  ['every error that passes', [500, 502, 503, 504, 408].map((status) => ({ where: 'cdn', status }) as const)],
  ['hung up on twice', [{ where: 'resolve', refuse: true, times: 2 }]],
  [
    'a mirror without words',
    [{ where: 'resolve', times: Infinity, dropHeaders: ['x-repo-commit', 'x-linked-size', 'x-linked-etag'] }],
  ],
  ['an answer without a redirect', [{ where: 'resolve', times: Infinity, direct: true }]],
  ['no length anywhere', [{ where: 'cdn', times: Infinity, dropHeaders: ['content-length'] }]],
];
for (const [name, faults] of rows) {
  test(`arrives: ${name}`, async (t) => {
    const project = await wantedModel(t);
    for (const fault of faults) project.hub.inject(fault);
    assertPublished(project, await project.run(['download', 'base.en', '--json']));
    assert.deepEqual(project.hub.leaks, []);
  });
}

test('a mirror that does not report its commit is accepted for a pinned model, with a note under -v', async (t) => {
  const project = await wantedModel(t);
  const dropHeaders = ['x-repo-commit', 'x-linked-size', 'x-linked-etag'];
  project.hub.inject({ where: 'resolve', times: Infinity, dropHeaders });
  const ran = await project.run(['download', 'base.en', '-v']);
  assertPublished(project, ran);
  assert.equal(ran.stderr.match(/continuing because the sha256 is pinned/g)?.length, 1);
  const { file, repo } = project.models[WANTED]?.entry ?? assert.fail();
  project.scratch.writeCatalogue([{ file, repo, revision: 'main' }]);
  project.hub.inject({ where: 'api', status: 404, times: Infinity });
  const unpinned = await project.run(['download', 'base.en', '--force', '--json']);
  assert.deepEqual([unpinned.code, JSON.parse(unpinned.stdout).error.code], [5, 'intercepted']);
});

test('arrives: after more failures than retries, each after some progress', async (t) => {
  const project = await wantedModel(t);
  // A reset may take bytes along that were sent before it; an early end does not.
  for (let end = 1; end <= 25; end += 1) project.hub.inject({ where: 'cdn', end: 10_000 });
  const ran = await project.run(['download', 'base.en', '--json']);
  assertPublished(project, ran);
  const ranges = project.hub.requests.filter(({ origin }) => origin === 'cdn').map(({ headers }) => headers.range);
  assert.equal(ranges.length, 26);
  assert.ok(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? '')));
  assert.equal(JSON.parse(ran.stdout).downloaded[0].received, SIZE);
});

test('arrives: a small file in git, through a relative redirect', async (t) => {
  const project = await wantedModel(t);
  const { content, entry } = project.models[WANTED] ?? assert.fail();
  project.hub.put({ repo: entry.repo, path: entry.file, revision: entry.revision, content, kind: 'git' });
  assertPublished(project, await project.run(['download', 'base.en', '--json']));
  assert.deepEqual(
    project.hub.requests.map(({ origin, status }) => `${origin} ${status}`),
    ['hub 307', 'hub 200'],
  );
});

test('arrives: from a renamed repository', async (t) => {
  const project = await wantedModel(t);
  const { entry } = project.models[WANTED] ?? assert.fail();
  project.hub.rename('old/name', entry.repo);
  project.scratch.writeCatalogue([{ ...entry, repo: 'old/name' }]);
  assertPublished(project, await project.run(['download', 'base.en', '--json']));
});

for (const [name, effect, expected] of [
  ['the time that the hub names', { resetSeconds: 55 }, 56_000],
  ['Retry-After', { resetSeconds: 0, retryAfter: 7, setHeaders: { ratelimit: '' } }, 7000],
  ['five minutes at most', { resetSeconds: 86_400 }, 310_000],
] as const) {
  test(`too many requests: waits for ${name}`, async (t) => {
    const project = await wantedModel(t);
    project.hub.inject({ where: 'resolve', status: 429, ...effect });
    const waits: number[] = [];
    const delay = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
    const ran = await project.run(['download', 'base.en', '--json'], { delay });
    assertPublished(project, ran);
    assert.deepEqual(waits, [expected]);
    assert.match(ran.stderr, new RegExp(`retrying in ${expected / 1000} s`));
  });
}

test('content that changes during a pinned download is refused, and the right bytes are kept', async (t) => {
  const project = await wantedModel(t);
  void project.hub.inject({ where: 'cdn', reset: 100_000 }).done.then(() => project.hub.expireUrls());
  const other = Buffer.from('lmgg other');
  project.hub.inject({ where: 'resolve', passes: 1, times: Infinity, replace: other });
  await assertRefused(project, { exit: 5, code: 'stale-pin', says: /does not match the catalogue/ });
});

for (const [name, hasApi, says] of [
  ['where the hub has no API', false, /changed on the server; starting the download again/],
  ['between two runs', true, /the unfinished download is of another file; starting again/],
] as const) {
  test(`unpinned content that changes ${name} is downloaded from the start`, async (t) => {
    const project = await wantedModel(t);
    const { hub, scratch } = project;
    const { entry } = project.models[WANTED] ?? assert.fail();
    const { file, repo } = entry;
    scratch.writeCatalogue([{ file, repo, revision: 'main' }]);
    const later = Buffer.concat([Buffer.from('lmgg'), Buffer.alloc(SIZE + 5, 'later')]);
    if (!hasApi) hub.inject({ where: 'api', status: 404, times: Infinity });
    const broken = hub.inject({ where: 'cdn', reset: 100_000 });
    const down = hasApi ? hub.inject({ where: 'cdn', status: 503, times: Infinity, passes: 1 }) : undefined;
    const change = async (): Promise<void> => {
      await broken.done;
      hub.put({ repo, path: file, revision: entry.revision, content: later });
      hub.expireUrls();
    };
    void change();
    if (hasApi) assert.equal((await project.run(['download', 'base.en', '--json'])).code, 4);
    down?.remove();
    const ran = await project.run(['download', 'base.en', '--json']);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stderr, says);
    assert.equal(scratch.read(`models/${file}`), later.toString());
  });
}

test('a web page in place of the remaining bytes does not lose the received ones', async (t) => {
  const project = await wantedModel(t);
  project.hub.inject({ where: 'cdn', end: 100_000 });
  const page = { html: '<html>log in', htmlAs: 'application/octet-stream' };
  const portal = project.hub.inject({ where: 'cdn', ...page, passes: 1, times: Infinity });
  const failed = await project.run(['download', 'base.en', '--json']);
  assert.equal(failed.code, 5, failed.stdout);
  portal.remove();
  const ran = await project.run(['download', 'base.en', '--json']);
  assertPublished(project, ran);
  assert.ok(JSON.parse(ran.stdout).downloaded[0].received < SIZE);
});
