import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { HubProject } from '../support/hub-project.ts';
import { LOCK } from '../support/lock-text.ts';
import { WANTED, wantedModel } from './wanted-model.ts';

/** Does some work while a folder, but not those in it, is read-only. */
async function whileReadOnly(folder: string, work: () => Promise<void>): Promise<void> {
  chmodSync(folder, 0o555);
  try {
    await work();
  } finally {
    chmodSync(folder, 0o755);
  }
}

/** Asserts that a command is refused before the hub is asked, and that nothing changed. */
async function assertRefused(
  { scratch, hub, env }: HubProject,
  args: readonly string[],
  [exit, code]: readonly [number, string],
): Promise<void> {
  // That a model was verified may be noted.
  const state = (): readonly string[] =>
    Object.entries(scratch.snapshot()).flatMap(([path, is]) => (path.includes('/records/') ? [] : `${path} ${is}`));
  const before = state();
  const ran = await scratch.spawn([...args, '--json'], { env, asPlainUser: true });
  const about = `${args.join(' ')}: ${ran.stdout}${ran.stderr}`;
  assert.equal(ran.code, exit, about);
  assert.equal(JSON.parse(ran.stdout).error.code, code, about);
  assert.deepEqual(hub.requests, [], about);
  assert.ok(isDeepStrictEqual(state(), before), `${about}: something changed`);
}

for (const [what, folder] of [
  ['the models directory', 'models'],
  ['the folder of partial files', 'models/.whisper/partial'],
  ['the folder of records', 'models/.whisper/records'],
] as const) {
  test(`nothing is fetched, pruned or registered where ${what} is read-only`, async (t) => {
    const project = await wantedModel(t);
    const { scratch } = project;
    mkdirSync(join(scratch.path, folder), { recursive: true });
    scratch.writeRegistry([WANTED]);
    await whileReadOnly(join(scratch.path, folder), async () => {
      await assertRefused(project, ['sync'], [6, 'no-permission']);
      await assertRefused(project, ['verify', '--repair'], [6, 'no-permission']);
      scratch.write(`.local/share/whisper/models/${WANTED}`, project.models[WANTED]?.content ?? '');
      await assertRefused(project, ['sync'], [6, 'no-permission']);
      scratch.writeRegistry([]);
      await assertRefused(project, ['download', 'base.en'], [6, 'no-permission']);
    });
  });
}

test('nothing is downloaded where the models directory cannot be created', async (t) => {
  const project = await wantedModel(t);
  const { scratch } = project;
  rmSync(scratch.models, { recursive: true });
  const parent = join(scratch.path, 'parent');
  mkdirSync(parent);
  await whileReadOnly(parent, async () => {
    await assertRefused(project, ['download', 'base.en', '--models-dir', join(parent, 'a/b')], [6, 'no-permission']);
  });
});

for (const [what, hasLock] of [
  ['the registry', false],
  ['the registry and the lock file', true],
] as const) {
  test(`nothing is fetched or pruned where ${what} cannot be written`, async (t) => {
    const project = await wantedModel(t);
    const { scratch, run, hub } = project;
    if (hasLock) assert.equal((await run(['lock'])).code, 0);
    hub.requests.length = 0;
    await whileReadOnly(dirname(scratch.registry), async () => {
      await assertRefused(project, ['download', 'base.en'], [3, 'registry-read-only']);
    });
    assert.equal(scratch.exists(LOCK), hasLock);
  });
}
