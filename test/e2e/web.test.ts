import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeProxy } from '../support/servers/fake-proxy.ts';
import { redirectTo, sendFile, sendStatus, WebServer } from '../support/servers/web-server.ts';
import { sampleModel } from '../support/models.ts';
import {
  arrived,
  CONTENT,
  DOWNLOAD,
  HASH,
  OWN,
  PINNED,
  pinsOf,
  refused,
  SIZE,
  WAYS,
  type WebProject,
  webProject,
} from '../support/web-project.ts';

// Models of servers that are not a hub, by the addresses in a catalogue.

for (const [name, how] of WAYS) {
  for (const [known, pins] of [
    ['its size and hash', PINNED],
    ['its hash', HASH],
  ] as const) {
    test(`a model comes from a web server ${name} and is verified by ${known}`, async (t) => {
      const project = await webProject(t, { pins, ...how });
      const { downloaded } = arrived(project, await project.run(DOWNLOAD));
      assert.deepEqual(
        downloaded.map(({ sha256 }) => sha256),
        [HASH.sha256],
      );
      assert.match(project.scratch.read(project.scratch.registry), /"ggml-own\.bin"/);
      assert.deepEqual(project.hub.requests, [], 'the hub is not asked');
    });
  }
}

test('a body that ends with its connection is accepted where its hash is known', async (t) => {
  for (const pins of [PINNED, HASH]) {
    const project = await webProject(t, { pins, hasRanges: false, framing: 'close' });
    const ran = await project.run([...DOWNLOAD, '-v']);
    arrived(project, ran);
    assert.match(ran.stderr, /\bconnections 1\b/);
  }
});

test('a large model comes in several ranges where the server has them', async (t) => {
  const large = sampleModel(OWN, 40 * 1024 * 1024);
  const project = await webProject(t, { pins: pinsOf(large), handler: sendFile(large.content) });
  arrived(project, await project.run(DOWNLOAD), large.content);
  const ranges = project.web.requests.map(({ headers }) => headers.range ?? '');
  assert.ok(ranges.length > 1 && ranges.every((range) => /^bytes=\d+-\d*$/.test(range)), ranges.join(' '));
});

test('a large model comes over one connection where the server has no ranges', async (t) => {
  const large = sampleModel(OWN, 40 * 1024 * 1024);
  for (const framing of ['length', 'chunks'] as const) {
    const handler = sendFile(large.content, { hasRanges: false, framing });
    const project = await webProject(t, { pins: pinsOf(large), handler });
    arrived(project, await project.run(DOWNLOAD), large.content);
  }
});

test('a failure that may pass is retried', async (t) => {
  const project = await webProject(t);
  const { web } = project;
  const answers = [sendStatus(503), sendStatus(429, '', { 'retry-after': '3' }), sendFile(CONTENT, { cut: 1000 })];
  const file = web.handler;
  web.handler = (request, response) => (answers.shift() ?? file)(request, response);
  arrived(project, await project.run(DOWNLOAD));
  assert.equal(answers.length, 0);
});

const SECRET = { HF_TOKEN: 'hf_SecretSecret', WHISPER_LOG: 'trace' };

/** Asserts that a download sent the token to none of these servers, nor to the hub, and shows it nowhere. */
async function assertNoToken(project: WebProject, servers: readonly WebServer[]): Promise<void> {
  const { stdout, stderr } = await project.run([...DOWNLOAD, '-v'], { env: SECRET });
  assert.doesNotMatch(stdout + stderr, /Secret/);
  const requests = [...servers.flatMap((server) => server.requests), ...project.hub.requests];
  assert.ok(requests.length >= servers.length);
  for (const { headers } of requests) assert.deepEqual([headers.authorization, headers.cookie], [undefined, undefined]);
}

test('the token of the hub is not sent to another server, also not where a redirect leads', async (t) => {
  for (const handler of [sendFile(CONTENT), sendStatus(401, 'No.', { 'www-authenticate': 'Bearer realm="x"' })]) {
    const project = await webProject(t, { handler });
    await assertNoToken(project, [project.web]);
    const other = await webProject(t, { handler: redirectTo(project.web.url()) });
    await assertNoToken(other, [other.web, project.web]);
  }
});

