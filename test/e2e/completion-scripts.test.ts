import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCRIPTS } from '../../src/core/completion/scripts.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

test('completions prints a script, also as JSON, and knows its shells', async (t) => {
  const scratch = Scratch.create(t);
  for (const [shell, script] of Object.entries(SCRIPTS)) {
    assert.equal((await scratch.run(['completions', shell])).stdout, script);
    assert.deepEqual(JSON.parse((await scratch.run(['completions', shell, '--json'])).stdout), { shell, script });
    assert.match(script, new RegExp(`^(.*\n)?# Completion of whisper for ${shell}`));
    assert.doesNotMatch(script, /\beval\b|_init_completion|_get_comp_words/);
  }
  const ran = await scratch.run(['completions', 'tcsh', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [2, 'usage']);
});

test('the command that shells run for completion is not public', async (t) => {
  const scratch = Scratch.create(t);
  assert.doesNotMatch((await scratch.run(['--help'])).stdout, /^ +complete /m);
  const { code, stderr } = await scratch.run(['complete', 'x']);
  assert.deepEqual([code, stderr.split('\n')[0]], [2, 'whisper: Unknown command complete']);
});
