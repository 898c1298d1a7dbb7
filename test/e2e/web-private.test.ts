import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeProxy } from '../support/servers/fake-proxy.ts';
import { inMountNamespace } from '../support/mount-namespace.ts';
import { skip } from '../support/needs.ts';
import { certificate, options } from '../support/proxied.ts';
import { redirectTo, sendFile, WebServer } from '../support/servers/web-server.ts';
import { arrived, CONTENT, DOWNLOAD, HASH, OWN, PART, refused, SIZE, webProject } from '../support/web-project.ts';

// What an address in a file cannot do: reach this machine or a private network, or lose its encryption.

const PRIVATE = /is on this machine or in a private network/;

test('an address of this machine or of a private network is refused in every form before anything is asked', async (t) => {
  const project = await webProject(t);
  const { port } = new URL(project.web.url());
  const hosts = [
    'localhost',
    'LOCALHOST.',
    '127.0.0.2',
    '127.1.1',
    '0x7f000002',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
  ];
  for (const host of [
    ...hosts,
    'a.localhost',
    '10.0.0.1',
    '169.254.169.254',
    '[fd00::1]',
    '[64:ff9b::7f00:1]',
    'intranet',
  ]) {
    project.declare(`http://${host}:${port}/models/${OWN}`);
    const { message, hint } = refused(project, await project.run(DOWNLOAD), 4, 'hub-refused');
    assert.match(message, PRIVATE, host);
    assert.match(hint, /run whisper download with the URL, or name its host in HF_ENDPOINT/);
  }
  assert.deepEqual(project.web.requests, []);
});

test('a server on the host of HF_ENDPOINT is asked at any port, and no other server of this machine', async (t) => {
  const project = await webProject(t);
  const other = await WebServer.start(t, sendFile(CONTENT), { host: '127.0.0.2' });
  arrived(project, await project.run(DOWNLOAD));
  const second = await webProject(t);
  second.declare(other.url());
  refused(second, await second.run(DOWNLOAD), 4, 'hub-refused');
  arrived(second, await second.run(DOWNLOAD, { env: { HF_ENDPOINT: 'http://127.0.0.2:9' } }));
});

test('a redirect to a private address is refused, also from a server that the user named', async (t) => {
  const project = await webProject(t);
  const hidden = await WebServer.start(t, sendFile(CONTENT), { host: '127.0.0.2' });
  const { port } = new URL(project.web.url());
  for (const target of [
    hidden.url(),
    `http://localhost:${port}/x`,
    `http://[::1]:${port}/x`,
    `//127.0.0.3:${port}/x`,
  ]) {
    project.web.handler = redirectTo(target);
    const { message } = refused(project, await project.run(DOWNLOAD), 4, 'hub-refused');
    assert.match(message, PRIVATE, target);
    assert.equal(project.scratch.exists(PART), false);
  }
  assert.deepEqual(hidden.requests, []);
});

test('a redirect to a private address is refused in the middle of a download too', async (t) => {
  const project = await webProject(t);
  const hidden = await WebServer.start(t, sendFile(CONTENT), { host: '127.0.0.2' });
  const answers = [sendFile(CONTENT, { cut: 100_000 })];
  project.web.handler = (request, response) => (answers.shift() ?? redirectTo(hidden.url()))(request, response);
  const { message } = refused(project, await project.run(DOWNLOAD), 4, 'hub-refused');
  assert.match(message, PRIVATE);
  assert.deepEqual(hidden.requests, []);
});

test('a proxy may be on this machine, and is not asked for a private address', async (t) => {
  const project = await webProject(t);
  const proxy = await FakeProxy.start(t);
  const env = { HTTP_PROXY: proxy.url() };
  const { port } = new URL(project.web.url());
  for (const host of ['localhost', '127.0.0.2', '[::1]', 'metadata.google.internal', 'intranet']) {
    project.declare(`http://${host}:${port}/models/${OWN}`);
    refused(project, await project.run(DOWNLOAD, { env }), 4, 'hub-refused');
  }
  assert.deepEqual(proxy.requests, []);
  project.declare(project.web.url());
  arrived(project, await project.run(DOWNLOAD, { env }));
  assert.ok(proxy.requests.length > 0);
});

