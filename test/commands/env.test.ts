import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { env } from '../../src/commands/env/run.ts';
import { commandContext } from '../support/command-context.ts';
import { Scratch } from '../support/scratch.ts';

type EnvModel = Awaited<ReturnType<typeof env>>['model'];

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en-q5_1.bin';
const VAD = 'ggml-silero-v6.2.0.bin';

const choices: readonly (readonly [readonly string[], readonly string[], string | undefined])[] = [
  [[BASE, TINY], [TINY], TINY],
  [[BASE, TINY], [TINY, BASE], BASE],
  [[BASE, TINY], [], BASE],
  [[VAD, BASE], [VAD], BASE],
  [[], [TINY], undefined],
  [[VAD], [], undefined],
];
for (const [active, onDisk, expected] of choices) {
  test(`without MODEL, env takes ${expected} of [${active.join(' ')}] with [${onDisk.join(' ')}] on disk`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(active);
    for (const name of onDisk) scratch.writeModel(name, Buffer.from('lmgg'));
    const { model, modelsDir } = await env(commandContext(scratch), { model: undefined });
    assert.equal(modelsDir, scratch.models);
    assert.deepEqual([model?.name, model?.path], [expected, expected && join(scratch.models, expected)]);
    assert.equal(model?.downloaded, expected && onDisk.includes(expected));
  });
}

test('a model for voice activity has a variable of its own and no advice', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  for (const model of [VAD, 'silero-v6.2.0', 'silero-v5.1.2']) {
    const result = await env(commandContext(scratch), { model });
    assert.deepEqual([result.model?.variable, result.model?.advice], ['WHISPER_VAD_MODEL', undefined]);
  }
});

test('advice for a model that no catalogue knows comes from the size of its file', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['ggml-mine.bin']);
  const model = async (): Promise<EnvModel> => (await env(commandContext(scratch), { model: 'mine' })).model;
  assert.equal((await model())?.advice, undefined);
  scratch.writeModel('ggml-mine.bin', Buffer.from('lmgg'));
  assert.equal((await model())?.advice?.bufferSeconds, 2);
});

test('env refuses a model that is neither listed, on the disk nor in the catalogue', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  await assert.rejects(env(commandContext(scratch), { model: 'tinny.en' }), { code: 'unknown-model' });
});
