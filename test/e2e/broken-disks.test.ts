import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { needsMounts, needsRoot } from '../support/needs.ts';
import type { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const OLD = 'ggml-small.en.bin';

/** A project with one model here, one to fetch, one to prune. */
async function project(t: TestContext, prepare: (scratch: Scratch) => void = () => {}): Promise<HubProject> {
  const made = await hubProject(t, { [TINY]: 4000, [BASE]: 5000, [OLD]: 3000 }, [TINY, OLD]);
  mkdirSync(made.scratch.models);
  prepare(made.scratch);
  assert.equal((await made.run(['sync'])).code, 0);
  made.scratch.writeRegistry([TINY, BASE]);
  return made;
}

/** Commands that change something end with exit code 6 and one sentence; those that look, as they should. Nothing is lost. */
async function assertRefused({ run, scratch }: HubProject, code: string, sentence: RegExp): Promise<void> {
  const text = scratch.read(scratch.registry);
  for (const command of [['prune'], ['sync'], ['download', 'base.en'], ['download', 'tiny.en', '--force']]) {
    const ran = await run([...command, '--json']);
    const { error } = JSON.parse(ran.stdout);
    assert.deepEqual([ran.code, error.code], [6, code], `${command.join(' ')}: ${ran.stdout}`);
    assert.match(error.message, sentence);
    assert.ok(error.hint.length > 0 && !error.message.includes('\n'));
  }
  for (const [command, expected] of [
    [['list'], 0],
    [['check'], 8],
    [['verify', 'tiny.en'], 0],
    [['path', 'tiny.en'], 0],
    [['why', 'tiny.en'], 0],
    [['prune', '--dry-run'], 0],
  ] as const)
    assert.equal((await run(command)).code, expected, command.join(' '));
  assert.deepEqual(scratch.modelNames(), [OLD, TINY]);
  assert.equal(scratch.read(scratch.registry), text);
}

test('a read-only file system is an error of the disk', needsMounts(), async (t) => {
  const made = await project(t, (scratch) => void scratch.mountMemory('models', '1m'));
  execFileSync('mount', ['-o', 'remount,ro', made.scratch.models]);
  await assertRefused(made, 'no-permission', /read-only file system/);
  execFileSync('mount', ['-o', 'remount,rw', made.scratch.models]);
  assert.equal((await made.run(['sync'])).code, 0);
  assert.deepEqual(made.scratch.modelNames(), [BASE, TINY]);
});

test('a folder that the user may only read is exit 6', needsRoot(), async (t) => {
  const made = await project(t);
  // What is loaded later on may lie where only root can read it.
  for (const command of [['prune', '-n'], ['verify'], ['why', 'tiny.en'], ['check'], ['path', 'tiny.en'], ['list']])
    await made.run(command);
  chmodSync(made.scratch.path, 0o755);
  process.seteuid?.(65_534);
  try {
    await assertRefused(made, 'no-permission', /^No permission to read or write /);
  } finally {
    process.seteuid?.(0);
  }
  assert.equal((await made.run(['sync'])).code, 0);
  assert.deepEqual(made.scratch.modelNames(), [BASE, TINY]);
});

test('a models directory that is removed during a download is an error', async (t) => {
  const { run, scratch, hub } = await project(t);
  const text = scratch.read(scratch.registry);
  scratch.writeRegistry([TINY]);
  hub.inject({ where: 'cdn', act: () => rmSync(scratch.models, { recursive: true }) });
  const { code, stdout } = await run(['download', 'base.en', '--json']);
  const { error } = JSON.parse(stdout);
  assert.deepEqual([code, error.code], [6, 'disk-failure'], stdout);
  assert.match(error.message, /disappeared: another process removed it/);
  assert.ok(!scratch.read(scratch.registry).includes(BASE), 'what did not come is not registered');
  scratch.writeRegistry(text);
  assert.equal((await run(['sync'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

test('a missing models directory is created by sync, and not by commands that only read', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 }, [TINY]);
  for (const [command, expected] of [
    [['list'], 0],
    [['check'], 8],
    [['prune'], 0],
    [['verify'], 5],
    [['why', 'tiny.en'], 0],
    [['sync', '--dry-run', '--exit-code'], 8],
  ] as const)
    assert.equal((await run(command)).code, expected, command.join(' '));
  assert.equal(scratch.exists('models'), false);
  assert.equal((await run(['sync'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [TINY]);
});
