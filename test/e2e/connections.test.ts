import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { readJournal } from '../../src/core/state/journal.ts';
import { SAMPLE_REPO, SAMPLE_REVISION } from '../support/models.ts';
import type { Ran } from '../support/scratch.ts';
import { LARGE, largeModel, MIB, publishedBytes } from './large-model.ts';
import { jsonError } from './wanted-model.ts';

type Project = Awaited<ReturnType<typeof largeModel>>;

const SIZE = 48 * MIB;

function assertArrived(project: Project, ran: Ran): void {
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.equal(createHash('sha256').update(publishedBytes(project)).digest('hex'), project.put.sha256);
  assert.deepEqual(project.hub.leaks, []);
}

/** The most connections that a download had, as it says under -v. */
function connections({ stderr }: Ran): number {
  return Number(/\bconnections (\d+)/.exec(stderr)?.[1]);
}

const sent = ({ hub }: Project): number => hub.requests.reduce((sum, { bytesSent }) => sum + bytesSent, 0);

for (const [args, least, most] of [
  [[], 8, 8],
  [['--connections', '3'], 3, 3],
  [['--connections', '1'], 1, 1],
] as const) {
  test(`slow connections grow to ${most}: ${args.join(' ')}`, async (t) => {
    const project = await largeModel(t, SIZE);
    project.hub.bytesPerSecond = most === 1 ? 200e6 : 8e6;
    const ran = await project.run(['download', 'medium.en', '-v', ...args]);
    assertArrived(project, ran);
    assert.ok(connections(ran) >= least && connections(ran) <= most, `${connections(ran)}`);
    // The bytes come once; what another connection took over may have been under way.
    assert.ok(sent(project) < SIZE * 1.1, `${sent(project)}`);
    const resolved = project.hub.requests.filter(({ url }) => url.includes('/resolve/'));
    assert.equal(resolved.length, 1, 'the hub itself is asked once');
  });
}

test('a download completes although every connection drops, requests are limited and URLs expire', async (t) => {
  const project = await largeModel(t, SIZE);
  const { hub } = project;
  hub.signedUrls({ ttlSeconds: 1 });
  hub.inject({ where: 'cdn', end: 2 * MIB, times: Infinity });
  hub.inject({ where: 'cdn', status: 429, retryAfter: 1, passes: 5 });
  hub.inject({ where: 'cdn', status: 429, retryAfter: 1, passes: 12 });
  const ran = await project.run(['download', 'medium.en', '--json']);
  assertArrived(project, ran);
  assert.ok(sent(project) < SIZE * 1.1, `${sent(project)}`);
});

test('a download completes from a server that allows two connections', async (t) => {
  const project = await largeModel(t, SIZE);
  project.hub.maxCdnRequests = 2;
  project.hub.bytesPerSecond = 40e6;
  // Waits that took no time would be over before the server is done with the answers that there were too many of.
  const delay = async (milliseconds: number): Promise<void> => wait(milliseconds / 10);
  assertArrived(project, await project.run(['download', 'medium.en', '--json'], { delay }));
});

test('a server that ignores ranges sends the whole file over one connection', async (t) => {
  const project = await largeModel(t, SIZE);
  project.hub.inject({ where: 'cdn', ignoreRange: true, times: Infinity });
  assertArrived(project, await project.run(['download', 'medium.en', '--json']));
});

for (const [name, fault] of [
  ['a bit that is flipped once', { flip: 30 * MIB, times: 1, passes: 4 }],
  ['ranges that are answered with 200', { okWithContentRange: true, times: Infinity }],
  ['an address that is refused once', { status: 403, times: 1, passes: 3 }],
  ['another part of the file, twice', { contentRange: 'bytes 7-9/10', times: 2, passes: 2 }],
  ['a connection that stalls', { stall: MIB, times: 1, passes: 2 }],
] as const) {
  test(`arrives over several connections: ${name}`, async (t) => {
    const project = await largeModel(t, SIZE);
    project.hub.inject({ where: 'cdn', ...fault });
    const env = { HF_HUB_DOWNLOAD_TIMEOUT: '0.3' };
    assertArrived(project, await project.run(['download', 'medium.en', '--json'], { env }));
  });
}

