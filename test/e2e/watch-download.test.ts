import assert from 'node:assert/strict';
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { BASE, registryText, SIZES, SMALL, TINY, watchProject } from '../support/watch-project.ts';
import { Watching } from '../support/watching.ts';

const ALL = [BASE, SMALL, TINY];

test('with --download, added models are downloaded and verified, several at a time', async (t) => {
  const { scratch, hub, env, models } = await hubProject(t, SIZES, registryText([]));
  const watching = await Watching.start(t, scratch, env, ['--download']);
  scratch.writeRegistry(registryText(ALL));
  for (const name of ALL) {
    const download = await watching.next('download', 0, (event) => event.name === name);
    const { size, sha256 } = models[name]?.entry ?? {};
    assert.deepEqual([download.size, download.sha256, download.received], [size, sha256, size]);
    assert.equal(download.path, `${scratch.models}/${name}`);
  }
  assert.deepEqual(scratch.modelNames(), ALL);
  assert.ok(hub.requests.length > 0);
});

test('without --download, nothing is downloaded', async (t) => {
  const { scratch, hub, env } = await hubProject(t, SIZES, registryText([]));
  const watching = await Watching.start(t, scratch, env);
  scratch.writeRegistry(registryText(ALL));
  await watching.next('change');
  await watching.end('SIGINT');
  assert.deepEqual(hub.requests, []);
});

test('a download stops when its line is commented out, and resumes when it is listed again', async (t) => {
  const size = 4 * 1024 * 1024;
  const project = await hubProject(t, { ...SIZES, [BASE]: size }, registryText([]));
  const { scratch, hub, env } = project;
  const slow = hub.inject({ where: 'cdn', match: BASE, times: Infinity, bytesPerSecond: 64 * 1024 });
  const watching = await Watching.start(t, scratch, env, ['--download']);
  scratch.writeRegistry(registryText([BASE]));
  await slow.taken;
  scratch.writeRegistry(registryText([TINY]));
  await watching.next('download', 0, ({ name }) => name === TINY);
  assert.deepEqual(scratch.modelNames(), [TINY]);
  slow.remove();
  scratch.writeRegistry(registryText([TINY, BASE]));
  await watching.next('download', 0, ({ name }) => name === BASE);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.ok(
    watching.events.every(({ event }) => event !== 'error'),
    JSON.stringify(watching.events),
  );
});

/** A session with a download of BASE that is under way and does not end by itself. */
async function underWay(t: TestContext): Promise<HubProject & { readonly watching: Watching }> {
  const project = await hubProject(t, { ...SIZES, [BASE]: 4 * 1024 * 1024 }, registryText([]));
  const { scratch, hub, env } = project;
  const slow = hub.inject({ where: 'cdn', match: BASE, times: Infinity, stall: 1024 * 1024 });
  const watching = await Watching.start(t, scratch, env, ['--download']);
  scratch.writeRegistry(registryText([BASE]));
  await slow.done;
  return { ...project, watching };
}

const untilSaid = ({ watching }: { readonly watching: Watching }, what: RegExp): Promise<void> =>
  watching.until(() => what.test(watching.stderr), String(what));

const partialFiles = ({ scratch }: HubProject): readonly string[] =>
  readdirSync(join(scratch.models, '.whisper', 'partial')).filter((name) => name.startsWith(BASE));

test('a cancelled download is reported and leaves no partial file', async (t) => {
  const it = await underWay(t);
  it.scratch.writeRegistry(registryText([]));
  await untilSaid(it, /^Cancelled the download of \S+, which is no longer listed, and removed the unfinished file$/m);
  assert.deepEqual(partialFiles(it), []);
  assert.equal(await it.watching.end('SIGINT'), 130);
  assert.ok(it.watching.events.every(({ event }) => event !== 'error' && event !== 'download'));
});

test('the partial file of a cancelled download is kept if another registry lists the model', async (t) => {
  const it = await underWay(t);
  const { scratch } = it;
  const other = scratch.write('other/whisper-manager.nix', registryText([BASE]));
  const ran = await scratch.spawn(['prune', '--file', other], { env: it.env });
  assert.equal(ran.code, 0, ran.stderr);
  scratch.writeRegistry(registryText([]));
  await untilSaid(it, /^Cancelled the download of \S+, which is no longer listed$/m);
  assert.ok(partialFiles(it).includes(`${BASE}.part`));
});

test('the partial file of a download is kept when the session ends', async (t) => {
  const it = await underWay(t);
  assert.equal(await it.watching.end('SIGINT'), 130);
  assert.ok(partialFiles(it).includes(`${BASE}.part`));
});

test('a failed download is reported, and retried with the next change', async (t) => {
  const { scratch, hub, env } = await hubProject(t, SIZES, registryText([]));
  const watching = await Watching.start(t, scratch, env, ['--download']);
  const fault = hub.inject({ where: 'resolve', match: BASE, times: Infinity, status: 404 });
  scratch.writeRegistry(registryText([BASE]));
  const error = await watching.next('error');
  assert.equal(error.code, 'hub-not-found');
  fault.remove();
  scratch.writeRegistry(registryText([BASE, TINY]));
  // Both: what still comes in when the test is over stands in the way of cleaning up.
  for (const name of [BASE, TINY]) await watching.next('download', 0, (event) => event.name === name);
});

test('a model that was just pruned is restored instead of downloaded', async (t) => {
  const { scratch, watching, hub } = await watchProject(t, ['--download']);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await watching.next('prune');
  scratch.writeRegistry(registryText(ALL));
  await watching.next('restore');
  unlinkSync(`${scratch.models}/${TINY}`);
  await watching.end('SIGINT');
  assert.deepEqual(hub.requests, []);
});
