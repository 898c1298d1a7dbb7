import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { MAIN } from '../support/released.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const VAD = 'ggml-silero-v6.2.0.bin';

test('a download ends with the command that prints the lines of a .env file, for the first model', async (t) => {
  const { run } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 });
  const line = 'To write a .env file, run whisper env base.en > .env\n';
  assert.ok((await run(['download', BASE, 'tiny.en'])).stdout.endsWith(`\n${line}`));
  assert.equal((await run(['download', 'base.en'])).stdout, `base.en is already downloaded\n${line}`);
  const renamed = await run(['download', 'base.en'], { program: 'whisper-manager' });
  assert.match(renamed.stdout, /run whisper-manager env base\.en > \.env\n/);
  assert.match((await run(['base.en'], { program: 'whisper-download' })).stdout, /run whisper env base\.en > \.env\n/);
  const without = [['download', 'base.en', '-q'], ['download', 'base.en', '-n'], ['sync'], ['prune']];
  for (const args of without) assert.doesNotMatch((await run(args)).stdout, /\.env/, args.join(' '));
  assert.doesNotMatch((await run(['download', 'base.en', '--json'])).stdout, /\.env/);
});

test('a download does not suggest env for a model for voice activity', async (t) => {
  const { scratch, env } = await hubProject(t, { [VAD]: 4000, [BASE]: 5000 });
  const alone = await scratch.spawn(['download', VAD], { env });
  assert.equal(alone.code, 0, alone.stderr);
  assert.doesNotMatch(alone.stdout, /\.env|whisper env/);
  const both = await scratch.spawn(['download', 'silero-v6.2.0', 'base.en'], { env });
  assert.match(both.stdout, /\nTo write a \.env file, run whisper env base\.en > \.env\n$/);
});

test('the command works as it is printed, with the options that were given', async (t) => {
  const { run, scratch, env } = await hubProject(t, { [TINY]: 4000 });
  const file = scratch.write("it's/my list.nix", '{ pkgs }: { one = [ ]; two = [ ]; }');
  scratch.write('bin/whisper', `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, 0o755);
  for (const folder of ['$(touch x)', "a 'b' c"]) {
    const options = ['-f', file, '--models-dir', folder, '--attr', 'two', '--no-eval'];
    const { code, stdout, stderr } = await run(['download', 'tiny.en', ...options]);
    assert.equal(code, 0, stderr);
    const command = /^To write a \.env file, run (.*)$/m.exec(stdout)?.[1] ?? '';
    const shown = execFileSync('sh', ['-c', `${command}\nset -a; . ./.env; exec sh -c 'printf %s "$WHISPER_MODEL"'`], {
      cwd: scratch.path,
      env: { ...env, HOME: scratch.path, PATH: `${scratch.path}/bin:${process.env['PATH']}` },
      encoding: 'utf8',
    });
    assert.equal(shown, join(scratch.path, folder, TINY));
    assert.equal(scratch.exists('x'), false);
  }
});
