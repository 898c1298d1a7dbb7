import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { assertFromCache, cacheProject, type CacheProject } from '../support/binary-cache/cache-project.ts';
import { hubProject } from '../support/hub-project.ts';
import type { Ran } from '../support/scratch.ts';

const BASE = 'ggml-base.en.bin';
const TIMEOUT = { timeout: 120_000 };
/** A connection that brings nothing for a second counts as stalled. */
const SHORT = { HF_HUB_DOWNLOAD_TIMEOUT: '1' };

const unsized = (text: string): string => text.replaceAll(/^File.*\n/gm, '');

function assertRefused({ scratch, hub }: CacheProject, ran: Ran, says: RegExp): void {
  assert.equal(ran.code, 5, ran.stdout + ran.stderr);
  assert.match(JSON.parse(ran.stdout).error.message, says);
  assert.deepEqual([scratch.modelNames(), hub.requests], [[], []]);
}

function assertFromHub({ scratch, hub }: CacheProject, ran: Ran, says: RegExp): void {
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.match(ran.stderr, says);
  assert.deepEqual(scratch.modelNames(), [BASE]);
  assert.ok(hub.requests.length > 0);
}

/** Sends the same bytes until the connection is closed. */
function repeat(response: ServerResponse, bytes: Buffer | string, every = 5): true {
  const timer = setInterval(() => response.write(bytes), every);
  response.on('close', () => clearInterval(timer));
  return true;
}

test('a narinfo that names no archive is refused, over HTTP and in a folder', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  for (const url of ['http://[', 'http://127.0.0.1:99999/x', 'data:,x', 'ssh://host/x']) {
    const change = (text: string): string => text.replace(/^URL: .*/m, `URL: ${url}`);
    project.cache.put(project.models[BASE] ?? assert.fail(), { change });
    const folder = project.cache.writeTo(join(project.scratch.path, 'cache'));
    for (const address of [project.cache.url, folder])
      assertRefused(project, await project.sync({ WHISPER_SUBSTITUTERS: address }), /has its archive at/);
  }
});

test('cache URLs with invalid percent signs are skipped', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  const WHISPER_SUBSTITUTERS = 'http://us%er:secret@127.0.0.1:1 file:///srv/%ff';
  assertFromHub(project, await project.sync({ WHISPER_SUBSTITUTERS }), /percent sign.*\n.*not the path of a directory/);
  assert.equal((await project.run(['doctor'], { env: { WHISPER_SUBSTITUTERS } })).code, 0);
});

test('a folder whose path has percent signs is a cache like any other', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  project.cache.put(project.models[BASE] ?? assert.fail());
  const folder = join(project.scratch.path, '100%');
  project.cache.writeTo(folder);
  assert.equal((await project.sync({ WHISPER_SUBSTITUTERS: folder })).code, 0);
  assertFromCache(project, BASE);
});

test('a pipe or a directory in place of an archive is skipped', TIMEOUT, async (t) => {
  for (const make of ['mkfifo', 'mkdir']) {
    const project = await cacheProject(t, { [BASE]: 5000 });
    project.cache.put(project.models[BASE] ?? assert.fail());
    const folder = join(project.scratch.path, 'cache');
    project.cache.writeTo(folder);
    const [nar = ''] = readdirSync(join(folder, 'nar'));
    rmSync(join(folder, 'nar', nar));
    execFileSync(make, [join(folder, 'nar', nar)]);
    assertFromHub(project, await project.sync({ WHISPER_SUBSTITUTERS: folder }), /it is not a regular file/);
  }
});

test('a narinfo that arrives too slowly is skipped', TIMEOUT, async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  project.cache.serve = (path, response) => path.endsWith('.narinfo') && repeat(response, 'a', 200);
  assertFromHub(project, await project.sync(SHORT), /stopped sending; continuing without/);
});

test('a cache that asks for a long pause is skipped, also for the archive', TIMEOUT, async (t) => {
  for (const packing of ['none', 'gzip'] as const) {
    const project = await cacheProject(t, { [BASE]: 5000 });
    project.cache.put(project.models[BASE] ?? assert.fail(), { packing });
    const waits: number[] = [];
    project.cache.answer = ({ path }) =>
      path.startsWith('nar/') ? { status: 503, headers: { 'retry-after': '600' } } : undefined;
    const delay = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
    const env = { WHISPER_SUBSTITUTERS: project.cache.url };
    assertFromHub(
      project,
      await project.run(['sync', '--json'], { env, delay }),
      /answered 503 for .*; continuing without/,
    );
    assert.deepEqual(waits, []);
  }
});

