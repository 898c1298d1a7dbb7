import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openSession } from '../../src/commands/session/session.ts';
import { Downloads } from '../../src/commands/watch/downloads.ts';
import type { WatchEvent } from '../../src/core/watch/events.ts';
import { commandContext } from '../support/command-context.ts';
import { hubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

/** The downloads of a session whose list changes from base.en and tiny.en to `after` as soon as tiny.en is being fetched. */
async function changing(t: TestContext, after: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { scratch, env, place } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [BASE, TINY]);
  await place([BASE], true);
  const context = commandContext(scratch, env);
  const before = await openSession(context, {});
  scratch.writeRegistry(after);
  const changed = await openSession(context, {});
  const lock = await before.modelsDir.undo.hold();
  const events: WatchEvent[] = [];
  const ended = new Promise<void>((resolve) => {
    const downloads = new Downloads(
      context,
      (event) => events.push(event),
      () => resolve(),
    );
    downloads.want(before, [TINY]);
    // What the prune of the change does, while the download has the list from before it.
    downloads.drop(
      changed,
      [BASE, TINY].filter((name) => !after.includes(name)),
    );
    before.modelsDir.undo.put(BASE);
  });
  await ended;
  await lock.release();
  return [scratch.modelNames(), events.map(({ event }) => event)];
}

test('a download does not restore a model that was pruned since it began', async (t) => {
  assert.deepEqual(await changing(t, [TINY]), [[TINY], ['download']]);
});

test('a cancelled download changes nothing and emits no event', async (t) => {
  assert.deepEqual(await changing(t, []), [[], []]);
});
