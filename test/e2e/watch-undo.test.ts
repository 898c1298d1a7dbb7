import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { BASE, registryText, SMALL, TINY, watchProject } from '../support/watch-project.ts';

const ALL = [BASE, SMALL, TINY];
const isKept = (paths: Readonly<Record<string, string>>, name: string): boolean =>
  Object.keys(paths).some((path) => path.includes(name) && !path.includes('/records/'));

test('a pruned model and its record are removed for good when the undo time is over', async (t) => {
  const { scratch, watching } = await watchProject(t, ['--undo', '0.5', '--verbose']);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await watching.next('prune');
  await watching.until(() => watching.stderr.includes('trash purged'), 'the end of its time');
  // Names only: the session lives, and its lock comes and goes.
  const names = readdirSync(scratch.models, { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    names.filter((path) => path.includes(BASE)),
    [],
  );
});

test('pruned models are removed for good at the end of the session', async (t) => {
  const { scratch, watching } = await watchProject(t);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await watching.next('prune');
  assert.ok(isKept(scratch.snapshot(), BASE));
  assert.equal(await watching.end('SIGTERM'), 143);
  assert.deepEqual(
    Object.keys(scratch.snapshot()).filter((path) => path.includes(BASE)),
    [],
  );
});

test('a session that ends while the list cannot be read leaves its trash to the next command', async (t) => {
  const { scratch, watching, run } = await watchProject(t);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await watching.next('prune');
  scratch.writeRegistry('{ activeModels = [');
  await watching.next('hold');
  await watching.end('SIGINT');
  assert.ok(isKept(scratch.snapshot(), BASE));
  scratch.writeRegistry(registryText(ALL));
  await run(['list']);
  assert.deepEqual(scratch.modelNames(), ALL);
});

test('a session that ends restores a model that another registry lists by then', async (t) => {
  const { scratch, watching, run } = await watchProject(t);
  const other = scratch.write('other/whisper-manager.nix', `{ activeModels = [ "${TINY}" ]; }\n`);
  await run(['prune', '--file', other, '--dry-run']);
  scratch.writeRegistry(registryText([TINY]));
  await watching.next('prune');
  // Another registry takes one of them up; this session is not told of its saves.
  scratch.write(other, `{ activeModels = [ "${TINY}" "${BASE}" ]; }\n`);
  await run(['prune', '--file', other]);
  await watching.end('SIGINT');
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.ok(!isKept(scratch.snapshot(), SMALL));
});

test('a killed session loses no model that is listed afterwards', async (t) => {
  const { scratch, watching, run, hub } = await watchProject(t);
  scratch.writeRegistry(registryText([TINY]));
  await watching.next('prune');
  await watching.end('SIGKILL');
  scratch.writeRegistry(registryText([TINY, BASE]));
  await run(['list']);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.ok(!isKept(scratch.snapshot(), SMALL));
  assert.deepEqual(hub.requests, []);
});
