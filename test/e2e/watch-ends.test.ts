import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE, registryText, SMALL, TINY, watchProject } from '../support/watch-project.ts';

const ALL = [BASE, SMALL, TINY];

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const) {
  test(`${signal} ends a session cleanly`, async (t) => {
    const { watching, run } = await watchProject(t);
    assert.equal(await watching.end(signal), code);
    assert.deepEqual(watching.events.at(-1), { ...watching.events.at(-1), event: 'stop', signal });
    assert.equal((await run(['prune', '--wait', '0'])).code, 0, 'no lock is left');
  });
}

test('a session ends when its standard output is closed', async (t) => {
  const { scratch, watching } = await watchProject(t);
  watching.closeOutput();
  scratch.writeRegistry(registryText([TINY]));
  assert.equal(await watching.ended, 143);
  assert.deepEqual(scratch.modelNames(), [TINY]);
});

test('two sessions on one registry, and on two that share the models, are harmless', async (t) => {
  const { scratch, watching, watch } = await watchProject(t);
  const other = scratch.write('other/whisper-manager.nix', registryText(ALL));
  const sessions = [watching, await watch(), await watch(['--file', other])];
  scratch.writeRegistry(registryText([TINY]));
  for (const each of sessions.slice(0, 2)) await each.next('change');
  // What the other registry lists stays.
  assert.deepEqual(scratch.modelNames(), ALL);
  scratch.write(other, registryText([TINY, SMALL]));
  // Whichever of them comes first.
  await Promise.any(sessions.map((each) => each.next('prune')));
  assert.deepEqual(scratch.modelNames(), [SMALL, TINY]);
  scratch.writeRegistry(registryText([BASE]));
  for (const each of sessions.slice(0, 2)) await each.next('change', 0, ({ added }) => added.includes(BASE));
  await Promise.any(sessions.map((each) => each.next('restore')));
  assert.equal(sessions.flatMap(({ events }) => events).filter(({ event }) => event === 'restore').length, 1);
  for (const each of sessions) assert.equal(await each.end('SIGINT'), 130);
  assert.deepEqual(scratch.modelNames(), ALL);
});

test('structured logs go to standard error', async (t) => {
  const { scratch, env } = await watchProject(t);
  const { Watching } = await import('../support/watching.ts');
  const watching = await Watching.start(t, scratch, { ...env, WHISPER_LOG: 'info' });
  await watching.end('SIGINT');
  const logs = watching.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string });
  assert.deepEqual(
    logs.map(({ msg }) => msg).filter((msg) => msg.startsWith('watch: ')),
    ['watch: ready', 'watch: stop'],
  );
});
