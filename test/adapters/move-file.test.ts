import assert from 'node:assert/strict';
import { linkSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ModelsDir } from '../../src/adapters/store/models-dir.ts';
import { identifyFile } from '../../src/adapters/fs/identity.ts';
import { isPlaceholder, moveOver, moveToFreeName, PLACEHOLDER } from '../../src/adapters/fs/move.ts';
import { skip } from '../support/needs.ts';
import { Scratch } from '../support/scratch.ts';

/** More than any file system allows that has a limit (ext4: 65,000). */
const MOST_NAMES = 70_000;

test('a file is moved to a free name', (t) => {
  const scratch = Scratch.create(t);
  const from = scratch.write('from', 'new');
  const to = join(scratch.path, 'to');
  assert.equal(moveToFreeName(from, to), true);
  assert.equal(scratch.read('to'), 'new');
  assert.equal(lstatSync(to).nlink, 1);
  assert.equal(scratch.exists('from'), false);
});

test('an existing file is never replaced by a move', async (t) => {
  const scratch = Scratch.create(t);
  const from = scratch.write('from', 'new');
  const to = scratch.write('to', 'own');
  assert.equal(moveToFreeName(from, to), false);
  const seen = identifyFile(to);
  assert.ok(seen);
  rmSync(to);
  writeFileSync(to, 'own2');
  assert.equal(await moveOver(from, to, seen), false);
  assert.deepEqual([scratch.read('from'), scratch.read('to')], ['new', 'own2']);
});

test('a file is replaced if it is the one that was seen before', async (t) => {
  const scratch = Scratch.create(t);
  const [from, to] = [scratch.write('from', 'new'), scratch.write('to', 'bad')];
  const seen = identifyFile(to);
  assert.ok(seen);
  assert.equal(await moveOver(from, to, seen), true);
  assert.equal(scratch.read('to'), 'new');
  assert.equal(scratch.exists('from'), false);
});

test('without hard links, a file is moved over a placeholder', (t) => {
  const scratch = Scratch.create(t);
  const from = scratch.write('names/from', 'new');
  const to = join(scratch.path, 'to');
  for (let nth = 0; ; nth += 1) {
    if (nth === MOST_NAMES) return skip(t, 'this file system has no limit on hard links');
    try {
      linkSync(from, join(scratch.path, 'names', String(nth)));
    } catch {
      break;
    }
  }
  writeFileSync(to, 'own');
  assert.equal(moveToFreeName(from, to), false);
  assert.equal(scratch.read('to'), 'own');
  rmSync(to);
  assert.equal(moveToFreeName(from, to), true);
  assert.equal(scratch.read('to'), 'new');
  assert.equal(scratch.exists('names/from'), false);
});

test('the placeholder of a killed process is not a model and is replaced', async (t) => {
  const scratch = Scratch.create(t);
  const name = 'ggml-a.bin';
  mkdirSync(scratch.models);
  const path = scratch.writeModel(name, Buffer.from(PLACEHOLDER));
  const modelsDir = new ModelsDir(scratch.models);
  assert.ok(isPlaceholder(path));
  assert.equal(modelsDir.isOccupied(name), false);
  assert.deepEqual((await modelsDir.scan()).files, []);
  assert.equal(moveToFreeName(scratch.write('from', 'new'), path), true);
  assert.equal(readFileSync(path, 'utf8'), 'new');
});

test('publishing replaces no file but the expected one', async (t) => {
  const scratch = Scratch.create(t);
  const modelsDir = new ModelsDir(scratch.models);
  const name = 'ggml-a.bin';
  const entry = { repo: 'a/b', revision: 'main', file: name, size: 3, sha256: 'a'.repeat(64) };
  scratch.write(`models/.whisper/partial/${name}.part`, 'new');
  scratch.writeModel(name, Buffer.from('own'));
  assert.equal(await modelsDir.publish(entry, '', undefined), false);
  assert.equal(scratch.read(`models/${name}`), 'own');
  assert.equal(await modelsDir.publish(entry, '', modelsDir.identify(name)), true);
  assert.equal(scratch.read(`models/${name}`), 'new');
});
