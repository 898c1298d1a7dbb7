import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressProject, LECTURES, MODEL, SOURCE, sourcesText } from '../support/address-project.ts';
import { createCertificate } from '../support/servers/certificate.ts';
import { type FileOptions, sendFile, sendStatus, WebServer } from '../support/servers/web-server.ts';

// Models at https addresses on the command line, of servers that are not a hub.

const tls = createCertificate();

const ways: readonly (readonly [string, FileOptions])[] = [
  ['with ranges and lengths', {}],
  ['without ranges', { hasRanges: false }],
  ['without lengths', { hasRanges: false, framing: 'chunks' }],
];
for (const [name, how] of ways) {
  test(`a model of a server ${name} is declared with the hash of its bytes as they arrived`, async (t) => {
    const { run, text, scratch, hub } = await addressProject(t);
    const web = await WebServer.start(t, sendFile(MODEL.content, how), { tls });
    const env = { NODE_EXTRA_CA_CERTS: scratch.write('ca.pem', tls.cert), HF_TOKEN: 'hf_mine' };
    const url = web.url('/models/lectures.bin');
    const ran = await scratch.spawn(['download', url, '--as', 'lectures'], {
      env: { HF_ENDPOINT: hub.endpoint, ...env },
    });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /lectures.*sha256/, 'said as first seen');
    assert.ok(text().includes(sourcesText(LECTURES, { url, hash: SOURCE.hash }, 5000)), text());
    assert.deepEqual([scratch.modelNames(), hub.requests.length], [[LECTURES], 0]);
    assert.ok(web.requests.every(({ headers }) => headers.authorization === undefined));
    const verified = await run(['verify', 'lectures']);
    assert.equal(verified.code, 0);
  });
}

test('add declares a model of such a server without its hash, which check --fix adds after sync', async (t) => {
  const { text, scratch, hub } = await addressProject(t, '{ activeModels = [ ]; }\n');
  const web = await WebServer.start(t, sendFile(MODEL.content), { tls });
  const env = { NODE_EXTRA_CA_CERTS: scratch.write('ca.pem', tls.cert), HF_ENDPOINT: hub.endpoint };
  const run = async (...args: readonly string[]): ReturnType<typeof scratch.spawn> => scratch.spawn(args, { env });
  const url = web.url('/models/lectures.bin');
  const added = await run('add', url, '--as', 'lectures');
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stderr, /the source of lectures has no hash yet/);
  const before = `{ activeModels = [ "${LECTURES}" ]; modelSources = { "${LECTURES}" = { url = "${url}"; }; }; }\n`;
  assert.equal(text(), before);
  assert.match((await run('sync', '-n')).stdout, /would download lectures \(unknown size\)/);
  assert.equal((await run('sync')).code, 0);
  assert.match((await run('check', '--fix')).stderr, /completed the source of lectures/);
  assert.equal(text(), before.replace(`"${url}";`, `"${url}"; hash = "${SOURCE.hash}"; size = 5000;`));
});

test('a server that refuses or has something else is an error before anything is written', async (t) => {
  const { text, scratch, hub } = await addressProject(t);
  const before = text();
  const web = await WebServer.start(t, sendStatus(404), { tls });
  const env = { NODE_EXTRA_CA_CERTS: scratch.write('ca.pem', tls.cert), HF_ENDPOINT: hub.endpoint };
  const page = sendStatus(200, '<!doctype html><title>Log in</title>', { 'content-type': 'text/html' });
  for (const [handler, code] of [
    [sendStatus(404), 'hub-not-found'],
    [sendStatus(403), 'hub-refused'],
    [page, 'intercepted'],
    [sendFile(Buffer.from('version https://git-lfs.github.com/spec/v1\n'.padEnd(600))), 'wrong-file'],
  ] as const) {
    web.handler = handler;
    const ran = await scratch.spawn(['download', web.url('/ggml-x.bin'), '--json'], { env });
    const { error } = JSON.parse(ran.stdout) as { error: { code: string } };
    assert.equal(error.code, code);
  }
  assert.deepEqual([text(), scratch.modelNames()], [before, []]);
});

test('an existing file with the same name is not declared as the file at the URL', async (t) => {
  const { text, scratch, hub } = await addressProject(t);
  const before = text();
  const web = await WebServer.start(t, sendFile(MODEL.content), { tls });
  const env = { NODE_EXTRA_CA_CERTS: scratch.write('ca.pem', tls.cert), HF_ENDPOINT: hub.endpoint };
  scratch.writeModel(LECTURES, Buffer.from('lmgg of my own'));
  const ran = await scratch.spawn(['download', web.url('/x.bin'), '--as', 'lectures', '--json'], { env });
  const { error } = JSON.parse(ran.stdout) as { error: { message: string } };
  assert.deepEqual(
    [ran.code, error.message, text()],
    [2, 'The name lectures is taken by another model, in the models directory', before],
  );
});

test('a file that was downloaded from the address before is declared with the hash of its record', async (t) => {
  const { text, scratch, hub } = await addressProject(t);
  const web = await WebServer.start(t, sendFile(MODEL.content), { tls });
  const env = { NODE_EXTRA_CA_CERTS: scratch.write('ca.pem', tls.cert), HF_ENDPOINT: hub.endpoint };
  const url = web.url('/x.bin');
  const download = ['download', url, '--as', 'lectures'];
  assert.equal((await scratch.spawn([...download, '--no-register'], { env })).code, 0);
  const ran = await scratch.spawn([...download, '--no-prune', '--json'], { env });
  assert.deepEqual([ran.code, (JSON.parse(ran.stdout) as { present: unknown }).present], [0, [LECTURES]]);
  assert.ok(text().includes(sourcesText(LECTURES, { url, hash: SOURCE.hash }, 5000)), text());
});
