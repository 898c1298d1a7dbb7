import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scratch } from '../support/scratch.ts';

test('-V and version print the version', async (t) => {
  const scratch = Scratch.create(t);
  const expected = await scratch.spawn(['--version']);
  for (const args of [['-V'], ['version'], ['list', '-V']])
    assert.deepEqual(await scratch.spawn(args), expected, args.join(' '));
  assert.deepEqual(await scratch.spawn(['version', '--json']), await scratch.spawn(['--version', '--json']));
});

test('a model may be named with ggml- or .bin alone', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  for (const name of ['ggml-tiny', 'tiny.bin', 'ggml-tiny.bin', 'tiny'])
    assert.equal((await scratch.spawn(['path', name])).stdout, `${scratch.models}/ggml-tiny.bin\n`, name);
  assert.equal((await scratch.spawn(['add', 'ggml-tiny'])).code, 0);
  assert.match(scratch.read('nix/whisper-manager.nix'), /"ggml-tiny\.bin"/);
  assert.equal((await scratch.spawn(['remove', 'ggml-tiny'])).code, 0);
  assert.match(scratch.read('nix/whisper-manager.nix'), /# "ggml-tiny\.bin"/);
});

test('names of other tools suggest the name of the model', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  const rows = [
    ['large', 'large-v3, large-v3-turbo, large-v2'],
    ['turbo', 'large-v3-turbo, large-v3-turbo-q5_0, large-v3-turbo-q8_0'],
    ['whisper-large-v3', 'large-v3'],
    ['openai/whisper-large-v3', 'large-v3'],
    ['Systran/faster-whisper-base.en', 'base.en'],
    ['models/ggml-tiny.bin', 'tiny'],
    ['large-turbo', 'large-v3-turbo'],
    ['TINY.EN', 'tiny.en'],
    ['silero', 'silero-v5.1.2, silero-v6.2.0'],
  ] as const;
  for (const [name, expected] of rows) {
    for (const command of ['download', 'add', 'remove', 'verify', 'why', 'path', 'env']) {
      const { code, stderr } = await scratch.run([command, name]);
      assert.equal(code, 2, `${command} ${name}`);
      const [, hint] = /Did you mean (.*)\?/.exec(stderr) ?? [];
      assert.ok(hint?.startsWith(expected), `${command} ${name}: ${hint ?? stderr}`);
    }
  }
});

test('a name similar to a custom model suggests it', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['ggml-meetings.bin']);
  for (const command of ['remove', 'path', 'why']) {
    const { stderr } = await scratch.spawn([command, 'meeting']);
    assert.match(stderr, /Did you mean meetings\?/, command);
  }
});
