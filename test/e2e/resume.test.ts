import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { readJournal } from '../../src/core/state/journal.ts';
import type { HubProject } from '../support/hub-project.ts';
import type { Ran } from '../support/scratch.ts';
import { journaled, LARGE, largeModel, MIB, publishedBytes } from './large-model.ts';
import { assertPublished, jsonError, SIZE, WANTED, wantedModel } from './wanted-model.ts';

const PART = `models/.whisper/partial/${WANTED}.part`;

/** Stalls the content after `bytes` and interrupts the download then. */
async function interrupted(project: HubProject, bytes: number, reason = 'SIGINT'): Promise<Ran> {
  const controller = new AbortController();
  const stalled = project.hub.inject({ where: 'cdn', stall: bytes });
  const running = project.run(['download', 'base.en', '--json'], {
    signal: controller.signal,
    env: { WHISPER_LOG: 'silent' },
  });
  await stalled.done;
  controller.abort(reason);
  return running;
}

for (const [reason, exit, code] of [
  ['SIGINT', 130, 'interrupted'],
  ['SIGTERM', 143, 'terminated'],
  ['SIGHUP', 143, 'terminated'],
] as const) {
  test(`${reason} ends a download with ${exit} and does not change the models and the registry`, async (t) => {
    const project = await wantedModel(t);
    const before = project.scratch.read(project.scratch.registry);
    const ran = await interrupted(project, 100_000, reason);
    assert.equal(ran.code, exit);
    assert.equal(jsonError(ran)['code'], code);
    assert.match(String(jsonError(ran)['hint']), /the same command again to resume/);
    assert.equal(project.scratch.read(project.scratch.registry), before);
    assert.deepEqual(project.scratch.modelNames(), ['ggml-tiny.en.bin']);
  });
}

test('a failed download is resumed by the next run', async (t) => {
  const project = await wantedModel(t);
  project.hub.inject({ where: 'cdn', end: 123_456 });
  const down = project.hub.inject({ where: 'cdn', status: 503, passes: 1, times: Infinity });
  const failed = await project.run(['download', 'base.en', '--json']);
  assert.equal(failed.code, 4);
  down.remove();
  project.hub.requests.length = 0;
  const ran = await project.run(['download', 'base.en', '--json']);
  assertPublished(project, ran);
  const [, content] = project.hub.requests;
  const from = Number(/^bytes=(\d+)-$/.exec(content?.headers.range ?? '')?.[1]);
  assert.ok(from > 0 && from <= 123_456, `${from}`);
  assert.equal(content?.bytesSent, SIZE - from);
  assert.equal(JSON.parse(ran.stdout).downloaded[0].received, SIZE - from);
});

/** Leaves a partial file of at most 100,000 bytes behind. */
async function withPartial(project: HubProject): Promise<number> {
  project.hub.inject({ where: 'cdn', end: 100_000 });
  const down = project.hub.inject({ where: 'cdn', status: 503, passes: 1, times: Infinity });
  assert.equal((await project.run(['download', 'base.en'])).code, 4);
  down.remove();
  project.hub.requests.length = 0;
  return readJournal(project.scratch.read(`${PART}.json`))?.received ?? 0;
}

