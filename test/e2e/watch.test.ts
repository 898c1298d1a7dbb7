import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { BASE, registryText, SIZES, SMALL, TINY, watchProject, type WatchProject } from '../support/watch-project.ts';
import { requireTrue, Watching } from '../support/watching.ts';

const ALL = [TINY, BASE, SMALL];
const SAVES: Readonly<Record<string, (project: WatchProject, text: string) => void>> = {
  'a save in place': ({ scratch }, text) => writeFileSync(scratch.registry, text),
  'a rename into place': ({ scratch }, text) => {
    writeFileSync(`${scratch.registry}.tmp`, text);
    renameSync(`${scratch.registry}.tmp`, scratch.registry);
  },
};

for (const [how, save] of Object.entries(SAVES)) {
  test(`${how} that comments a model out removes it, and one that lists it again restores it`, async (t) => {
    const project = await watchProject(t);
    const { scratch, watching, hub } = project;
    assert.deepEqual(watching.events[0], { ...watching.events[0], event: 'ready', active: ALL });

    save(project, registryText([TINY, SMALL]));
    const pruned = await watching.next('prune');
    assert.deepEqual(pruned.removed, [{ name: BASE, size: 5000 }]);
    assert.equal(pruned.freed, 5000);
    assert.ok(Date.parse(pruned.undoUntil ?? '') > 0);
    const change = await watching.next('change');
    assert.deepEqual([change.added, change.removed], [[], [BASE]]);
    assert.deepEqual(scratch.modelNames(), [SMALL, TINY]);

    save(project, registryText(ALL));
    assert.deepEqual((await watching.next('restore')).names, [BASE]);
    assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
    assert.deepEqual(hub.requests, []);

    assert.equal(await watching.end('SIGINT'), 130);
    const told = watching.events.map(({ event }) => event);
    assert.deepEqual(told, ['ready', 'change', 'prune', 'change', 'restore', 'stop']);
    assert.deepEqual(watching.events.at(-1), { ...watching.events.at(-1), event: 'stop', signal: 'SIGINT' });
    assert.equal(watching.stderr, '');
  });
}

test('models that are unlisted when a session begins are kept until the first save', async (t) => {
  const project = await watchProject(t, [], registryText([TINY]));
  const { scratch, watching } = project;
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  assert.deepEqual((await watching.next('prune')).removed, [{ name: BASE, size: 5000 }]);
  assert.deepEqual(scratch.modelNames(), [SMALL, TINY]);
});

test('a save with the same list prunes what was unlisted before', async (t) => {
  const { scratch, watching } = await watchProject(t, [], registryText([TINY, SMALL]));
  scratch.writeRegistry(`${registryText([TINY, SMALL])}# a word\n`);
  await watching.next('prune');
  assert.deepEqual(scratch.modelNames(), [SMALL, TINY]);
  assert.deepEqual(
    watching.events.map(({ event }) => event),
    ['ready', 'prune'],
  );
});

test('unmanaged files are kept, and models in use are restored', async (t) => {
  const { scratch, watching } = await watchProject(t);
  scratch.writeModel('ggml-mine.bin', Buffer.from('my own'));
  const file = openSync(`${scratch.models}/${BASE}`, 'r');
  const reader = spawn('tail', ['-f'], { stdio: [file, 'pipe', 'ignore'] });
  t.after(() => reader.kill('SIGKILL'));
  await new Promise((resolve) => {
    reader.stdout?.once('data', resolve);
  });
  closeSync(file);
  scratch.writeRegistry(registryText([TINY]));
  assert.deepEqual((await watching.next('prune')).removed, [{ name: SMALL, size: 6000 }]);
  await watching.until(() => watching.stderr.includes('in use'), 'a word about who uses it');
  assert.deepEqual(scratch.modelNames(), [BASE, 'ggml-mine.bin', TINY]);
  assert.match(watching.stderr, /base\.en, which is in use by process \d+/);
});

test('a session warns of models in use in a folder without state files', async (t) => {
  const { scratch, env, models } = await hubProject(t, SIZES, registryText([TINY, BASE]));
  scratch.writeModel(BASE, models[BASE]?.content ?? Buffer.alloc(0));
  const reader = spawn('tail', ['-f', join(scratch.models, BASE)], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => reader.kill('SIGKILL'));
  await once(reader.stdout, 'data');
  const watching = await Watching.start(t, scratch, env, ['--undo', '0']);
  scratch.writeRegistry(registryText([TINY]));
  await watching.until(() => watching.stderr.includes('in use by process'), 'a notice of who uses it');
  assert.deepEqual(scratch.modelNames(), [BASE]);
});

test('with --undo 0 nothing can be restored', async (t) => {
  const { scratch, watching } = await watchProject(t, ['--undo', '0']);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  assert.equal((await watching.next('prune')).undoUntil, null);
  assert.deepEqual(
    Object.keys(scratch.snapshot()).filter((path) => path.includes(BASE)),
    [],
  );
});

// What stands in the file for a while parses, and lists less.
const HALF = `{ activeModels = [ "${TINY}" ]; }\n`;
const SLOWLY = 'exec 3> "$F"; printf %s "$HALF" >&3; sleep 0.4; printf %s "$WHOLE" > "$F"; exec 3>&-';
const SLOW: Readonly<Record<string, string>> = {
  'a writer that pauses in the middle': SLOWLY,
  'a writer that recreates the file and pauses': `rm "$F"; ${SLOWLY}`,
};

/** Has a shell write the whole list in several steps, time and again. */
function writeInSteps(script: string, file: string): void {
  for (let count = 0; count < 5; count += 1) {
    const WHOLE = `${registryText(ALL)}# ${count}\n`;
    execFileSync('sh', ['-c', script], { env: { ...process.env, F: file, HALF, WHOLE } });
  }
}

for (const [who, script] of Object.entries(SLOW)) {
  test(`${who} that has written a valid part of the list removes no model`, async (t) => {
    const { scratch, watching } = await watchProject(t);
    const started = watching.now;
    writeInSteps(script, scratch.registry);
    // The last state counts.
    scratch.writeRegistry(registryText([TINY, BASE]));
    assert.deepEqual((await watching.next('prune')).removed, [{ name: SMALL, size: 6000 }]);
    assert.deepEqual(
      watching.events.slice(started).map(({ event }) => event),
      ['change', 'prune'],
    );
  });
}

test('a writer that closes the file after a valid part of the list removes no model', async (t) => {
  const { scratch, watching, hub } = await watchProject(t);
  const { ino } = statSync(`${scratch.models}/${BASE}`);
  writeInSteps('printf %s "$HALF" > "$F"; sleep 0.1; printf %s "$WHOLE" > "$F"', scratch.registry);
  scratch.writeRegistry(registryText([TINY, BASE]));
  // A shell that a busy machine holds up for longer than the session waits has saved twice: what was pruned comes back then.
  await watching.until(() => watching.active.size === 2 && scratch.modelNames().length === 2, 'the last list');
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.equal(statSync(`${scratch.models}/${BASE}`).ino, ino);
  assert.deepEqual(hub.requests, []);
  await watching.end('SIGINT');
  requireTrue(watching.events);
});
