import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { Scratch } from './scratch.ts';

const NEEDS = JSON.stringify(resolve(import.meta.dirname, 'needs.js'));

for (const [how, script] of [
  ['before it runs', `test('a', needsPrograms('no-such-program'), () => {})`],
  ['while it runs', `test('a', (t) => skip(t, 'not installed: no-such-program'))`],
] as const) {
  test(`a test that is skipped ${how} fails with WHISPER_TESTS=complete`, (t) => {
    const text = `import { test } from 'node:test'; import { needsPrograms, skip } from ${NEEDS}; ${script};`;
    const file = Scratch.create(t).write('skipped.test.mjs', text);
    const run = (WHISPER_TESTS: string): { readonly status: number | null; readonly stdout: string } =>
      spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], WHISPER_TESTS },
      });
    const everyday = run('');
    assert.deepEqual([everyday.status, /^# skipped 1$/m.test(everyday.stdout)], [0, true], everyday.stdout);
    const complete = run('complete');
    assert.equal(complete.status, 1);
    assert.match(complete.stdout, /WHISPER_TESTS=complete allows no skipped test, but not installed: no-such-program/);
  });
}
