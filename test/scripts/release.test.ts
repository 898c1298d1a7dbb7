import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { Scratch } from '../support/scratch.ts';
import { assertPacked } from './packed-files.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
const PACKAGE = `whisper-models-${version}.tgz`;
const COMPLETIONS = { bash: 'whisper.bash', zsh: '_whisper', fish: 'whisper.fish' };

/** What scripts/release leaves in a copy of the checkout that is set up: installing packages takes a network. */
function release(t: { after(end: () => void): void }): { readonly copy: string; readonly folder: string } {
  const scratch = Scratch.create(t);
  const copy = join(scratch.path, 'copy');
  const names = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'native', 'nix', 'scripts/release'];
  for (const name of [...names, 'wasm/nix-parser.wasm', 'dist/bin', 'dist/man'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  scratch.write('copy/scripts/setup', '#!/bin/sh\n: >set-up\n', 0o755);
  const PATH = [dirname(process.execPath), process.env['PATH']].join(':');
  const env = { PATH, HOME: scratch.path, npm_config_cache: join(scratch.path, 'cache') };
  execFileSync(join(copy, 'scripts/release'), { cwd: scratch.path, env, stdio: ['ignore', 'ignore', 'inherit'] });
  assert.ok(scratch.exists('copy/set-up'));
  return { copy, folder: join(copy, 'dist/release') };
}

test('the release is the package, its sha256, the manual page and the completion scripts', (t) => {
  const { copy, folder } = release(t);
  const names = [PACKAGE, `${PACKAGE}.sha256`, 'whisper.1', ...Object.values(COMPLETIONS)];
  assert.deepEqual(readdirSync(folder).toSorted(), names.toSorted());

  const checked = execFileSync('sha256sum', ['--check', '--strict', `${PACKAGE}.sha256`], { cwd: folder });
  assert.equal(checked.toString(), `${PACKAGE}: OK\n`);

  const listed = execFileSync('tar', ['-tzf', PACKAGE], { cwd: folder, encoding: 'utf8' });
  assertPacked(
    listed
      .trimEnd()
      .split('\n')
      .map((path) => path.replace(/^package\//, '')),
  );

  assert.deepEqual(readFileSync(join(folder, 'whisper.1')), readFileSync(join(ROOT, 'dist/man/whisper.1')));
  for (const [shell, name] of Object.entries(COMPLETIONS)) {
    const main = join(copy, 'dist/bin/main.cjs');
    const printed = execFileSync(process.execPath, [main, 'completions', shell], { env: {}, encoding: 'utf8' });
    assert.ok(printed.includes('whisper-prune'), shell);
    assert.equal(readFileSync(join(folder, name), 'utf8'), printed, shell);
  }
});
