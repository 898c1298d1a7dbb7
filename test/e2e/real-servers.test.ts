import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { sampleModel, type SampleModel } from '../support/models.ts';
import { needsPrograms } from '../support/needs.ts';
import { Scratch, type Ran } from '../support/scratch.ts';
import { freePort } from '../support/servers/daemon.ts';
import { startNginx } from '../support/servers/nginx.ts';
import { startTinyproxy, type Proxy } from '../support/servers/tinyproxy.ts';
import { jsonError } from './wanted-model.ts';

// Programs that were not written for these tests: a plain server of ranges, and a proxy.

const SMALL = 'ggml-small-one.bin';
const LARGE = 'ggml-large-one.bin';
const MIB = 1024 * 1024;
const needsNginx = needsPrograms('nginx');
const needsProxy = needsPrograms('nginx', 'tinyproxy');

interface Mirror {
  readonly scratch: Scratch;
  readonly origin: string;
  readonly models: readonly SampleModel[];
  readonly download: (file: string, env?: Readonly<Record<string, string>>) => Promise<Ran>;
  /** The answers that nginx gave, as `GET 206`. */
  readonly answers: () => readonly string[];
}

/** Two models behind nginx under the addresses of a hub, their bytes pinned by the catalogue. */
async function mirror(t: TestContext, more = ''): Promise<Mirror> {
  const scratch = Scratch.create(t);
  const models = [sampleModel(SMALL, 300_000), sampleModel(LARGE, 40 * MIB)];
  for (const { content, entry } of models) {
    scratch.write(join('server', 'www', entry.repo, 'resolve', entry.revision, entry.file), content);
  }
  scratch.writeRegistry([]);
  const folder = join(scratch.path, 'server');
  const { port, stop } = await startNginx(folder, more);
  t.after(stop);
  const origin = `http://127.0.0.1:${port}`;
  const settings = {
    HF_ENDPOINT: origin,
    WHISPER_CATALOG: scratch.writeCatalogue(models.map(({ entry }) => entry)),
  };
  const download = (file: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    scratch.run(['download', file, '--json'], { env: { ...settings, ...env } });
  const answers = (): readonly string[] =>
    [...readFileSync(join(folder, 'access.log'), 'utf8').matchAll(/"(\w+) [^"]*" (\d+)/g)].map(
      ([, method = '', status = '']) => `${method} ${status}`,
    );
  return { scratch, origin, models, download, answers };
}

function assertArrived({ scratch, models }: Mirror, file: string, ran: Ran): void {
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  const { content } = models.find(({ entry }) => entry.file === file) ?? assert.fail();
  assert.ok(readFileSync(join(scratch.models, file)).equals(content));
  assert.ok(scratch.read(scratch.registry).includes(`"${file}"`));
}

async function proxyOf(t: TestContext, { scratch }: Mirror, more = ''): Promise<Proxy & { readonly url: string }> {
  const proxy = await startTinyproxy(join(scratch.path, 'proxy'), more);
  t.after(proxy.stop);
  return { ...proxy, url: `http://127.0.0.1:${proxy.port}` };
}

for (const file of [SMALL, LARGE]) {
  test(`nginx: ${file}`, needsNginx, async (t) => {
    const hub = await mirror(t);
    const ran = await hub.download(file);
    assertArrived(hub, file, ran);
    const { size } = hub.models.find(({ entry }) => entry.file === file)?.entry ?? assert.fail();
    const { received } = JSON.parse(ran.stdout).downloaded[0];
    // Of a file that is split, a second connection may take over a tail while its first bytes are on their way already.
    const most = file === LARGE ? size + MIB : size;
    assert.ok(received >= size && received <= most, `${received} of ${size} bytes`);
  });
}

test('nginx without ranges serves the whole file', needsNginx, async (t) => {
  const hub = await mirror(t, 'max_ranges 0;');
  assertArrived(hub, LARGE, await hub.download(LARGE));
  assert.ok(!hub.answers().includes('GET 206'));
});

test('nginx resumes where a partial file ends', needsNginx, async (t) => {
  const hub = await mirror(t);
  const { content, entry } = hub.models[1] ?? assert.fail();
  const part = `models/.whisper/partial/${LARGE}.part`;
  const { repo, revision, size, sha256 } = entry;
  hub.scratch.write(part, content.subarray(0, 30 * MIB));
  hub.scratch.write(`${part}.json`, JSON.stringify({ repo, revision, size, sha256, finished: [[0, 30 * MIB]] }));
  const ran = await hub.download(LARGE);
  assertArrived(hub, LARGE, ran);
  assert.equal(JSON.parse(ran.stdout).downloaded[0].received, 10 * MIB);
  assert.deepEqual([...new Set(hub.answers())], ['GET 206']);
});

test('nginx with other bytes than are pinned is refused', needsNginx, async (t) => {
  const hub = await mirror(t);
  const { entry } = hub.models[0] ?? assert.fail();
  const folder = join(hub.scratch.path, 'server', 'www', entry.repo, 'resolve', entry.revision);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, SMALL), Buffer.concat([Buffer.from('lmgg'), Buffer.alloc(299_996, 'other')]));
  const ran = await hub.download(SMALL);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [5, 'wrong-bytes']);
  assert.deepEqual(hub.scratch.modelNames(), []);
});

