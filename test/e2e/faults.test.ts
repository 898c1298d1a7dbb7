import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../support/fake-hub/faults.ts';
import { always, assertRefused, SIZE, wantedModel, type Failure } from './wanted-model.ts';

const page = '<!DOCTYPE html>\n<html><title>Log in\x1b[31m</title></html>';
const octets = 'application/octet-stream';
const wrong = (says: RegExp): Failure => ({ exit: 5, code: 'wrong-bytes', says });
const html: Failure = { exit: 5, code: 'intercepted', says: /sent an HTML page instead of base\.en/ };
const noModel: Failure = { exit: 5, code: 'wrong-file', says: /base\.en is not a model but an HTML page/ };
const broken: Failure = { exit: 4, code: 'hub-broken', says: /./ };

// Each of these lasts for as long as it takes.
const rows: readonly [string, readonly Fault[], Failure][] = [
  ['a flipped bit', [{ where: 'cdn', flip: 1000 }], wrong(/does not match its pin: the sha256 is [0-9a-f]{64}, not/)],
  ['a flipped bit of the magic number', [{ where: 'cdn', flip: 0 }], { ...noModel, says: /is not a model but/ }],
  ['a page from the hub', [{ where: 'resolve', html: page }], html],
  ['a page from the content server', [{ where: 'cdn', html: page }], html],
  ['a page from the hub that calls itself bytes', [{ where: 'resolve', html: page, htmlAs: octets }], noModel],
  ['a page from the content server that calls itself bytes', [{ where: 'cdn', html: page, htmlAs: octets }], noModel],
  [
    'a page without a length that calls itself bytes',
    [{ where: 'cdn', html: page, htmlAs: octets, dropHeaders: ['content-length'] }],
    noModel,
  ],
  [
    'a long page without a length that calls itself bytes',
    [{ where: 'cdn', html: page + ' '.repeat(9000), htmlAs: octets, dropHeaders: ['content-length'] }],
    noModel,
  ],
  [
    'a git-LFS pointer',
    [{ where: 'cdn', replace: Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n') }],
    { ...noModel, says: /a git-LFS pointer/ },
  ],
  [
    'a GGUF file of the right size',
    [{ where: 'cdn', replace: Buffer.alloc(SIZE, 'GGUF') }],
    { ...noModel, says: /a GGUF file/ },
  ],
  ['an empty file', [{ where: 'cdn', replace: Buffer.alloc(0) }], { ...noModel, says: /an empty file/ }],
  [
    'a body that is short by its own word',
    [{ where: 'cdn', shortLength: 2000 }],
    wrong(/the size is 2000, not 300000/),
  ],
  [
    'a body that always ends at the same byte',
    [{ where: 'cdn', short: 2000, ignoreRange: true }],
    wrong(/the size is 2000, not 300000/),
  ],
  ['a long body', [{ where: 'cdn', long: 7 }], wrong(/the size is larger, not 300000/)],
  ['an endless body', [{ where: 'cdn', long: 3_000_000 }], wrong(/the size is larger, not 300000/)],
  ['a body in gzip', [{ where: 'cdn', gzip: true }], { ...html, says: /the content encoding gzip/ }],
  ['no such file', [{ where: 'resolve', status: 404, errorCode: 'EntryNotFound' }], notFound(/this file/)],
  ['no such revision', [{ where: 'resolve', status: 404, errorCode: 'RevisionNotFound' }], notFound(/the revision/)],
  ['no such repository', [{ where: 'resolve', status: 404, errorCode: 'RepoNotFound' }], notFound(/this repository/)],
  ['nothing there at all', [{ where: 'resolve', status: 404, body: '<html>' }], notFound(/this file/)],
  ['gone from the content server', [{ where: 'cdn', status: 404 }], notFound(/this file/)],
  [
    'a disabled repository',
    [{ where: 'resolve', status: 403, message: 'Access to this resource is disabled.' }],
    {
      exit: 4,
      code: 'hub-refused',
      says: /refused base\.en: .* 403 \(Forbidden\): Access to this resource is disabled\./,
    },
  ],
  [
    'a content server that refuses fresh addresses',
    [{ where: 'cdn', status: 403 }],
    { exit: 4, code: 'hub-refused', says: /refused base\.en: .* 403/ },
  ],
  ['answered 5 for ever', [{ where: 'resolve', status: 503 }], { ...broken, says: /answered 503/ }],
  ['a content server answered 5', [{ where: 'cdn', status: 500 }], { ...broken, says: /answered 500/ }],
  [
    'too many requests for ever',
    [{ where: 'resolve', status: 429 }],
    { exit: 4, code: 'hub-rate-limited', says: /answered 429/ },
  ],
  ['sockets closed without an answer', [{ where: 'resolve', refuse: true }], unreachable(/the connection was closed/)],
  ['a content server that hangs up', [{ where: 'cdn', refuse: true }], unreachable(/the connection was closed/)],
  ['a redirect in circles', [{ where: 'resolve', loop: true }], { ...broken, says: /redirected more than/ }],
  [
    'a redirect to another scheme',
    [{ where: 'resolve', location: 'file:///etc/passwd' }],
    { ...broken, says: /redirects to an unsupported URL: file:/ },
  ],
  [
    'a redirect to nowhere',
    [{ where: 'resolve', location: 'http://[' }],
    { ...broken, says: /redirects to an unsupported URL: none/ },
  ],
  ['ranges that are never there', [{ where: 'cdn', status: 416 }], { ...broken, says: /answered 416/ }],
  [
    'a different part of the file each time',
    [{ where: 'cdn', okWithContentRange: true, setHeaders: { 'content-range': `bytes 5-${SIZE - 1}/${SIZE}` } }],
    { ...broken, says: /a different part of the file/ },
  ],
];
for (const [name, faults, expected] of rows) {
  test(`refused: ${name}`, async (t) => {
    const project = await wantedModel(t);
    always(project, faults);
    await assertRefused(project, expected);
  });
}

function notFound(what: RegExp): Failure {
  return { exit: 4, code: 'hub-not-found', says: new RegExp(`base\\.en not found: .* ${what.source}`) };
}

function unreachable(reason: RegExp): Failure {
  return {
    exit: 4,
    code: 'hub-unreachable',
    says: new RegExp(`Cannot reach http://127\\.0\\.0\\.1:\\d+: ${reason.source}`),
  };
}

test('refused: no process listens on the port', async (t) => {
  const project = await wantedModel(t);
  await project.hub.close();
  await assertRefused(project, unreachable(/the connection was refused/));
});

test('the text of a web page is shown escaped', async (t) => {
  const project = await wantedModel(t);
  always(project, [{ where: 'cdn', html: '\x1b]0;owned\x07<title>\x9b31m' }]);
  const { stderr } = await project.run(['download', 'base.en']);
  assert.match(stderr, /\\x1b\]0;owned\\x07/);
  assert.doesNotMatch(stderr.replaceAll('\n', ''), /\p{Cc}/u);
});

test('wrong bytes are downloaded twice at most', async (t) => {
  const project = await wantedModel(t);
  always(project, [{ where: 'cdn', flip: 200_000 }]);
  const { code, stderr } = await project.run(['download', 'base.en', '--json']);
  assert.equal(code, 5);
  assert.match(stderr, /starting it again/);
  const sent = project.hub.requests.filter(({ origin }) => origin === 'cdn').map(({ bytesSent }) => bytesSent);
  assert.deepEqual(sent, [SIZE, SIZE]);
  assert.equal(project.scratch.exists('models/.whisper/partial/ggml-base.en.bin.part'), false);
});

for (const [name, effect] of [
  ['size', { setHeaders: { 'x-linked-size': '17' } }],
  ['digest', { setHeaders: { 'x-linked-etag': `"${'0'.repeat(64)}"` } }],
  ['bytes', { replace: Buffer.from('lmgg, but other bytes') }],
  ['bytes, without a redirect', { replace: Buffer.from('lmgg, but other bytes'), direct: true }],
] as const) {
  test(`a hub with another ${name} than the catalogue is refused before the download`, async (t) => {
    const project = await wantedModel(t);
    always(project, [{ where: 'resolve', ...effect }]);
    await assertRefused(project, {
      exit: 5,
      code: 'stale-pin',
      says: /ggml-base\.en\.bin on the hub does not match the cat/,
    });
    assert.deepEqual(
      project.hub.requests.filter(({ origin }) => origin === 'cdn'),
      [],
    );
  });
}

for (const size of ['99999999999999999999', '-5', '1e300']) {
  for (const isPinned of [true, false]) {
    test(`a hub that reports ${size} bytes for a ${isPinned ? 'pinned' : 'new'} file is refused`, async (t) => {
      const project = await wantedModel(t);
      if (!isPinned) project.scratch.writeCatalogue([{ file: 'ggml-base.en.bin', repo: 'a/b' }]);
      always(project, [{ where: 'resolve', setHeaders: { 'x-linked-size': size } }]);
      await assertRefused(project, {
        exit: 4,
        code: 'hub-broken',
        says: new RegExp(`reported an impossible file size: ${size} bytes`),
      });
      assert.deepEqual(
        project.hub.requests.filter(({ origin }) => origin === 'cdn'),
        [],
      );
    });
  }
}

const UNCOUNTABLE = '99999999999999999999';
const others: readonly [string, Fault, number][] = [
  ['a Content-Range', { where: 'cdn', setHeaders: { 'content-range': `bytes 0-5/${UNCOUNTABLE}` } }, 4],
  ['a Content-Length', { where: 'cdn', setHeaders: { 'content-length': UNCOUNTABLE } }, 4],
];
for (const [name, fault, exit] of others) {
  test(`${name} that is not a valid number is refused with a message`, async (t) => {
    const project = await wantedModel(t);
    always(project, [fault]);
    const { code, stderr } = await project.run(['download', 'base.en']);
    assert.equal(code, exit, stderr);
    assert.doesNotMatch(stderr, /^ +at /m);
  });
}
