import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, openSync, closeSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { namesIn } from '../support/registry-text.ts';
import { MAIN_WITH_FAULT_POINTS } from '../support/released.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const NAMES = ['base', 'base.en', 'small', 'small.en', 'medium', 'medium.en', 'large-v2', 'large-v3'];
const ROUNDS = 3;

const files = (names: readonly string[]): readonly string[] => names.map((name) => `ggml-${name}.bin`).toSorted();

for (const [what, prepare] of [
  ['a registry', () => {}],
  ['a registry with a second name', (scratch: Scratch) => linkSync(scratch.registry, join(scratch.path, 'other.nix'))],
] as const) {
  test(`eight concurrent edits of ${what} all arrive`, async (t) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const scratch = Scratch.create(t);
      scratch.writeRegistry([]);
      execFileSync('git', ['init', '-q'], { cwd: scratch.path });
      prepare(scratch);
      const ran = await Promise.all(NAMES.map((name) => scratch.spawn(['add', name])));
      for (const { code, stderr } of ran) assert.equal(code, 0, stderr);
      assert.deepEqual(namesIn(scratch.read(scratch.registry)).toSorted(), files(NAMES));
      const removed = await Promise.all(NAMES.map((name) => scratch.spawn(['remove', name, '--delete'])));
      for (const { code, stderr } of removed) assert.equal(code, 0, stderr);
      assert.deepEqual(namesIn(scratch.read(scratch.registry)), []);
      assert.deepEqual(readdirSync(dirname(scratch.registry)), ['whisper-manager.nix'], 'no lock stays');
    }
  });
}

test('a registry that a program has open for writing is not replaced', async (t) => {
  const scratch = Scratch.create(t);
  const file = scratch.writeRegistry([TINY]);
  const before = scratch.snapshot();
  const editor = openSync(file, 'r+');
  const ran = await scratch.spawn(['add', 'base.en', '--json']);
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [7, 'registry-busy'], ran.stdout);
  assert.match(JSON.parse(ran.stdout).error.message, /open for writing in another program/);
  assert.deepEqual(scratch.snapshot(), before);
  closeSync(editor);
  assert.equal((await scratch.spawn(['add', 'base.en'])).code, 0);
});

test('the next edit removes the leftovers of a killed one', async (t) => {
  for (const point of ['text: written beside', 'move: exchanged', 'text: replaced']) {
    const scratch = Scratch.create(t);
    scratch.writeRegistry([TINY]);
    const env = { WHISPER_FAULT_POINT: `${point}@1` };
    assert.equal((await scratch.spawn(['add', 'base.en'], { env, main: MAIN_WITH_FAULT_POINTS })).code, null, point);
    assert.ok(readdirSync(dirname(scratch.registry)).length > 1, point);
    const ran = await scratch.spawn(['add', 'small']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(readdirSync(dirname(scratch.registry)), ['whisper-manager.nix'], point);
    assert.ok(namesIn(scratch.read(scratch.registry)).includes('ggml-small.bin'));
  }
});

test('a new text that is still being written is not removed', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY]);
  const live = openSync(scratch.write('nix/.whisper-0123456789ab.tmp', 'half'), 'r+');
  scratch.write('nix/.whisper-ba9876543210.tmp', 'left');
  assert.equal((await scratch.spawn(['add', 'base.en'])).code, 0);
  closeSync(live);
  const left = readdirSync(dirname(scratch.registry)).toSorted();
  assert.deepEqual(left, ['.whisper-0123456789ab.tmp', 'whisper-manager.nix']);
});

for (const point of ['text: saved beside', 'text: reserved', 'text: overwritten']) {
  test(`an edit of a file with two names that ends at "${point}" is finished by the next command`, async (t) => {
    const scratch = Scratch.create(t);
    const file = scratch.writeRegistry([TINY]);
    const other = join(scratch.path, 'other.nix');
    linkSync(file, other);
    const env = { WHISPER_FAULT_POINT: `${point}@1` };
    assert.equal((await scratch.spawn(['add', 'base.en'], { env, main: MAIN_WITH_FAULT_POINTS })).code, null);
    // Also by its other name, the text is the old one or the new one.
    const names = namesIn(scratch.read(other));
    assert.deepEqual(names.slice(0, 1), [TINY]);
    const saved = join(dirname(file), '.whisper-edit.json');
    assert.equal(statSync(saved).mode & 0o777, 0o600);
    const ran = await scratch.spawn(['list', '--json']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(JSON.parse(ran.stdout).registry.active, names);
    assert.deepEqual(readdirSync(dirname(file)), ['whisper-manager.nix']);
    assert.doesNotMatch(scratch.read(file), /\n\n$/, 'no line breaks are left');
    assert.equal(scratch.read(other), scratch.read(file));
  });
}

test('the copy of a crashed edit does not undo a later save of the user', async (t) => {
  const scratch = Scratch.create(t);
  const file = scratch.writeRegistry([TINY]);
  linkSync(file, join(scratch.path, 'other.nix'));
  const env = { WHISPER_FAULT_POINT: 'text: reserved@1' };
  assert.equal((await scratch.spawn(['add', 'base.en'], { env, main: MAIN_WITH_FAULT_POINTS })).code, null);
  scratch.writeRegistry(['ggml-small.bin']);
  const text = scratch.read(file);
  assert.equal((await scratch.spawn(['list'])).code, 0);
  assert.equal(scratch.read(file), text);
});

test('leftover copies that come with a checkout change nothing', async (t) => {
  const scratch = Scratch.create(t);
  const file = scratch.writeRegistry([TINY]);
  const before = scratch.read(file);
  const texts = JSON.stringify({ file: 'whisper-manager.nix', before, after: `${before}\n\n` });
  scratch.write('nix/.whisper-edit.json', texts, 0o644);
  scratch.write(file, `${before}\n`);
  const ran = await scratch.spawn(['list', '--json']);
  assert.deepEqual(JSON.parse(ran.stdout).registry.active, [TINY]);
  assert.equal(scratch.read(file), `${before}\n`);
});