for (const name of ['HTTP_PROXY', 'http_proxy']) {
  for (const file of [SMALL, LARGE]) {
    test(`tinyproxy in ${name}: ${file}, asked for with its whole address`, needsProxy, async (t) => {
      const hub = await mirror(t);
      const proxy = await proxyOf(t, hub);
      assertArrived(hub, file, await hub.download(file, { [name]: proxy.url }));
      assert.ok(proxy.requests().length > 0);
      for (const line of proxy.requests()) assert.ok(line.startsWith(`GET ${hub.origin}/`), line);
    });
  }
}

for (const name of ['NO_PROXY', 'no_proxy']) {
  test(`tinyproxy is not used where ${name} names the hub`, needsProxy, async (t) => {
    const hub = await mirror(t);
    const proxy = await proxyOf(t, hub);
    assertArrived(hub, SMALL, await hub.download(SMALL, { HTTP_PROXY: proxy.url, [name]: 'example.org,127.0.0.1' }));
    assert.deepEqual(proxy.requests(), []);
  });
}

test('tinyproxy gets the password in its URL', needsProxy, async (t) => {
  const hub = await mirror(t);
  const proxy = await proxyOf(t, hub, 'BasicAuth alice s3cret\n');
  const HTTP_PROXY = proxy.url.replace('//', '//alice:s3cret@');
  assertArrived(hub, SMALL, await hub.download(SMALL, { HTTP_PROXY }));
});

test('tinyproxy without the required password is an error with 407', needsProxy, async (t) => {
  const hub = await mirror(t);
  const proxy = await proxyOf(t, hub, 'BasicAuth alice s3cret\n');
  const ran = await hub.download(SMALL, { HTTP_PROXY: proxy.url });
  assert.equal(ran.code, 4, ran.stdout);
  assert.equal(jsonError(ran)['message'], `The proxy ${proxy.url} requires a user name and password (status 407)`);
  assert.match(String(jsonError(ran)['hint']), /name:password@proxy/);
  assert.deepEqual(hub.scratch.modelNames(), []);
});

test('a proxy that is down is an error', needsNginx, async (t) => {
  const hub = await mirror(t);
  const HTTP_PROXY = `http://127.0.0.1:${await freePort()}`;
  const ran = await hub.download(SMALL, { HTTP_PROXY });
  assert.deepEqual([ran.code, jsonError(ran)['code']], [4, 'hub-unreachable']);
  assert.match(String(jsonError(ran)['message']), new RegExp(`^Cannot reach .* through the proxy ${HTTP_PROXY}`));
  assert.match(String(jsonError(ran)['hint']), /HTTP_PROXY/);
  assert.deepEqual(hub.scratch.modelNames(), []);
});
