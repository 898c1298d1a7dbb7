import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { cacheProject } from '../support/binary-cache/cache-project.ts';
import type { Fault, FaultEffect } from '../support/fake-hub/faults.ts';
import { hubProject } from '../support/hub-project.ts';
import { always, assertPublished, assertRefused, wantedModel, type Failure } from './wanted-model.ts';

// Servers that send the head of an answer and then nothing, or a byte now and then.

const BASE = 'ggml-base.en.bin';
const env = { HF_HUB_DOWNLOAD_TIMEOUT: '0.3' };
const TIMEOUT = { timeout: 120_000 };

const silent: FaultEffect = { stall: 0 };
const dripping: FaultEffect = { bytesPerSecond: 10 };
const page = '<html>'.padEnd(2000, 'x');

const fails = (code: string): Failure => ({ exit: 4, code, says: /./ });

const rows: readonly (readonly [name: string, fault: Fault, expected: Failure])[] = [
  ['503', { where: 'resolve', status: 503 }, fails('hub-broken')],
  ['500 of the content server', { where: 'cdn', status: 500 }, fails('hub-broken')],
  ['429', { where: 'resolve', status: 429, resetSeconds: 1 }, fails('hub-rate-limited')],
  ['404', { where: 'resolve', status: 404, errorCode: 'EntryNotFound', message: 'x' }, fails('hub-not-found')],
  ['401', { where: 'resolve', status: 401, message: 'Invalid username or password.' }, fails('hub-needs-token')],
  ['403', { where: 'resolve', status: 403, message: 'Access to this resource is disabled.' }, fails('hub-refused')],
  ['403 of the content server', { where: 'cdn', status: 403 }, fails('hub-refused')],
  ['400 of the content server', { where: 'cdn', status: 400 }, fails('hub-refused')],
  ['416', { where: 'cdn', status: 416 }, fails('hub-broken')],
  ['a page', { where: 'resolve', html: page }, { ...fails('intercepted'), exit: 5 }],
  ['a page of the content server', { where: 'cdn', html: page }, { ...fails('intercepted'), exit: 5 }],
  ['a model', { where: 'cdn' }, fails('hub-unreachable')],
];

for (const [kind, effect] of [
  ['silent', silent],
  ['dripping', dripping],
] as const) {
  // A model that comes slowly is waited for.
  for (const [name, fault, expected] of rows.filter(([row]) => kind === 'silent' || row !== 'a model')) {
    test(`an answer whose body is ${kind} ends the download: ${name}`, TIMEOUT, async (t) => {
      const project = await wantedModel(t);
      always(project, [{ ...fault, ...effect }]);
      await assertRefused(project, expected, ['download', 'base.en'], { env });
    });
  }

  test(`a redirect whose body is ${kind} is followed`, TIMEOUT, async (t) => {
    const project = await wantedModel(t);
    always(project, [{ where: 'resolve', ...effect }]);
    assertPublished(project, await project.run(['download', 'base.en', '--json'], { env }));
  });

  test(`a hub whose API answers with a ${kind} body is asked for the file itself`, TIMEOUT, async (t) => {
    const project = await wantedModel(t);
    const { file, repo, revision } = project.models[BASE]?.entry ?? assert.fail();
    // Nothing pins the size and the hash, so the API is asked.
    const WHISPER_CATALOG = project.scratch.writeCatalogue([{ file, repo, revision }]);
    always(project, [{ where: 'api', ...effect }]);
    const ran = await project.run(['download', 'base.en', '--json', '--no-prune'], {
      env: { ...env, WHISPER_CATALOG },
    });
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.ok(project.hub.requests.some(({ url }) => url.startsWith('/api/')));
  });

  for (const [status, path] of [
    [200, /narinfo$/],
    [200, /^nix-cache-info$/],
    [404, /narinfo$/],
    [503, /narinfo$/],
    [200, /^nar\//],
    [503, /^nar\//],
  ] as const) {
    // An archive that comes slowly is waited for.
    if (kind === 'dripping' && status === 200 && path.test('nar/x')) continue;
    test(`a cache that answers ${status} with a ${kind} body is skipped: ${path}`, TIMEOUT, async (t) => {
      const project = await cacheProject(t, { [BASE]: 5000 });
      project.cache.put(project.models[BASE] ?? assert.fail());
      project.cache.serve = (asked, response) => path.test(asked) && answer(response, status, kind);
      const ran = await project.sync(env);
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
      assert.deepEqual(project.scratch.modelNames(), [BASE]);
      assert.ok(project.hub.requests.length > 0);
    });
  }
}

test('the released program ends too', TIMEOUT, async (t) => {
  const project = await hubProject(t, { [BASE]: 5000 }, [BASE]);
  project.hub.inject({ where: 'resolve', status: 404, times: Infinity, ...silent });
  const { code, stderr } = await project.scratch.spawn(['sync'], { env: { ...project.env, ...env } });
  assert.equal(code, 4, stderr);
});

test('a download that --limit-rate slows down is not stalled', TIMEOUT, async (t) => {
  const { scratch, hub, env: own } = await hubProject(t, { [BASE]: 300_000 }, [BASE]);
  const ran = await scratch.spawn(['sync', '--limit-rate', '150k'], { env: { ...own, ...env } });
  assert.equal(ran.code, 0, ran.stderr);
  assert.equal(hub.requests.filter(({ origin }) => origin === 'cdn').length, 1);
});

test('only the beginning of an error body is read', TIMEOUT, async (t) => {
  const project = await wantedModel(t);
  const size = 64 * 1024 * 1024;
  always(project, [{ where: 'resolve', status: 403, body: 'x'.repeat(size) }]);
  await assertRefused(project, fails('hub-refused'));
  for (const { bytesSent } of project.hub.requests) assert.ok(bytesSent < size / 4, `${bytesSent}`);
});

function answer(response: ServerResponse, status: number, kind: 'silent' | 'dripping'): true {
  response.writeHead(status).flushHeaders();
  if (kind === 'silent') return true;
  const timer = setInterval(() => response.write('a'), 50);
  response.on('close', () => clearInterval(timer));
  return true;
}