test('a bit that is always flipped is exit 5, with both hashes, after two downloads', async (t) => {
  const project = await largeModel(t, SIZE);
  project.hub.inject({ where: 'cdn', flip: 30 * MIB, times: Infinity });
  const ran = await project.run(['download', 'medium.en', '--json']);
  const { code, expected, actual } = jsonError(ran) as Record<string, Record<string, string>>;
  assert.deepEqual([ran.code, code, expected?.['sha256']], [5, 'wrong-bytes', project.put.sha256]);
  assert.match(actual?.['sha256'] ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(project.scratch.modelNames(), []);
});

test('bytes that the disk lost are detected by checksum and downloaded again, and no others', async (t) => {
  const project = await largeModel(t, SIZE);
  const { hub, scratch } = project;
  const down = hub.inject({ where: 'cdn', status: 503, passes: 4, times: Infinity });
  assert.equal((await project.run(['download', 'medium.en', '--json'])).code, 4);
  down.remove();
  const part = join(scratch.models, '.whisper', 'partial', `${LARGE}.part`);
  const journal = readJournal(readFileSync(`${part}.json`, 'utf8')) ?? assert.fail();
  const lost = journal.finished.find(({ crc }) => crc !== undefined) ?? assert.fail('no checksum');
  const bytes = readFileSync(part);
  bytes.fill(0, lost.start, lost.end);
  writeFileSync(part, bytes);
  const ran = await project.run(['download', 'medium.en', '--json']);
  assertArrived(project, ran);
  const { received } = JSON.parse(ran.stdout).downloaded[0];
  const missing = SIZE - journal.received + (lost.end - lost.start);
  assert.ok(received >= missing && received < missing + 4 * MIB, `${received} ${missing}`);
});

test('two downloads share the connections', async (t) => {
  const project = await largeModel(t, SIZE);
  const { hub, put, scratch } = project;
  const second = 'ggml-small.en.bin';
  const { repo, revision } = { repo: SAMPLE_REPO, revision: SAMPLE_REVISION };
  const other = hub.put({ repo, path: second, revision, content: { size: SIZE, seed: 5 } });
  const entry = (file: string, sha256: string): object => ({ file, repo, revision, size: SIZE, sha256 });
  scratch.writeCatalogue([entry(LARGE, put.sha256), entry(second, other.sha256)]);
  hub.bytesPerSecond = 10e6;
  const ran = await project.run(['download', 'medium.en', 'small.en', '-v']);
  assertArrived(project, ran);
  const each = [...ran.stderr.matchAll(/\bconnections (\d+)/g)].map(([, count]) => Number(count));
  assert.equal(each.length, 2);
  assert.ok(
    each.every((count) => count >= 2 && count <= 8),
    each.join(' '),
  );
});

test('the failure of one model does not stop the download of another', async (t) => {
  const project = await largeModel(t, SIZE);
  const { scratch, put } = project;
  const [repo, revision, size] = [SAMPLE_REPO, SAMPLE_REVISION, SIZE];
  const gone = { file: 'ggml-small.en.bin', repo, revision, size, sha256: 'a'.repeat(64) };
  scratch.writeCatalogue([gone, { file: LARGE, repo, revision, size, sha256: put.sha256 }]);
  const ran = await project.run(['download', 'small.en', 'medium.en', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [4, 'hub-not-found']);
  assert.match(ran.stderr, /Downloaded despite the failure: medium\.en/);
  assert.deepEqual(scratch.modelNames(), [LARGE]);
  assert.match(scratch.read(scratch.registry), /medium\.en/);
  assert.doesNotMatch(scratch.read(scratch.registry), /small\.en/);
});

test('a download does not wait for a rate limit once all bytes have arrived', async (t) => {
  const project = await largeModel(t, SIZE);
  const { hub } = project;
  hub.inject({ where: 'cdn', ignoreRange: true, passes: 1, times: Infinity });
  hub.inject({ where: 'cdn', status: 429, retryAfter: 300, passes: 2, times: Infinity });
  const waits: (AbortSignal | undefined)[] = [];
  // A wait that only ends when it is not worth it any more.
  const delay = (_milliseconds: number, until?: AbortSignal): Promise<void> => {
    waits.push(until);
    return new Promise((_resolve, reject) => {
      until?.addEventListener('abort', () => reject(new Error('over')));
    });
  };
  assertArrived(project, await project.run(['download', 'medium.en', '--json'], { delay }));
  assert.ok(waits.length > 0);
  assert.ok(waits.every((until) => until?.aborted));
});
