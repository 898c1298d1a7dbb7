import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { missingCompiler, needs } from '../support/needs.ts';

test('the compiled files are what their sources make', needs(missingCompiler()), () => {
  const script = resolve(import.meta.dirname, '../../../scripts/compile');
  const { status, stderr } = spawnSync(script, ['--check'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
