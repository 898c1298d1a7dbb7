import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { updateLockfile } from '../../src/commands/apply/lockfile.ts';
import { lock } from '../../src/commands/lock/run.ts';
import { openSession } from '../../src/commands/session/session.ts';
import { commandContext } from '../support/command-context.ts';
import { hubProject } from '../support/hub-project.ts';
import { LOCK } from '../support/lock-text.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

const lockedNames = (text: string): readonly string[] =>
  (JSON.parse(text) as { models: readonly { file: string }[] }).models.map(({ file }) => file);

test('lock pins what is listed without the hub, and writes nothing a second time', async (t) => {
  const { scratch, env, hub } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, BASE]);
  const first = await lock(commandContext(scratch, env), {});
  assert.deepEqual([first.file, first.isWritten], [join(scratch.path, LOCK), true]);
  assert.deepEqual(lockedNames(scratch.read(LOCK)), [BASE, TINY]);
  const text = scratch.read(LOCK);
  assert.equal((await lock(commandContext(scratch, env), {})).isWritten, false);
  assert.equal(scratch.read(LOCK), text);
  assert.deepEqual(hub.requests, []);
});

test('lock removes the pin of a model that is no longer listed', async (t) => {
  const { scratch, env } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, BASE]);
  await lock(commandContext(scratch, env), {});
  scratch.writeRegistry([TINY]);
  assert.equal((await lock(commandContext(scratch, env), {})).isWritten, true);
  assert.deepEqual(lockedNames(scratch.read(LOCK)), [TINY]);
});

test('lock refuses a name in the list that is not a model file', async (t) => {
  const { scratch, env } = await hubProject(t, { [TINY]: 4000 }, ['tiny.enn']);
  await assert.rejects(lock(commandContext(scratch, env), {}), { code: 'registry-bad-name' });
  assert.equal(scratch.exists(LOCK), false);
});

test('the lock file keeps the pin of a short name that another process has added since', async (t) => {
  const team = 'ggml-team.bin';
  const { scratch, env, models } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000, [team]: 6000 }, ['tiny.en']);
  await lock(commandContext(scratch, env), {});
  // Only the lock file knows that model.
  const context = commandContext(scratch, { ...env, WHISPER_CATALOG: '' });
  const session = await openSession(context, {});
  scratch.writeRegistry(['tiny.en', 'team']);
  const document = JSON.parse(scratch.read(LOCK)) as { readonly models: readonly object[] };
  scratch.write(LOCK, JSON.stringify({ ...document, models: [...document.models, models[team]?.entry] }));
  await updateLockfile(context, session, { wanted: [], verified: [] });
  assert.deepEqual(lockedNames(scratch.read(LOCK)), [team, TINY]);
});