test('an archive with trailing data, or without an end, is refused', TIMEOUT, async (t) => {
  const nothing = Buffer.concat(Array.from({ length: 500 }, () => zlib.gzipSync('')));
  for (const [packing, isWhole, more] of [
    ['br', true, Buffer.alloc(65_536, 1)],
    ['gzip', true, nothing],
    ['gzip', false, nothing],
  ] as const) {
    for (const change of [unsized, (text: string): string => text]) {
      const project = await cacheProject(t, { [BASE]: 200_000 });
      const { cache } = project;
      cache.put(project.models[BASE] ?? assert.fail(), { packing, change });
      cache.serve = (path, response) => {
        if (!path.startsWith('nar/')) return false;
        if (isWhole) response.write(cache.files.get(path));
        return repeat(response, more);
      };
      assertRefused(project, await project.sync(SHORT), /has data after its end/);
    }
  }
});

test('a complete archive is accepted although its connection stays open', TIMEOUT, async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  project.cache.put(project.models[BASE] ?? assert.fail(), { packing: 'gzip' });
  project.cache.serve = (path, response) =>
    path.startsWith('nar/') && (response.write(project.cache.files.get(path)) || true);
  const ran = await project.sync(SHORT);
  assert.deepEqual([ran.code, ran.stderr, project.cache.archiveRequests.length], [0, '', 1]);
  assertFromCache(project, BASE);
});

test(
  'what came before is passed over, however long a server without ranges takes to send it again',
  TIMEOUT,
  async (t) => {
    const project = await cacheProject(t, { [BASE]: 3_000_000 });
    const { cache } = project;
    cache.put(project.models[BASE] ?? assert.fail(), { packing: 'gzip' });
    let requests = 0;
    cache.serve = (path, response) => {
      const whole = cache.files.get(path);
      if (!path.startsWith('nar/') || !whole) return false;
      const isFirst = (requests += 1) === 1;
      response.writeHead(200, { 'content-length': whole.length });
      const step = Math.ceil(whole.length / 10);
      let at = 0;
      const timer = setInterval(() => {
        if (isFirst && at >= 7 * step) response.destroy();
        else response.write(whole.subarray(at, (at += step)), () => at >= whole.length && response.end());
      }, 250);
      response.on('close', () => clearInterval(timer));
      return true;
    };
    const ran = await project.sync(SHORT);
    assert.deepEqual([ran.code, requests], [0, 2], ran.stderr);
    assertFromCache(project, BASE);
  },
);

test('a cache that sends encoded files is skipped without an accusation', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  project.cache.serve = (path, response) =>
    path.endsWith('.narinfo') && !!response.writeHead(200, { 'content-encoding': 'br' }).end('x');
  assertFromHub(project, await project.sync(), /narinfo with the content encoding br; continuing without/);
});

test('a narinfo may have unknown fields', async (t) => {
  const project = await cacheProject(t, { [BASE]: 5000 });
  const change = (text: string): string => `${text}X-Field_2: one\nSig: a:b\nSig: c:d\n`;
  project.cache.put(project.models[BASE] ?? assert.fail(), { change });
  assert.equal((await project.sync()).code, 0);
  assertFromCache(project, BASE);
});

test('a cache or a hub that does not speak HTTP is a typed error', TIMEOUT, async (t) => {
  const server = createServer((socket) => socket.on('error', () => {}).on('data', () => socket.end('SSH-2.0-x\r\n')));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const project = await cacheProject(t, { [BASE]: 5000 });
  assertFromHub(
    project,
    await project.sync({ WHISPER_SUBSTITUTERS: url }),
    /the server does not speak HTTP; continuing/,
  );
  const { run } = await hubProject(t, { [BASE]: 5000 }, [BASE]);
  const ran = await run(['sync', '--json'], { env: { HF_ENDPOINT: url } });
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [4, 'hub-unreachable']);
});
