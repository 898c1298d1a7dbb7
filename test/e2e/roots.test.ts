import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { needsNix, withNix } from '../support/nix.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const FILES = { [TINY]: 4000, [BASE]: 5000 };

const listing = (...names: readonly string[]): string =>
  `{ pkgs }: { activeModels = [ ${names.map((name) => JSON.stringify(name)).join(' ')} ]; }\n`;

test('a registry that is used with --attr keeps what that list has', async (t) => {
  const { run, scratch } = await hubProject(t, FILES, [TINY]);
  const other = scratch.write('other.nix', `{ team = [ "${BASE}" ]; activeModels = [ ]; }\n`);
  assert.equal((await run(['sync', '-f', other, '--attr', 'team'])).code, 0);
  assert.equal((await run(['sync'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  // The other way round: the list of the same file under another name is a root of its own.
  assert.equal((await run(['prune', '-f', other, '--allow-empty'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

test('two computed lists of one file are evaluated one after the other', needsNix, async (t) => {
  const { run, scratch } = await hubProject(t, FILES, [TINY]);
  const text = `{ a = map (x: x) [ "${BASE}" ]; b = map (x: x) [ "${TINY}" ]; }\n`;
  scratch.writeRegistry(text);
  const env = withNix();
  assert.equal((await run(['sync', '--attr', 'a'], { env })).code, 0);
  const second = await run(['sync', '--attr', 'b'], { env });
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

test('each worktree of a git repository is a root, and a removed one keeps its models for a while', async (t) => {
  const { run, scratch } = await hubProject(t, FILES, [TINY]);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: scratch.path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  git('init', '--quiet');
  git('add', 'nix');
  git('commit', '--quiet', '--message', 'the list');
  git('worktree', 'add', '--quiet', join(scratch.path, 'tree'));
  const tree = scratch.write('tree/nix/whisper-manager.nix', listing(BASE));
  assert.equal((await run(['sync'], { cwd: join(scratch.path, 'tree') })).code, 0);
  assert.equal((await run(['sync'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  git('worktree', 'remove', '--force', 'tree');
  const { stderr } = await run(['prune']);
  assert.ok(stderr.includes(`${tree} has been missing since `), stderr);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.equal((await run(['prune', '--forget-root', 'tree'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [TINY]);
});

test('a root that an editor is replacing at this moment is kept', async (t) => {
  const { run, scratch } = await hubProject(t, FILES, [TINY]);
  const other = scratch.write('other/whisper-manager.nix', listing(BASE));
  await run(['sync', '-f', other]);
  renameSync(other, `${other}~`);
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE]);
});

test('a registry behind a link is one root, also when the link is switched', async (t) => {
  const { run, scratch } = await hubProject(t, FILES, [TINY]);
  const link = join(scratch.path, 'list.nix');
  symlinkSync(scratch.write('generation-1.nix', listing(BASE)), link);
  await run(['sync', '-f', link]);
  rmSync(link);
  symlinkSync(scratch.write('generation-2.nix', listing(TINY)), link);
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), []);
});

test('a root that cannot be read stops prune, with the next step', async (t) => {
  const { run, scratch } = await hubProject(t, FILES, [TINY]);
  await run(['sync']);
  const other = scratch.write('other.nix', listing(BASE));
  await run(['sync', '-f', other]);
  rmSync(other);
  symlinkSync(other, other);
  const { code, stdout } = await run(['prune', '--json']);
  assert.equal(code, 3);
  const { error } = JSON.parse(stdout);
  assert.equal(error.code, 'root-unreadable');
  assert.ok(error.hint.includes(`whisper prune --forget-root ${other}`), error.hint);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.ok(scratch.exists(error.note));
  assert.equal((await run(['prune', '--forget-root', other])).code, 0);
  assert.deepEqual(scratch.modelNames(), [TINY]);
});

test('sync of an empty list notes that list, also where there is no models directory yet', async (t) => {
  const { run, scratch } = await hubProject(t, FILES, []);
  assert.equal((await run(['sync', '--allow-empty'])).code, 0);
  assert.equal(readdirSync(join(scratch.models, '.whisper', 'roots')).length, 1);
});
