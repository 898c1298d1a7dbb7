import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { GIT_BLOCK } from '../../src/core/hooks/repository.ts';
import { SNIPPETS } from '../../src/core/hooks/snippets.ts';
import { MAIN_WITH_FAULT_POINTS } from '../support/released.ts';
import { Scratch, type Ran } from '../support/scratch.ts';

interface Project {
  readonly scratch: Scratch;
  readonly env: Readonly<Record<string, string>>;
  readonly install: (editor: string, cwd?: string) => Promise<Ran>;
  readonly git: (...args: readonly string[]) => string;
}

function project(t: TestContext): Project {
  const scratch = Scratch.create(t);
  const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: join(scratch.path, 'gitconfig') };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', scratch.path, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  git('init', '-q', '-b', 'main');
  return {
    scratch,
    env,
    git,
    install: async (editor, cwd = scratch.path) => scratch.run(['hook', editor, '--install'], { cwd, env }),
  };
}

for (const [editor, snippet] of Object.entries(SNIPPETS)) {
  test(`whisper hook ${editor} prints a snippet with its destination`, async (t) => {
    const scratch = Scratch.create(t);
    assert.deepEqual(await scratch.run(['hook', editor]), { code: 0, stdout: snippet, stderr: '' });
    assert.match(snippet.split('\n').slice(0, 3).join('\n'), /put this into|save this as|put it into/);
    const json = JSON.parse((await scratch.run(['hook', editor, '--json'])).stdout) as object;
    assert.deepEqual(json, { editor, snippet, installed: [] });
  });
}

test('an unknown editor, and installing for an editor with personal settings, are usage errors', async (t) => {
  const { install } = project(t);
  const unknown = await install('neovimm');
  assert.deepEqual([unknown.code, unknown.stderr.includes('Did you mean neovim?')], [2, true]);
  const own = await install('vim');
  assert.deepEqual([own.code, own.stderr.includes('--install is not supported')], [2, true]);
});

test('git hooks are installed once, and keep existing text, mode and links', async (t) => {
  const { scratch, install } = project(t);
  const mine = scratch.write('tools/checkout', '#!/bin/sh\necho mine\nexit 0\n', 0o750);
  mkdirSync(join(scratch.path, '.git/hooks'), { recursive: true });
  symlinkSync('../../tools/checkout', join(scratch.path, '.git/hooks/post-checkout'));
  for (let time = 0; time < 2; time += 1) assert.equal((await install('git')).code, 0);
  assert.equal(readFileSync(mine, 'utf8'), `#!/bin/sh\n${GIT_BLOCK}echo mine\nexit 0\n`);
  assert.equal(statSync(mine).mode & 0o777, 0o750);
  assert.equal(scratch.read('.git/hooks/post-merge'), `#!/bin/sh\n${GIT_BLOCK}`);
  assert.equal(statSync(join(scratch.path, '.git/hooks/post-merge')).mode & 0o111, 0o111);
});

test('when one hook cannot be changed, neither is', async (t) => {
  const { scratch, install } = project(t);
  scratch.write('.git/hooks/post-merge', '#!/usr/bin/env python3\n', 0o755);
  const before = scratch.snapshot();
  const { code, stderr } = await install('git');
  assert.deepEqual([code, stderr.includes('it is not a shell script')], [3, true], stderr);
  assert.deepEqual(scratch.snapshot(), before);
});

test('hooks of a worktree are installed in its repository, and global hooks are not changed', async (t) => {
  const { scratch, install, git } = project(t);
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('worktree', 'add', '-q', 'tree');
  assert.equal((await install('git', 'tree')).code, 0);
  assert.ok(scratch.exists('.git/hooks/post-checkout'));

  mkdirSync(join(scratch.path, 'of-all'));
  git('config', 'core.hooksPath', '.githooks');
  assert.equal((await install('git')).code, 0);
  assert.ok(scratch.exists('.githooks/post-merge'));
  git('config', 'core.hooksPath', '/nonexistent/hooks');
  const { code, stderr } = await install('git');
  assert.deepEqual([code, stderr.includes('other repositories use it too')], [3, true], stderr);
});

