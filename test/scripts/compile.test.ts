import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { missingPrograms, needs } from '../support/needs.ts';

const missingLibrary = existsSync('/usr/lib/wasm32-wasi') ? undefined : 'not installed: wasi-libc';

test(
  'the compiled files are what their sources make',
  needs(missingPrograms(['clang-19', 'wasm-ld-19']), missingLibrary),
  () => {
    const script = resolve(import.meta.dirname, '../../../scripts/compile');
    const { status, stderr } = spawnSync(script, ['--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  },
);
