import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en-q5_1.bin';
const entry = { file: 'ggml-own.bin', repo: 'a/b', revision: 'main', size: 5, sha256: '0'.repeat(64) };

const catalogues: readonly [string, unknown, RegExp][] = [
  ['no JSON', '{', /JSON/],
  ['no list', { models: {} }, /models/],
  ['an entry that is none', { models: [7] }, /models\[0\]\.file/],
  ['a name with a path', { models: [{ ...entry, file: '../ggml-x.bin' }] }, /models\[0\]\.file is not a name/],
  ['a repository that is none', { models: [entry, { ...entry, repo: 'a/b/c' }] }, /models\[1\]\.repo/],
  ['an empty revision', { models: [{ ...entry, revision: '' }] }, /models\[0\]\.revision/],
  ['a size in words', { models: [{ ...entry, size: '5 MB' }] }, /models\[0\]\.size/],
  ['a size below nothing', { models: [{ ...entry, size: -1 }] }, /models\[0\]\.size/],
  ['a short digest', { models: [{ ...entry, sha256: 'abc' }] }, /models\[0\]\.sha256/],
];
for (const [name, content, says] of catalogues) {
  test(`WHISPER_CATALOG with ${name}`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry([TINY]);
    const WHISPER_CATALOG = scratch.write('own.json', typeof content === 'string' ? content : JSON.stringify(content));
    for (const args of [['list'], ['download', 'tiny'], ['prune']]) {
      const ran = await scratch.run([...args, '--json'], { env: { WHISPER_CATALOG } });
      assert.deepEqual([ran.code, jsonError(ran)['code']], [2, 'bad-catalogue']);
      assert.match(String(jsonError(ran)['message']), says);
      assert.match(String(jsonError(ran)['message']), /own\.json/);
    }
  });
}

test('a missing WHISPER_CATALOG is an error', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY]);
  const ran = await scratch.run(['list', '--json'], { env: { WHISPER_CATALOG: 'none.json' } });
  assert.equal(ran.code, 2);
  assert.match(String(jsonError(ran)['message']), /Cannot read WHISPER_CATALOG none\.json: ENOENT/);
});

test('WHISPER_CATALOG that is a pipe, a device or endless is refused at once', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY]);
  const pipe = join(scratch.path, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const large = scratch.write('large.json', '');
  truncateSync(large, 64 * 1024 ** 2 + 1);
  for (const [WHISPER_CATALOG, says] of [
    [pipe, /pipe: it is not a regular file/],
    ['/dev/zero', /zero: it is not a regular file/],
    [scratch.path, /it is not a regular file/],
    [large, /large\.json: it is larger than 67108864 bytes/],
  ] as const) {
    // A process of its own: who reads a pipe cannot be ended from inside.
    const ran = await scratch.spawn(['list', '--json'], { env: { WHISPER_CATALOG }, killAfter: 20_000 });
    assert.deepEqual([ran.code, jsonError(ran)['code']], [2, 'bad-catalogue'], WHISPER_CATALOG);
    assert.match(String(jsonError(ran)['message']), says);
    const completed = await scratch.spawn(['complete', '--', 'add', ''], {
      env: { WHISPER_CATALOG },
      killAfter: 20_000,
    });
    assert.deepEqual(completed, { code: 0, stdout: '', stderr: '' });
  }
});

test('WHISPER_CATALOG adds to the catalogue and overrides it', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY, entry.file]);
  const WHISPER_CATALOG = scratch.writeCatalogue([entry, { ...entry, file: TINY, size: 77 }]);
  const { models } = JSON.parse((await scratch.run(['list', '--all', '--json'], { env: { WHISPER_CATALOG } })).stdout);
  const sizes = new Map(models.map(({ name, size }: { name: string; size: number }) => [name, size]));
  assert.deepEqual([sizes.get(TINY), sizes.get(entry.file), sizes.get('ggml-tiny.bin')], [77, 5, 77_691_713]);
});

test('WHISPER_LOG writes JSON lines to standard error, and a bad level is a usage error', async (t) => {
  const { run } = await hubProject(t, { [TINY]: 400 }, [TINY]);
  const bad = await run(['list', '--json'], { env: { WHISPER_LOG: 'loud' } });
  assert.deepEqual([bad.code, jsonError(bad)['code']], [2, 'usage']);
  assert.match(String(jsonError(bad)['hint']), /trace, debug, info, warn, error, fatal, silent/);
  const ran = await run(['sync', '--json'], { env: { WHISPER_LOG: 'debug' } });
  const events = new Set(
    ran.stderr
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  );
  assert.ok(
    ['registry read', 'answer', 'published'].every((event) => events.has(event)),
    ran.stderr,
  );
  assert.equal((await run(['list', '--json'], { env: { WHISPER_LOG: 'silent' } })).stderr, '');
});

test('HF_ENDPOINT that is not a valid URL is a usage error', async (t) => {
  const { run } = await hubProject(t, { [TINY]: 400 }, [TINY]);
  for (const HF_ENDPOINT of ['huggingface.co', 'ftp://example.org', 'x']) {
    const ran = await run(['sync', '--json'], { env: { HF_ENDPOINT } });
    assert.deepEqual([ran.code, jsonError(ran)['code']], [2, 'usage'], HF_ENDPOINT);
  }
});

test('HF_ENDPOINT may have a path and a slash at its end', async (t) => {
  const { run, hub } = await hubProject(t, { [TINY]: 400 }, [TINY]);
  assert.equal((await run(['sync'], { env: { HF_ENDPOINT: `${hub.endpoint}/` } })).code, 0);
  const ran = await run(['download', TINY, '--force'], { env: { HF_ENDPOINT: `${hub.endpoint}/mirror/` } });
  assert.equal(ran.code, 4);
  const asked = hub.requests.slice(-2).map(({ url }) => url);
  assert.match(asked[0] ?? '', /^\/mirror\/example\/models\/resolve\//);
  assert.match(asked[1] ?? '', /^\/mirror\/api\/models\/example\/models\//);
});

const colours: readonly [Readonly<Record<string, string>>, readonly string[], boolean, boolean][] = [
  [{}, [], false, false],
  [{}, [], true, true],
  [{ NO_COLOR: '1' }, [], true, false],
  [{ NO_COLOR: '' }, [], true, true],
  [{ TERM: 'dumb' }, [], true, false],
  [{}, ['--no-color'], true, false],
  [{ FORCE_COLOR: '1' }, [], false, true],
  [{ FORCE_COLOR: '0' }, [], false, false],
  [{ FORCE_COLOR: '1' }, ['--no-color'], false, false],
];
for (const [env, args, tty, expected] of colours) {
  test(`colours: ${JSON.stringify(env)} ${args.join('')} ${tty ? 'on a terminal' : 'in a pipe'}`, async (t) => {
    const scratch = Scratch.create(t);
    const { stderr } = await scratch.run(['no-such-command', ...args], { env, tty });
    assert.equal(stderr.includes('\x1b['), expected, JSON.stringify(stderr));
  });
}

test('colours of results follow standard output', async (t) => {
  const { run } = await hubProject(t, { [TINY]: 400 }, [TINY]);
  assert.doesNotMatch((await run(['list'], { tty: true })).stdout, /\x1b/, 'the terminal is standard error only');
  assert.match((await run(['list'], { env: { FORCE_COLOR: '1' } })).stdout, /\x1b\[/);
  assert.doesNotMatch((await run(['list', '--json'], { env: { FORCE_COLOR: '1' } })).stdout, /\x1b/);
  assert.doesNotMatch((await run(['list', '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout, /\x1b/);
});
