import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { ModelsDir } from '../../src/adapters/store/models-dir.ts';
import { hubProject } from '../support/hub-project.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';

// Other versions of the program, and people's scripts, find their files by this layout.
test('the layout of a models directory is the documented one', async (t) => {
  const { run, scratch, models, hub } = await hubProject(t, { [TINY]: 4000 }, [TINY]);
  await run(['sync']);
  const id = createHash('sha256').update(scratch.registry).digest('hex').slice(0, 32);
  const files = Object.keys(scratch.snapshot()).map((path) => relative(scratch.models, path));
  assert.deepEqual(files.filter((path) => !path.startsWith('..')).toSorted(), [
    `.whisper/records/${TINY}.json`,
    `.whisper/roots/${id}.json`,
    TINY,
  ]);
  assert.equal(scratch.read('models/.whisper/lock'), '', 'it stays, so that a full disk can be pruned');
  assert.deepEqual(JSON.parse(scratch.read(`models/.whisper/roots/${id}.json`)), {
    file: scratch.registry,
    active: [TINY],
  });
  const { fetchedAt, verifiedAt, mtime, inode, url, ...record } = JSON.parse(
    scratch.read(`models/.whisper/records/${TINY}.json`),
  );
  assert.deepEqual(record, models[TINY]?.entry);
  assert.equal(inode, String(statSync(join(scratch.models, TINY), { bigint: true }).ino));
  for (const time of [fetchedAt, verifiedAt, mtime]) assert.equal(new Date(time).toISOString(), time);
  assert.ok(url.startsWith(`${hub.cdn}/`) && !url.includes('?'), url);
});

test('only names of model files reach the disk', (t) => {
  const modelsDir = new ModelsDir(Scratch.create(t).models);
  for (const name of ['../x', 'ggml-a/b.bin', '', '.', 'ggml-a.bin\n']) {
    assert.throws(() => modelsDir.modelPath(name), /not a model's file name/);
    assert.throws(() => modelsDir.partialPath(name), /not a model's file name/);
    assert.throws(() => modelsDir.fetchLockPath(name), /not a model's file name/);
  }
});

test('models that are there or in the trash are known by their exact names, and nothing else is', (t) => {
  const scratch = Scratch.create(t);
  const modelsDir = new ModelsDir(scratch.models);
  assert.equal(modelsDir.keeps()(TINY), false, 'there is no folder');
  scratch.writeModel(TINY, Buffer.from('lmgg'));
  scratch.write('elsewhere.bin', 'lmgg');
  symlinkSync(join(scratch.path, 'elsewhere.bin'), join(scratch.models, 'ggml-link.bin'));
  symlinkSync('nowhere', join(scratch.models, 'ggml-dangling.bin'));
  mkdirSync(join(scratch.models, 'ggml-folder.bin'));
  scratch.write('models/.whisper/undo/ggml-removed.bin', 'lmgg');
  scratch.write('models/.whisper/partial/ggml-partial.bin.part', 'lmgg');
  const isKept = modelsDir.keeps();
  for (const name of [TINY, 'ggml-link.bin', 'ggml-removed.bin']) assert.ok(isKept(name), name);
  for (const name of [
    'ggml-Tiny.en.bin',
    'ggml-dangling.bin',
    'ggml-folder.bin',
    'ggml-partial.bin',
    'lock',
    '../elsewhere.bin',
  ])
    assert.ok(!isKept(name), name);
});
