import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { needsMounts } from '../support/needs.ts';
import type { Ran } from '../support/scratch.ts';
import { assertPublished, jsonError, OLD, SIZE, WANTED, wantedModel } from './wanted-model.ts';

const DOWNLOAD = ['download', 'base.en', '--json'];

/** Asserts exit code 6 with one clear sentence and a next step. */
function assertSays(ran: Ran, code: string, sentence: RegExp): void {
  const error = jsonError(ran);
  assert.deepEqual([ran.code, error['code']], [6, code], ran.stdout + ran.stderr);
  assert.match(String(error['message']), sentence);
  assert.doesNotMatch(String(error['message']), /\n/);
  assert.match(String(error['hint']), /^[A-Z].+[^.]$/);
}

function everythingIn(folder: string): readonly string[] {
  return [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))];
}

/** Runs the program as a user whom permissions stop. */
async function runAsUser({ scratch, env }: HubProject, args: readonly string[]): Promise<Ran> {
  return scratch.spawn(args, { env, asPlainUser: true });
}

/** Does some work; folders have their rights again before the scratch folder is removed. */
async function restoring(folders: readonly string[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    for (const folder of folders) chmodSync(folder, 0o755);
  }
}

test('a folder that becomes read-only during a download is exit 6', async (t) => {
  const project = await wantedModel(t);
  const { scratch, hub } = project;
  const folders = everythingIn(scratch.models).filter((path) => statSync(path).isDirectory());
  folders.push(join(scratch.models, '.whisper', 'partial'));
  const setMode = (mode: number): void => {
    for (const folder of folders) chmodSync(folder, mode);
  };
  const registry = scratch.read(scratch.registry);
  hub.inject({ where: 'cdn', act: () => setMode(0o555) });
  await restoring(folders, async () => {
    assertSays(await runAsUser(project, DOWNLOAD), 'no-permission', /^No permission to read or write .*\/models/);
  });
  assert.equal(scratch.read(scratch.registry), registry);
  assert.deepEqual(scratch.modelNames(), [OLD]);
  assertPublished(project, await runAsUser(project, DOWNLOAD));
  assert.deepEqual(
    everythingIn(scratch.models).filter((path) => /\.(lock|tmp|part)$/.test(path)),
    [],
    'what could not be removed then is gone now',
  );
});

test('a folder without search permission is a permission error, and its models are not missing', async (t) => {
  const project = await wantedModel(t);
  const { scratch } = project;
  await restoring([scratch.models], async () => {
    chmodSync(scratch.models, 0o444);
    for (const args of [['list'], ['prune'], ['prune', '--unmanaged'], ['sync'], ['verify', '--repair']])
      assertSays(await runAsUser(project, [...args, '--json']), 'no-permission', /^No permission to /);
  });
  assert.deepEqual(scratch.modelNames(), [OLD], 'what cannot be seen is not missing');
});

test('a link to an inaccessible file is kept and does not affect other models', async (t) => {
  const project = await wantedModel(t);
  const { scratch } = project;
  const secret = scratch.write('secret/model.bin', 'lmgg of another user');
  symlinkSync(secret, join(scratch.models, 'ggml-secret.bin'));
  const folder = join(scratch.path, 'secret');
  await restoring([folder], async () => {
    chmodSync(folder, 0o000);
    for (const args of [['list'], ['prune', '--unmanaged'], ['sync'], ['verify']])
      assert.equal((await runAsUser(project, args)).code, 0, args.join(' '));
  });
  assert.deepEqual(scratch.modelNames(), ['ggml-secret.bin', OLD]);
});

test('a file that replaces the models directory during a download is an error', async (t) => {
  const project = await wantedModel(t);
  const { scratch, hub, run } = project;
  const registry = scratch.read(scratch.registry);
  const away = `${scratch.models}-away`;
  const act = (): void => {
    renameSync(scratch.models, away);
    writeFileSync(scratch.models, 'in the way');
  };
  hub.inject({ where: 'cdn', act });
  assertSays(await run(DOWNLOAD), 'disk-failure', /is not a directory/);
  assert.equal(scratch.read('models'), 'in the way');
  assert.equal(scratch.read(scratch.registry), registry);
  assert.ok(scratch.exists(join(away, OLD)));
});

test('a download resumes after the disk was read-only for a while', needsMounts(), async (t) => {
  const project = await hubProject(t, { [OLD]: 4096, [WANTED]: SIZE }, [OLD]);
  const { scratch, run, hub } = project;
  scratch.mountMemory('models', '4m');
  assert.equal((await run(['sync'])).code, 0);
  hub.inject({ where: 'cdn', reset: 100_000 });
  const down = hub.inject({ where: 'cdn', status: 503, times: Infinity, passes: 1 });
  assert.equal((await run(DOWNLOAD)).code, 4);
  down.remove();
  const before = scratch.snapshot();
  execFileSync('mount', ['-o', 'remount,ro', scratch.models]);
  assertSays(await run(DOWNLOAD), 'no-permission', /read-only file system/);
  assert.deepEqual(scratch.snapshot(), before);
  execFileSync('mount', ['-o', 'remount,rw', scratch.models]);
  const ran = await run(DOWNLOAD);
  assertPublished(project, ran);
  assert.ok(JSON.parse(ran.stdout).downloaded[0].received < SIZE, 'what had arrived was kept');
});
