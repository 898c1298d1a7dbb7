import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { findToken } from '../../src/adapters/hub/environment.ts';
import { Scratch } from '../support/scratch.ts';

test('an empty variable does not make a file named token in the working directory the token file', (t) => {
  const scratch = Scratch.create(t);
  const work = join(scratch.path, 'work');
  mkdirSync(work);
  scratch.write('work/token', 'hf_of_another_user');
  scratch.write('.cache/huggingface/token', 'hf_of_the_user\n');
  const before = process.cwd();
  process.chdir(work);
  try {
    for (const name of ['HF_HOME', 'HF_TOKEN_PATH', 'XDG_CACHE_HOME']) {
      assert.equal(findToken({ HOME: scratch.path, [name]: '' }), 'hf_of_the_user', name);
    }
  } finally {
    process.chdir(before);
  }
});

test('a token file that is a pipe is ignored without waiting for a writer', (t) => {
  const scratch = Scratch.create(t);
  const HF_TOKEN_PATH = join(scratch.path, 'pipe');
  execFileSync('mkfifo', [HF_TOKEN_PATH]);
  const module = pathToFileURL(join(import.meta.dirname, '../../src/adapters/hub/environment.js')).href;
  const script = `import { findToken } from '${module}'; console.log(findToken(process.env));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { HF_TOKEN_PATH },
    encoding: 'utf8',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  assert.equal(stdout, 'undefined\n');
});
