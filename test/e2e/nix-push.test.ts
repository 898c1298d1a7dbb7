import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { KNOWS_ZSTD } from '../support/binary-cache/archive.ts';
import { FakeCache } from '../support/binary-cache/fake-cache.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { needsNix } from '../support/nix.ts';
import { nixIn } from '../support/nix-store.ts';

const execute = promisify(execFile);
const BASE = 'ggml-base.en.bin';
const TINY = 'ggml-tiny.en.bin';
const SIZES = { [BASE]: 70_001, [TINY]: 5000 };

interface PushProject extends HubProject {
  readonly folder: string;
  /** The environment of the Nix of this machine. */
  readonly nix: Readonly<Record<string, string>>;
}

/** A project whose models are there, on a machine with Nix. */
async function pushProject(t: TestContext, active: readonly string[] = [BASE, TINY]): Promise<PushProject> {
  const project = await hubProject(t, SIZES, active);
  const { scratch, models } = project;
  for (const name of active) scratch.writeModel(name, models[name]?.content ?? assert.fail());
  mkdirSync(join(scratch.path, 'nix-1'));
  return { ...project, folder: join(scratch.path, 'cache'), nix: nixIn(join(scratch.path, 'nix-1')) };
}

test(
  'models go over a cache to a machine without Nix, and to the store of one that has it, with the hub closed',
  needsNix,
  async (t) => {
    const project = await pushProject(t);
    const { run, folder, nix, hub, scratch, models } = project;
    const ran = await run(['push', folder, '--json'], { env: nix });
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    const result = JSON.parse(ran.stdout);
    assert.deepEqual([result.cache, result.compression], [`file://${folder}`, 'none']);
    assert.deepEqual(
      result.pushed.map(({ name, size, sha256 }: Record<string, unknown>) => ({ name, size, sha256 })),
      [BASE, TINY].map((name) => {
        const { size, sha256 } = models[name]?.entry ?? assert.fail();
        return { name, size, sha256 };
      }),
    );
    await hub.close();
    const cache = await serve(t, folder);

    // Two machines without Nix: one reads the folder, the other one a web server that serves it.
    for (const [index, address] of [folder, cache.url].entries()) {
      const directory = join(scratch.path, `machine-${index}`);
      const env = {
        PATH: '/nonexistent',
        WHISPER_SUBSTITUTERS: address,
        WHISPER_MODELS_PATH: directory,
        HOME: directory,
      };
      const synced = await run(['sync', '--json'], { env });
      assert.equal(synced.code, 0, synced.stdout + synced.stderr);
      assert.deepEqual(readFileSync(join(directory, BASE)), models[BASE]?.content);
      assert.deepEqual(readFileSync(join(directory, TINY)), models[TINY]?.content);
    }

    // A second store without trusted keys: a content-addressed path needs none.
    const second = join(scratch.path, 'nix-1-elsewhere');
    const { storePath } = result.pushed[0];
    const anyKey = ['--option', 'trusted-public-keys', ''];
    await execute('nix', ['copy', ...anyKey, '--from', cache.url, '--to', `local?root=${second}`, storePath], {
      env: nix,
    });
    assert.deepEqual(readFileSync(join(second, 'nix/store', basename(storePath))), models[BASE]?.content);

    // What is in the store of a machine is adopted there.
    const third = join(scratch.path, 'machine-3');
    const adopted = await run(['sync', '--json'], { env: { ...nix, WHISPER_MODELS_PATH: third, HOME: third } });
    assert.deepEqual(JSON.parse(adopted.stdout).adopted, [BASE, TINY]);
  },
);

test('archives are compressed with zstd on request, and read where Node supports it', needsNix, async (t) => {
  const { run, folder, nix, scratch, models } = await pushProject(t, [BASE]);
  const address = `file://${folder}?compression=zstd`;
  assert.equal((await run(['push', address], { env: nix })).code, 0);
  assert.match(readdirSync(join(folder, 'nar'))[0] ?? '', /\.nar\.zst$/);
  scratch.write('other/.keep', '');
  const directory = join(scratch.path, 'other');
  const env = { WHISPER_SUBSTITUTERS: address, WHISPER_MODELS_PATH: directory, HOME: directory };
  const ran = await run(['sync', '--json'], { env });
  assert.equal(ran.code, 0, ran.stdout);
  assert.deepEqual(readFileSync(join(directory, BASE)), models[BASE]?.content);
  const { received } = JSON.parse(ran.stdout).downloaded[0];
  if (KNOWS_ZSTD) assert.equal(received, 0);
  else assert.match(ran.stderr, /zstd, which needs Node 22\.15 or newer/);
});

