import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { Scratch } from '../support/scratch.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

interface Copy {
  /** The code cache of the build. */
  readonly cache: string;
  /** The folder in the user's cache. */
  readonly folder: string;
  readonly list: (env?: Readonly<Record<string, string>>) => string;
}

/** A copy of the release, and what it says when it is asked what is listed. */
function copy(t: { after(end: () => void): void }): Copy {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['ggml-base.en-q5_1.bin']);
  cpSync(join(ROOT, 'dist/bin'), join(scratch.path, 'program/dist/bin'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(scratch.path, 'program/package.json'));
  for (const name of ['wasm', 'node_modules']) symlinkSync(join(ROOT, name), join(scratch.path, 'program', name));
  const bin = join(scratch.path, 'program/dist/bin');
  const name = readdirSync(bin).find((each) => each.endsWith('.cache')) ?? '';
  return {
    cache: join(bin, name),
    folder: join(scratch.path, '.cache/whisper/code'),
    list: (more = {}) => {
      const env = { PATH: process.env['PATH'], HOME: scratch.path, WHISPER_MODELS_PATH: scratch.models, ...more };
      const args = [join(bin, 'main.cjs'), 'list', '--json'];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: scratch.path,
        env,
        encoding: 'utf8',
      });
      assert.deepEqual([status, stderr], [0, '']);
      return JSON.stringify(JSON.parse(stdout).registry);
    },
  };
}

test('the build writes a code cache for the very text of the program', () => {
  const bin = join(ROOT, 'dist/bin');
  const main = readFileSync(join(bin, 'main.cjs'), 'utf8');
  const caches = readdirSync(bin).filter((name) => name.endsWith('.cache'));
  assert.equal(caches.length, 1);
  const [program = '', kind] = /^(program-[0-9a-f]{16})-(.*)\.cache$/.exec(caches[0] ?? '')?.slice(1) ?? [];
  assert.ok(main.includes(`"${program}"`));
  assert.equal(kind, `${process.arch}-${process.versions.v8}`);
});

test('the program is the same with a code cache, without it, and where it is damaged', (t) => {
  const { cache, list } = copy(t);
  const expected = list();
  const kept = readFileSync(cache);
  for (const at of [0, 100, kept.length >> 2, kept.length - 1]) {
    const damaged = Buffer.from(kept);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    writeFileSync(cache, damaged);
    assert.equal(list(), expected, `a bit of byte ${at}`);
  }
  for (const text of [kept.subarray(0, 1000), Buffer.alloc(0), Buffer.from('xx')]) {
    writeFileSync(cache, text);
    assert.equal(list(), expected);
  }
  rmSync(cache);
  assert.equal(list(), expected);
});

test('without the code cache of the build, the first command writes one for the next ones, where only the user can write', (t) => {
  const { cache, folder, list } = copy(t);
  const expected = list();
  assert.ok(!existsSync(folder), 'the code cache of the build is enough');
  rmSync(cache);
  assert.equal(list(), expected);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const kept = (): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const first = kept();
  assert.ok(first.length > 0);
  assert.equal(list(), expected);
  assert.deepEqual(kept(), first);
});

test('a code cache is neither read from nor written to a folder that is not private', (t) => {
  const { cache, folder, list } = copy(t);
  const expected = list();
  rmSync(cache);
  for (const mode of [0o770, 0o707, 0o744]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, mode);
    assert.equal(list(), expected);
    assert.deepEqual(readdirSync(folder), [], mode.toString(8));
  }
  rmSync(folder, { recursive: true });
  symlinkSync(join(folder, '../..'), folder);
  assert.equal(list(), expected);
  // A file in the way, a folder that cannot be made, and one of the kernel's.
  rmSync(folder);
  writeFileSync(folder, '');
  assert.equal(list(), expected);
  for (const place of ['/proc/1', '/dev/null', '/proc/self/fd/999'])
    assert.equal(list({ XDG_CACHE_HOME: place }), expected);
});