test('the configuration of pre-commit is created, or gets one more entry', async (t) => {
  const { scratch, install } = project(t);
  assert.equal((await install('pre-commit')).code, 0);
  assert.ok(scratch.read('.pre-commit-config.yaml').startsWith('repos:\n  - repo: local\n'));
  const text = scratch.read('.pre-commit-config.yaml');
  assert.equal((await install('pre-commit')).code, 0);
  assert.equal(scratch.read('.pre-commit-config.yaml'), text);
  scratch.write('.pre-commit-config.yaml', 'repos: []\n');
  const { code, stderr } = await install('pre-commit');
  assert.deepEqual([code, stderr.includes('Run whisper hook pre-commit')], [3, true], stderr);
});

test('--install writes nothing outside of a clone', async (t) => {
  const { scratch, install, git } = project(t);
  const outside = Scratch.create(t);
  const own = outside.write('own.yaml', 'repos:\n  - repo: local\n');
  const before = outside.snapshot();
  symlinkSync(own, join(scratch.path, '.pre-commit-config.yaml'));
  const linked = await install('pre-commit');
  assert.deepEqual([linked.code, linked.stderr.includes('outside the repository')], [3, true], linked.stderr);
  rmSync(join(scratch.path, '.git/hooks'), { recursive: true, force: true });
  symlinkSync(outside.path, join(scratch.path, '.git/hooks'));
  assert.equal((await install('git')).code, 3);
  rmSync(join(scratch.path, '.pre-commit-config.yaml'));
  git('config', 'core.worktree', outside.path);
  assert.equal((await install('pre-commit')).code, 2);
  assert.deepEqual(outside.snapshot(), before);
  git('config', '--unset', 'core.worktree');
  scratch.write('ci/hooks.yaml', 'repos:\n  - repo: local\n');
  symlinkSync('ci/hooks.yaml', join(scratch.path, '.pre-commit-config.yaml'));
  assert.equal((await install('pre-commit')).code, 0, 'a link within the repository is followed');
  assert.match(scratch.read('ci/hooks.yaml'), /whisper-check/);
});

test('outside of a repository, and in a folder that may not be written, it says so', async (t) => {
  const scratch = Scratch.create(t);
  const outside = await scratch.run(['hook', 'git', '--install'], {
    env: { PATH: process.env['PATH'] ?? '', GIT_CEILING_DIRECTORIES: join(scratch.path, '..') },
  });
  assert.deepEqual([outside.code, outside.stderr.includes('not in a git repository')], [2, true], outside.stderr);
  const { env, scratch: other } = project(t);
  mkdirSync(join(other.path, '.git/hooks'), { recursive: true });
  chmodSync(join(other.path, '.git/hooks'), 0o500);
  const refused = await other.spawn(['hook', 'git', '--install'], { env, asPlainUser: true });
  assert.equal(refused.code, 6, refused.stderr);
});

test('an edit does not remove the temporary file of a hook', async (t) => {
  const { scratch, env } = project(t);
  const registry = scratch.write('list.nix', '{ activeModels = [ ]; }\n');
  const killed = await scratch.spawn(['hook', 'pre-commit', '--install'], {
    cwd: scratch.path,
    env: { ...env, WHISPER_FAULT_POINT: 'note: written beside@1' },
    main: MAIN_WITH_FAULT_POINTS,
  });
  assert.equal(killed.code, null);
  const leftover = (): readonly string[] => readdirSync(scratch.path).filter((name) => name.endsWith('.tmp'));
  assert.equal(leftover().length, 1);
  assert.equal((await scratch.run(['add', 'tiny.en', '--file', registry])).code, 0);
  assert.equal(leftover().length, 1);
});

for (const [what, make, code, reason] of [
  ['a folder', (path: string) => mkdirSync(path), 'disk-failure', 'EISDIR'],
  ['a dangling link', (path: string) => symlinkSync('nowhere', path), 'disk-failure', 'ENOENT'],
] as const)
  test(`an install into ${what} names the error of the file system`, async (t) => {
    const { scratch, env } = project(t);
    make(join(scratch.path, '.pre-commit-config.yaml'));
    const ran = await scratch.run(['hook', 'pre-commit', '--install', '--json'], { cwd: scratch.path, env });
    const { error } = JSON.parse(ran.stdout) as { error: Readonly<Record<string, unknown>> };
    assert.deepEqual([ran.code, error['code'], error['reason']], [6, code, reason]);
  });