test('the token is not sent to the hub either where another server redirects to it', async (t) => {
  const project = await webProject(t);
  project.hub.put({ repo: 'a/b', path: OWN, content: CONTENT });
  project.web.handler = redirectTo(`${project.hub.endpoint}/a/b/resolve/main/${OWN}`);
  await assertNoToken(project, [project.web]);
  assert.ok(project.hub.requests.length > 0);
});

test('redirects are followed to another server, and only its bytes count', async (t) => {
  for (const status of [301, 302, 303, 307, 308]) {
    const project = await webProject(t, { pins: HASH });
    const other = await WebServer.start(t, sendFile(CONTENT));
    project.web.handler = redirectTo(other.url('/there?signature=secret'), status);
    arrived(project, await project.run(DOWNLOAD));
    const record = project.scratch.read(`models/.whisper/records/${OWN}.json`);
    assert.equal(JSON.parse(record).url, project.web.url());
    assert.doesNotMatch(record, /secret/);
  }
});

test('credentials in a redirect are not sent, shown or recorded', async (t) => {
  const project = await webProject(t);
  const other = await WebServer.start(t, sendFile(CONTENT));
  project.web.handler = redirectTo(other.url().replace('://', '://me:hunter2@'));
  const ran = await project.run([...DOWNLOAD, '-v'], { env: { WHISPER_LOG: 'trace' } });
  arrived(project, ran);
  assert.ok(other.requests.every(({ headers }) => headers.authorization === undefined));
  const record = project.scratch.read(`models/.whisper/records/${OWN}.json`);
  assert.doesNotMatch(ran.stdout + ran.stderr + record, /hunter2/);
});

for (const [name, location, message] of [
  ['in circles', '', /The server redirected more than 10 times/],
  ['to a file', 'file:///etc/passwd', /redirects to an unsupported URL: file:/],
  ['to nothing that is a URL', 'http://[', /redirects to an unsupported URL: none/],
] as const) {
  test(`a redirect ${name} is exit 4`, async (t) => {
    const project = await webProject(t);
    project.web.handler = redirectTo(location || project.web.url());
    const error = refused(project, await project.run(DOWNLOAD), 4, 'hub-broken');
    assert.match(error.message, message);
    assert.match(error.hint, /Check the address of the model/);
  });
}

test('a proxy is used for another server too, and NO_PROXY exempts it', async (t) => {
  const project = await webProject(t);
  const proxy = await FakeProxy.start(t);
  const { origin, host } = new URL(project.web.url());
  arrived(project, await project.run(DOWNLOAD, { env: { HTTP_PROXY: proxy.url(), NO_PROXY: host } }));
  assert.equal(proxy.requests.length, 0);
  const second = await webProject(t);
  second.declare(project.web.url());
  arrived(second, await second.run(DOWNLOAD, { env: { HTTP_PROXY: proxy.url() } }));
  assert.deepEqual([...proxy.targets], [`GET ${origin}`]);
});

test('http without a hash is refused before anything is asked, also where the size is known', async (t) => {
  const project = await webProject(t, { pins: {} });
  for (const pins of [{}, { size: SIZE }]) {
    project.declare(project.web.url(), pins);
    const { message, hint } = refused(project, await project.run(DOWNLOAD), 4, 'hub-refused');
    assert.match(message, /uses http, and no sha256 is known/);
    assert.match(hint, /Use https/);
  }
  assert.deepEqual(project.web.requests, []);
});

test('nothing is asked while offline', async (t) => {
  const project = await webProject(t);
  const env = { HF_HUB_OFFLINE: '1' };
  refused(project, await project.run(DOWNLOAD, { env }), 4, 'hub-offline');
  project.scratch.writeRegistry([OWN]);
  assert.equal((await project.run(['sync', '--json'], { env })).code, 4);
  assert.deepEqual(project.web.requests, []);
  arrived(project, await project.run(['sync', '--json']));
  const asked = project.web.requests.length;
  assert.equal((await project.run(['sync', '--json'], { env })).code, 0);
  assert.equal(project.web.requests.length, asked);
});
