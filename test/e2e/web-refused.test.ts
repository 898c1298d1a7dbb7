import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleModel } from '../support/models.ts';
import { sendFile, sendStatus } from '../support/servers/web-server.ts';
import {
  CONTENT,
  DOWNLOAD,
  HASH,
  OWN,
  PART,
  PINNED,
  pinsOf,
  refused,
  SIZE,
  WAYS,
  webProject,
} from '../support/web-project.ts';

// What another server than a hub may answer instead of a model: each its code and its sentence.

test('wrong bytes are exit 5, and nothing is installed', async (t) => {
  const other = Buffer.from(CONTENT);
  other[1000] = (other[1000] ?? 0) ^ 1;
  for (const [, how] of WAYS) {
    const project = await webProject(t, { handler: sendFile(other, how), pins: HASH });
    const { message, hint } = refused(project, await project.run(DOWNLOAD), 5, 'wrong-bytes');
    assert.match(message, /does not match its pin: the sha256 is [0-9a-f]{64}, not/);
    assert.match(hint, /compare its url and hash/);
    assert.equal(project.scratch.exists(PART), false);
  }
});

for (const [name, content] of [
  ['more', Buffer.concat([CONTENT, Buffer.from('more')])],
  ['fewer', CONTENT.subarray(0, SIZE - 7)],
] as const) {
  test(`${name} bytes than are pinned are exit 5`, async (t) => {
    for (const [, how] of [...WAYS, ['until the end', { hasRanges: false, framing: 'close' }] as const]) {
      const project = await webProject(t, { handler: sendFile(content, how) });
      refused(project, await project.run(DOWNLOAD), 5, 'wrong-bytes');
    }
  });
}

test('a large file of another size is exit 5, also where the server has ranges', async (t) => {
  const large = sampleModel(OWN, 40 * 1024 * 1024);
  const pins = { ...pinsOf(large), size: large.content.length + 1 };
  const project = await webProject(t, { pins, handler: sendFile(large.content) });
  const { message } = refused(project, await project.run(DOWNLOAD), 5, 'wrong-bytes');
  assert.match(message, /the size is 41943040, not 41943041/);
});

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 300000\n`;
const PAGE = '<!doctype html>\n<title>Log in\x1b[31m</title>';
const others = [
  ['a page', PAGE, { 'content-type': 'text/html; charset=utf-8' }, 'intercepted', /sent an HTML page/],
  ['a page that calls itself bytes', PAGE, {}, 'wrong-file', /is not a model but an HTML page: Log in/],
  [
    'a git-LFS pointer',
    POINTER,
    { 'content-type': 'text/plain' },
    'wrong-file',
    /a git-LFS pointer, not the file itself/,
  ],
  ['a body in gzip', CONTENT.toString('latin1'), { 'content-encoding': 'gzip' }, 'intercepted', /encoding gzip/],
] as const;
for (const [name, text, headers, code, message] of others) {
  test(`${name} in place of the model is exit 5`, async (t) => {
    for (const pins of [PINNED, HASH]) {
      for (const how of [{}, { hasRanges: false }, { hasRanges: false, framing: 'chunks' }] as const) {
        const handler = sendFile(Buffer.from(text, 'latin1'), { ...how, headers });
        const project = await webProject(t, { pins, handler });
        const error = refused(project, await project.run(DOWNLOAD), 5, code);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\x1b/);
        assert.doesNotMatch(error.hint, /HF_ENDPOINT/, 'no setting of the hub helps');
      }
    }
  });
}

test('an empty file is exit 5, whether its length is known or not', async (t) => {
  for (const [framing, code] of [
    ['length', 'wrong-file'],
    ['chunks', 'wrong-bytes'],
  ] as const) {
    const project = await webProject(t, { handler: sendFile(Buffer.alloc(0), { hasRanges: false, framing }) });
    refused(project, await project.run(DOWNLOAD), 5, code);
  }
});

const statuses = [
  [400, 'hub-refused', /127\.0\.0\.1:\d+ refused own: it answered 400 \(Bad Request\)/],
  [401, 'hub-refused', /refused own: it answered 401/],
  [403, 'hub-refused', /refused own: it answered 403 \(Forbidden\): No entry\./],
  [404, 'hub-not-found', /own not found: http:\/\/127\.0\.0\.1:\d+\/models\/ggml-own\.bin answered 404/],
  [410, 'hub-not-found', /own not found: .* answered 410/],
  [429, 'hub-rate-limited', /answered 429 \(Too Many Requests\)/],
  [451, 'hub-refused', /answered 451/],
  [500, 'hub-broken', /answered 500/],
  [503, 'hub-broken', /answered 503 \(Service Unavailable\)/],
] as const;
for (const [status, code, message] of statuses) {
  test(`a server that answers ${status} is exit 4`, async (t) => {
    const project = await webProject(t, { handler: sendStatus(status, 'No entry.') });
    const error = refused(project, await project.run(DOWNLOAD), 4, code);
    assert.match(error.message, message);
    assert.doesNotMatch(error.hint, /HF_TOKEN|HF_ENDPOINT/);
    assert.equal(project.scratch.exists(PART), false);
  });
}
