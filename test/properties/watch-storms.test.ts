import assert from 'node:assert/strict';
import { renameSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { randomRuns } from '../support/runs.ts';
import { BASE, registryText, SIZES, SMALL, TINY, watchProject } from '../support/watch-project.ts';
import { requireTrue, Watching } from '../support/watching.ts';

const STEPS = randomRuns(80, 10);
const ALL = [BASE, SMALL, TINY];

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('a thousand rapid saves end with the last list, and no other model is removed', async (t) => {
  const { scratch, watching } = await watchProject(t);
  t.diagnostic(`seed ${STEPS.seed}`);
  const random = randomFrom(STEPS.seed);
  const { ino } = statSync(`${scratch.models}/${TINY}`);
  const save = (text: string): void => {
    if (random() < 0.5) return writeFileSync(scratch.registry, text);
    writeFileSync(`${scratch.registry}.new`, text);
    renameSync(`${scratch.registry}.new`, scratch.registry);
  };
  for (let each = 0; each < 1000; each += 1) {
    // The first of them is always listed.
    const active = [TINY, ...[BASE, SMALL].filter(() => random() < 0.5)];
    save(`${registryText(active)}# ${each}\n`);
    // Some with a pause, so that the session comes to act in between.
    if (random() < 0.02) await watching.until(() => random() < 0.5, 'a while');
  }
  for (const last of [[TINY], [TINY, SMALL], ALL]) {
    save(registryText(last));
    await watching.until(() => scratch.modelNames().join() === last.toSorted().join(), `${last.join()} on the disk`);
  }
  await watching.end('SIGINT');
  requireTrue(watching.events);
  assert.equal(statSync(`${scratch.models}/${TINY}`).ino, ino);
  const pruned = watching.events.flatMap((event) => (event.event === 'prune' ? event.removed : []));
  assert.ok(pruned.every(({ name }) => name !== TINY));
  assert.deepEqual(scratch.modelNames(), ALL);
});

test('edits, downloads and prunes by other processes end with the folder equal to the list', async (t) => {
  t.diagnostic(`seed ${STEPS.seed}`);
  const random = randomFrom(STEPS.seed);
  const { scratch, env, run } = await hubProject(t, SIZES, registryText(ALL));
  await run(['sync']);
  const watching = await Watching.start(t, scratch, env, ['--download']);
  const some = (): string => ALL[Math.floor(random() * ALL.length)] ?? TINY;
  const works = [
    async () => void scratch.writeRegistry(registryText(ALL.filter(() => random() < 0.6))),
    async () => void scratch.writeRegistry(registryText([some()])),
    async () => run(['download', some()]),
    async () => run(['remove', some()]),
    async () => run(['add', some()]),
    async () => run(['prune']),
    async () => run(['sync']),
    async () => scratch.spawn(['download', some()], { env }),
  ];
  const work = async (count: number): Promise<void> => {
    for (let each = 0; each < count; each += 1) {
      const result = await works[Math.floor(random() * works.length)]?.();
      // Concurrent edits may be refused with a request to retry; nothing else may fail.
      if (result) assert.ok([0, 3, 7].includes(result.code ?? -1), `${result.code}: ${result.stdout}${result.stderr}`);
    }
  };
  await Promise.all([work(STEPS.numRuns / 2), work(STEPS.numRuns / 2)]);
  for (const last of [[TINY], [TINY, BASE]]) {
    scratch.writeRegistry(registryText(last));
    await watching.until(
      () => scratch.modelNames().join() === last.toSorted().join() && watching.active.size === last.length,
      `${last.join()} on the disk`,
    );
  }
  const listed = JSON.parse((await run(['list', '--json'])).stdout) as { registry: { active: readonly string[] } };
  assert.deepEqual(listed.registry.active.toSorted(), scratch.modelNames());
  await watching.end('SIGINT');
  requireTrue(watching.events);
  assert.deepEqual((await run(['verify', '--json'])).code, 0);
});