test('an archive that Nix pushed is refused when it was changed in the cache', needsNix, async (t) => {
  const { run, folder, nix, scratch } = await pushProject(t, [BASE]);
  assert.equal((await run(['push', folder], { env: nix })).code, 0);
  const nar = join(folder, 'nar', readdirSync(join(folder, 'nar'))[0] ?? '');
  const info = join(folder, readdirSync(folder).find((name) => name.endsWith('.narinfo')) ?? '');
  const [right, told] = [readFileSync(nar), readFileSync(info, 'utf8')];
  for (const [name, path, content] of [
    ['first byte', nar, Buffer.from(right).fill(0, 0, 1)],
    ['content', nar, Buffer.from(right).fill(1, 50_000, 50_001)],
    ['last byte', nar, Buffer.from(right).fill(1, right.length - 1)],
    ['NarHash', info, told.replaceAll(/(Hash: sha256:)./g, '$10')],
    ['CA', info, told.replace(/(CA: fixed:sha256:)./, '$10')],
  ] as const) {
    chmodSync(path, 0o644);
    writeFileSync(path, content);
    const cache = await serve(t, folder);
    for (const address of [folder, cache.url]) {
      const env = { WHISPER_SUBSTITUTERS: address, WHISPER_MODELS_PATH: join(scratch.path, 'other') };
      const ran = await run(['sync', '--json'], { env });
      assert.equal(ran.code, 5, `${name}: ${ran.stdout}`);
      assert.ok(!existsSync(join(scratch.path, 'other', BASE)));
    }
    writeFileSync(nar, right);
    writeFileSync(info, told);
  }
});

test('push refuses models that are missing, corrupt or unpinned', needsNix, async (t) => {
  const { run, folder, nix, scratch, models } = await pushProject(t);
  const codeOf = async (): Promise<unknown> => {
    const ran = await run(['push', folder, '--json'], { env: nix });
    assert.ok(!existsSync(folder));
    return [ran.code, JSON.parse(ran.stdout).error.code];
  };
  scratch.writeModel(TINY, Buffer.from(models[TINY]?.content ?? '').fill(3, 100));
  assert.deepEqual(await codeOf(), [5, 'wrong-bytes']);
  scratch.writeRegistry([BASE, 'ggml-own.bin']);
  scratch.writeModel('ggml-own.bin', Buffer.from('lmgg own'));
  assert.deepEqual(await codeOf(), [2, 'unknown-model']);
  scratch.writeRegistry([BASE, 'ggml-small.en.bin']);
  assert.deepEqual(await codeOf(), [6, 'file-unreadable']);
  scratch.writeRegistry([BASE, '../ggml-elsewhere.bin']);
  assert.deepEqual(await codeOf(), [3, 'registry-bad-name']);
});

test('an error of Nix during push is quoted', needsNix, async (t) => {
  const { run, nix, scratch } = await pushProject(t, [BASE]);
  scratch.write('file', '');
  for (const [address, code, says] of [
    [join(scratch.path, 'file', 'cache'), 4, /Nix cannot write to file:.*not a directory/i],
    ['https://team:secret@127.0.0.1:1', 4, /^Nix cannot write to https:\/\/127\.0\.0\.1:1: (?!.*secret)/],
    [`${scratch.path}/a folder`, 2, /does not accept " " in the path/],
    ['file:///x?compression=xz', 2, /is not supported for/],
  ] as const) {
    const ran = await run(['push', address, '--json'], { env: nix });
    assert.equal(ran.code, code, ran.stdout);
    assert.match(JSON.parse(ran.stdout).error.message, says);
  }
});

test('without Nix, push says that it needs Nix', async (t) => {
  const { run, folder } = await pushProject(t, []);
  const without = await run(['push', folder, '--json'], { env: { PATH: '/nonexistent' } });
  assert.deepEqual([without.code, JSON.parse(without.stdout).error.code], [3, 'nix-missing']);
});

test('an empty list has nothing to push', needsNix, async (t) => {
  const { run, nix, folder } = await pushProject(t, []);
  assert.match((await run(['push', folder], { env: nix })).stdout, /^Nothing to push/);
});

/** A web server with the files of a folder. */
async function serve(t: TestContext, folder: string): Promise<FakeCache> {
  const cache = await FakeCache.start(t);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })) {
    const path = join(name.parentPath, name.name);
    if (name.isFile()) cache.files.set(path.slice(folder.length + 1), readFileSync(path));
  }
  return cache;
}

test('a list of short names is pushed by file names', needsNix, async (t) => {
  const { run, folder, nix, scratch } = await pushProject(t);
  scratch.writeRegistry(['tiny.en', 'base.en']);
  const ran = await run(['push', folder, '--json'], { env: nix });
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.deepEqual(
    JSON.parse(ran.stdout).pushed.map(({ name }: { readonly name: string }) => name),
    [TINY, BASE],
  );
});
