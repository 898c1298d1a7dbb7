import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { sampleModel } from '../support/models.ts';
import { BASE, registryText, SIZES, SMALL, TINY } from '../support/watch-project.ts';
import { Watching } from '../support/watching.ts';

/** Bytes that take seconds to hash; the file is sparse. */
const LONG = 16 * 1024 ** 3;

interface Project extends HubProject {
  readonly watching: Watching;
}

/** A session in a project whose three models are listed; TINY has a record, SMALL and BASE have none. */
async function project(t: TestContext, args: readonly string[] = [], isLong = false): Promise<Project> {
  const it = await hubProject(t, SIZES, registryText([TINY, BASE, SMALL]));
  const { scratch, models, place, env } = it;
  await place([TINY], true);
  await place([BASE, SMALL]);
  if (isLong) {
    truncateSync(join(scratch.models, BASE), LONG);
    const entries = Object.values(models).map(({ entry }) => (entry.file === BASE ? { ...entry, size: LONG } : entry));
    scratch.writeCatalogue(entries);
  }
  return { ...it, watching: await Watching.start(t, scratch, env, args) };
}

const isHashing = ({ stderr }: Watching): boolean => /^Hashing base\.en \(/m.test(stderr);

for (const args of [[], ['--undo', '0'], ['--quiet']]) {
  test(`a model without a record is hashed and then pruned: watch ${args.join(' ')}`, async (t) => {
    const { scratch, watching } = await project(t, args);
    scratch.writeRegistry(registryText([TINY, SMALL]));
    const { removed } = await watching.next('prune');
    assert.deepEqual(removed, [{ name: BASE, size: SIZES[BASE] }]);
    assert.equal(watching.stderr.match(/^Hashing base\.en \(5\.0 kB\): .*$/gm)?.length, 1);
    assert.deepEqual(scratch.modelNames(), [SMALL, TINY]);
    if (args.length > 0) return;
    scratch.writeRegistry(registryText([TINY, SMALL, BASE]));
    await watching.next('restore');
    scratch.writeRegistry(registryText([TINY, SMALL]));
    await watching.next('prune', watching.now);
    assert.equal(watching.stderr.match(/^Hashing/gm)?.length, 1, 'it has a record then');
  });
}

test('a model with other bytes is kept and hashed once, with a message', async (t) => {
  const { scratch, watching } = await project(t);
  const own = sampleModel('my own', SIZES[BASE]).content;
  scratch.write(`models/${BASE}.new`, own);
  renameSync(join(scratch.models, `${BASE}.new`), join(scratch.models, BASE));
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await watching.until(() => /Kept base\.en, which is not listed/.test(watching.stderr), 'the verdict');
  scratch.writeRegistry(registryText([SMALL]));
  const { removed } = await watching.next('prune');
  assert.deepEqual(removed, [{ name: TINY, size: SIZES[TINY] }]);
  await watching.end('SIGTERM');
  assert.equal(watching.stderr.match(/^Hashing/gm)?.length, 1);
  assert.deepEqual(readFileSync(join(scratch.models, BASE)), own);
});

test('a session reacts to saves while it hashes', async (t) => {
  const { scratch, watching } = await project(t, [], true);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await watching.until(() => isHashing(watching), 'the hashing');
  scratch.writeRegistry(registryText([SMALL]));
  const { removed } = await watching.next('prune');
  assert.deepEqual(removed, [{ name: TINY, size: SIZES[TINY] }]);
  assert.doesNotMatch(watching.stderr, /stays/, 'it still hashes');
  assert.equal(await watching.end('SIGTERM'), 143);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL]);
  assert.equal(scratch.exists(`models/.whisper/records/${BASE}.json`), false);
});

test('a save that lists the model again stops the hashing', async (t) => {
  const { scratch, watching } = await project(t, ['--verbose'], true);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await watching.until(() => isHashing(watching), 'the hashing');
  scratch.writeRegistry(registryText([TINY, SMALL, BASE]));
  await watching.until(() => watching.stderr.includes('hashing was stopped'), 'the end of it');
  assert.equal(await watching.end('SIGINT'), 130);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
  assert.ok(watching.events.every(({ event }) => event !== 'prune'));
});

test('a file that is replaced during hashing is not removed because of the old bytes', async (t) => {
  const { scratch, watching } = await project(t, [], true);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await watching.until(() => isHashing(watching), 'the hashing');
  const path = join(scratch.models, BASE);
  rmSync(path);
  const own = sampleModel('my own', SIZES[BASE]).content;
  scratch.write(path, own);
  scratch.writeRegistry(registryText([SMALL]));
  await watching.next('prune');
  await watching.end('SIGTERM');
  assert.deepEqual(readFileSync(path), own);
});