test('https without a hash records the hash of the first download and prints a notice', options, async (t) => {
  const project = await webProject(t);
  const web = await WebServer.start(t, sendFile(CONTENT), { tls: certificate });
  project.declare(web.url(), {});
  const env = { NODE_EXTRA_CA_CERTS: project.scratch.write('ca.pem', certificate?.cert ?? ''), ...project.env };
  const ran = await project.scratch.spawn(DOWNLOAD, { env });
  const { downloaded } = arrived(project, ran);
  assert.deepEqual([downloaded[0]?.sha256, downloaded[0]?.received], [HASH.sha256, SIZE]);
  assert.match(ran.stderr, /own: no sha256 was known; recorded the sha256 of this download/);
});

test('a redirect from https to http is refused, also where the hash is known', options, async (t) => {
  const project = await webProject(t);
  const web = await WebServer.start(t, redirectTo(project.web.url()), { tls: certificate });
  const env = { NODE_EXTRA_CA_CERTS: project.scratch.write('ca.pem', certificate?.cert ?? ''), ...project.env };
  for (const pins of [{}, HASH]) {
    project.declare(web.url(), pins);
    const { message } = refused(project, await project.scratch.spawn(DOWNLOAD, { env }), 4, 'hub-broken');
    assert.match(message, /redirects to an unsupported URL: http:\/\/127\.0\.0\.1/);
  }
  assert.deepEqual(project.web.requests, []);
});

test('a server without a trusted certificate is not asked for a model', options, async (t) => {
  const project = await webProject(t);
  const web = await WebServer.start(t, sendFile(CONTENT), { tls: certificate });
  project.declare(web.url(), HASH);
  const { hint } = refused(project, await project.scratch.spawn(DOWNLOAD, { env: project.env }), 4, 'hub-unreachable');
  assert.match(hint, /NODE_EXTRA_CA_CERTS/);
  assert.deepEqual(web.requests, []);
});

test(
  'without a hash, a body over https is accepted in chunks, and refused where its end is not known',
  options,
  async (t) => {
    const project = await webProject(t);
    const env = { NODE_EXTRA_CA_CERTS: project.scratch.write('ca.pem', certificate?.cert ?? ''), ...project.env };
    const web = await WebServer.start(t, sendFile(CONTENT, { hasRanges: false, framing: 'close' }), {
      tls: certificate,
    });
    project.declare(web.url(), {});
    const { message, hint } = refused(project, await project.scratch.spawn(DOWNLOAD, { env }), 4, 'hub-refused');
    assert.match(message, /The size of own is unknown/);
    assert.match(hint, /Add its hash and size to modelSources/);
    web.handler = sendFile(CONTENT, { hasRanges: false, framing: 'chunks' });
    arrived(project, await project.scratch.spawn(DOWNLOAD, { env }));
  },
);

test('a public name that resolves to this machine is refused when it is connected to, also behind a redirect', async (t) => {
  const project = await webProject(t);
  const other = await WebServer.start(t, sendFile(CONTENT));
  const { scratch, web } = project;
  scratch.write(
    'hosts',
    '127.0.0.1 localhost\n127.0.0.1 models.example\n8.8.8.8 both.example\n127.0.0.1 both.example\n',
  );
  const needs = 'mount --bind hosts /etc/hosts && getent hosts models.example both.example >/dev/null';
  const named = (host: string): string => {
    const url = new URL(other.url());
    url.hostname = host;
    return url.href;
  };
  for (const url of [named('models.example'), named('both.example'), web.url()]) {
    web.handler = redirectTo(named('models.example'));
    project.declare(url);
    const ran = await inMountNamespace(scratch, project.env, needs, `whisper ${DOWNLOAD.join(' ')}`);
    if (!ran) return skip(t, 'no mount namespace, or no hosts file that is read');
    const { message } = refused(project, ran, 4, 'hub-refused');
    assert.match(message, /Refused to connect to \S*example:\d+: 127\.0\.0\.1 is on this machine/);
  }
  assert.deepEqual(other.requests, []);
  const env = { ...project.env, HF_ENDPOINT: 'http://models.example:9' };
  project.declare(named('models.example'));
  const ran = await inMountNamespace(scratch, env, needs, `whisper ${DOWNLOAD.join(' ')}`);
  arrived(project, ran ?? assert.fail());
});