const journal = (fields: object): string =>
  JSON.stringify({ repo: 'example/models', revision: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00', ...fields });
const damages: readonly [string, (project: HubProject) => void][] = [
  ['half a journal', ({ scratch }) => void scratch.write(`${PART}.json`, scratch.read(`${PART}.json`).slice(0, 30))],
  ['an empty journal', ({ scratch }) => void scratch.write(`${PART}.json`, '')],
  ['a journal of another shape', ({ scratch }) => void scratch.write(`${PART}.json`, '{"finished": 5}')],
  [
    'a journal of another size',
    ({ scratch }) => void scratch.write(`${PART}.json`, journal({ size: 7, finished: [[0, 100_000]] })),
  ],
  [
    'a journal of another digest',
    ({ scratch }) => void scratch.write(`${PART}.json`, journal({ sha256: 'f'.repeat(64), finished: [[0, 100_000]] })),
  ],
  [
    'a journal of another repository',
    ({ scratch }) => void scratch.write(`${PART}.json`, journal({ repo: 'other/models', finished: [[0, 100_000]] })),
  ],
  [
    'a journal of another revision',
    ({ scratch }) => void scratch.write(`${PART}.json`, journal({ revision: 'main', finished: [[0, 100_000]] })),
  ],
  ['a part that was cut', ({ scratch }) => void scratch.write(PART, Buffer.alloc(10))],
];
for (const [name, damage] of damages) {
  test(`starts over after ${name}`, async (t) => {
    const project = await wantedModel(t);
    await withPartial(project);
    damage(project);
    const ran = await project.run(['download', 'base.en', '--json']);
    assertPublished(project, ran);
    assert.deepEqual(
      project.hub.requests.map(({ headers }) => headers.range),
      [undefined, undefined],
    );
    assert.equal(JSON.parse(ran.stdout).downloaded[0].received, SIZE);
  });
}

test('a journal that lists bytes that were not written is detected by the sha256', async (t) => {
  const project = await wantedModel(t);
  await withPartial(project);
  project.scratch.write(`${PART}.json`, journal({ size: SIZE, finished: [[0, 200_000]] }));
  assertPublished(project, await project.run(['download', 'base.en', '--json']));
});

test('bytes that changed on the disk are detected by checksum, and only those are downloaded again', async (t) => {
  const project = await wantedModel(t);
  const from = await withPartial(project);
  const bytes = Buffer.from(project.models[WANTED]?.content.subarray(0, from) ?? '');
  bytes[from - 1] = (bytes[from - 1] ?? 0) ^ 1;
  project.scratch.write(PART, bytes);
  const ran = await project.run(['download', 'base.en', '--json']);
  assertPublished(project, ran);
  assert.equal(JSON.parse(ran.stdout).downloaded[0].received, SIZE);
  assert.match(ran.stderr, /lost the unfinished download on disk/);
});

for (const [name, env] of [
  ['', {}],
  [' where nothing may be fetched', { HF_HUB_OFFLINE: '1' }],
] as const) {
  test(`a complete partial file is published without the network${name}`, async (t) => {
    const project = await wantedModel(t);
    await withPartial(project);
    project.scratch.write(PART, project.models[WANTED]?.content ?? '', 0o444);
    project.scratch.write(
      `${PART}.json`,
      journal({ finished: [[0, SIZE]], sha256: project.models[WANTED]?.entry.sha256 }),
    );
    const ran = await project.run(['download', 'base.en', '--json'], { env });
    assertPublished(project, ran);
    assert.deepEqual(project.hub.requests, []);
    assert.equal(JSON.parse(ran.stdout).downloaded[0].received, 0);
  });
}

test('offline, a missing model is an error without a request', async (t) => {
  const project = await wantedModel(t);
  const ran = await project.run(['download', 'base.en', '--json'], { env: { HF_HUB_OFFLINE: 'yes' } });
  assert.deepEqual([ran.code, jsonError(ran)['code']], [4, 'hub-offline']);
  assert.deepEqual(project.hub.requests, []);
});

for (const [signal, exit] of [
  ['SIGKILL', null],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`a process that gets ${signal} loses at most what its journal does not list yet`, async (t) => {
    const project = await largeModel(t, 40 * MIB);
    const { hub, scratch, env } = project;
    const stalls = hub.inject({ where: 'cdn', stall: MIB, passes: 4, times: Infinity });
    scratch.write('models/.whisper/partial/.keep', '');
    // The first four segments, and what the next ones brought before they stalled.
    const reached = journaled(project, 17 * MIB);
    let kill: (signal: NodeJS.Signals) => void = () => {};
    const running = scratch.spawn(['download', 'medium.en', '-v'], { env, onStderr: (_text, end) => (kill = end) });
    const known = await reached;
    kill(signal);
    const ran = await running;
    assert.equal(ran.code, exit, ran.stderr);
    assert.deepEqual(scratch.modelNames(), []);
    assert.doesNotMatch(scratch.read(scratch.registry), /medium/);

    stalls.remove();
    const again = await project.run(['download', 'medium.en', '--json']);
    assert.equal(again.code, 0, again.stdout + again.stderr);
    const { received } = JSON.parse(again.stdout).downloaded[0];
    // Where a connection takes over the tail of another one, a little may come twice.
    assert.ok(received <= 41 * MIB - known, `${received} ${known}`);
    assert.equal(createHash('sha256').update(publishedBytes(project)).digest('hex'), project.put.sha256);
    assert.match(scratch.read(scratch.registry), new RegExp(`"${LARGE}"`));
  });
}

test('waiting for the rate limit ends with the download', async (t) => {
  const project = await wantedModel(t);
  project.hub.inject({ where: 'cdn', end: 60_000, times: 3 });
  const waits: (AbortSignal | undefined)[] = [];
  const delay = async (_milliseconds: number, until?: AbortSignal): Promise<void> => void waits.push(until);
  assertPublished(project, await project.run(['download', 'base.en', '--json', '--limit-rate', '10K'], { delay }));
  assert.ok(waits.length > 3);
  assert.ok(waits.every((until) => until?.aborted));
});
