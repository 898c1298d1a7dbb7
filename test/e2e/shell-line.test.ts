import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const MAIN = resolve(import.meta.dirname, '../../bin/main.cjs');

test('a download ends with the line that a shell takes, for the first model', async (t) => {
  const { run } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 });
  const line = 'For your shell: set -a; eval "$(whisper env base.en)"; set +a\n';
  assert.ok((await run(['download', BASE, 'tiny.en'])).stdout.endsWith(`\n${line}`));
  assert.equal((await run(['download', 'base.en'])).stdout, `base.en is here already\n${line}`);
  const renamed = await run(['download', 'base.en'], { program: 'whisper-manager' });
  assert.match(renamed.stdout, /\$\(whisper-manager env base\.en\)/);
  assert.match((await run(['base.en'], { program: 'whisper-download' })).stdout, /\$\(whisper env base\.en\)/);
  const without = [['download', 'base.en', '-q'], ['download', 'base.en', '-n'], ['sync'], ['prune']];
  for (const args of without) assert.doesNotMatch((await run(args)).stdout, /For your shell/, args.join(' '));
  assert.doesNotMatch((await run(['download', 'base.en', '--json'])).stdout, /For your shell/);
});

test('the line works as it is printed, with the options that were given', async (t) => {
  const { run, scratch, env } = await hubProject(t, { [TINY]: 4000 });
  const file = scratch.write("it's/my list.nix", '{ pkgs }: { one = [ ]; two = [ ]; }');
  scratch.write('bin/whisper', `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, 0o755);
  for (const folder of ['$(touch x)', "a 'b' c"]) {
    const options = ['-f', file, '--models-dir', folder, '--attr', 'two', '--no-eval'];
    const { code, stdout, stderr } = await run(['download', 'tiny.en', ...options]);
    assert.equal(code, 0, stderr);
    const command = /^For your shell: (.*)$/m.exec(stdout)?.[1] ?? '';
    const shown = execFileSync('sh', ['-c', `${command}\nexec sh -c 'printf %s "$WHISPER_MODEL"'`], {
      cwd: scratch.path,
      env: { ...env, HOME: scratch.path, PATH: `${scratch.path}/bin:${process.env['PATH']}` },
      encoding: 'utf8',
    });
    assert.equal(shown, join(scratch.path, folder, TINY));
    assert.equal(scratch.exists('x'), false);
  }
});
