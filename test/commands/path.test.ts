import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { path } from '../../src/commands/path/run.ts';
import { commandContext } from '../support/command-context.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';

test('path takes a model that is listed, on the disk or in the catalogue', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['ggml-listed.bin']);
  scratch.writeModel('ggml-mine.bin', Buffer.from('lmgg'));
  for (const [model, name, downloaded] of [
    ['listed', 'ggml-listed.bin', false],
    ['mine', 'ggml-mine.bin', true],
    ['tiny.en', TINY, false],
    [TINY, TINY, false],
  ] as const) {
    const result = await path(commandContext(scratch), { model });
    assert.deepEqual(result, { name, path: join(scratch.models, name), downloaded });
  }
});

test('path refuses an unknown model', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  await assert.rejects(path(commandContext(scratch), { model: 'tinny.en' }), { code: 'unknown-model' });
});

test('--models-dir overrides WHISPER_MODELS_PATH, and is relative to the working directory', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  const result = await path(commandContext(scratch), { model: 'tiny.en', modelsDir: 'elsewhere' });
  assert.equal(result.path, join(scratch.path, 'elsewhere', TINY));
});
