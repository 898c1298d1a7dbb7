import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readJournal } from '../../src/core/state/journal.ts';
import { sampleModel } from '../support/models.ts';
import { certificate, options } from '../support/proxied.ts';
import type { Ran } from '../support/scratch.ts';
import { sendFile, type FileOptions, WebServer } from '../support/servers/web-server.ts';
import {
  arrived,
  CONTENT,
  DOWNLOAD,
  HASH,
  OWN,
  PART,
  type Pins,
  PINNED,
  pinsOf,
  refused,
  SIZE,
  webProject,
  type WebProject,
} from '../support/web-project.ts';

const MIB = 1024 * 1024;
const LARGE = sampleModel(OWN, 40 * MIB);

/** Resolves as soon as the journal vouches for this many bytes, with how many it does. */
async function journaled({ scratch }: WebProject, bytes: number): Promise<number> {
  const received = (): number =>
    scratch.exists(`${PART}.json`) ? (readJournal(scratch.read(`${PART}.json`))?.received ?? 0) : 0;
  for await (const _ of watch(join(scratch.models, '.whisper', 'partial'))) if (received() >= bytes) break;
  return received();
}

/** Starts a download as a process of its own. */
function start({ scratch, env }: WebProject): ChildProcess {
  scratch.write('models/.whisper/partial/.keep', '');
  return scratch.start(DOWNLOAD, { env });
}

/** Kills a download as soon as its journal vouches for this many bytes; returns for how many it did. */
async function killed(project: WebProject, child: ChildProcess, bytes: number): Promise<number> {
  const known = await journaled(project, bytes);
  const ended = new Promise((done) => child.on('close', done));
  child.kill('SIGKILL');
  await ended;
  return known;
}

test('a killed download is resumed where the server has ranges', async (t) => {
  // The first answers are complete, so that the journal has them; the others stall.
  const project = await webProject(t, { pins: pinsOf(LARGE) });
  let answers = 0;
  project.web.handler = (request, response) =>
    sendFile(LARGE.content, (answers += 1) > 4 ? { stall: MIB } : {})(request, response);
  const known = await killed(project, start(project), 16 * MIB);
  project.web.handler = sendFile(LARGE.content);
  const { downloaded } = arrived(project, await project.run(DOWNLOAD), LARGE.content);
  assert.ok((downloaded[0]?.received ?? Infinity) <= 41 * MIB - known, `${downloaded[0]?.received} ${known}`);
});

test('a killed download of a server without ranges or lengths begins again', async (t) => {
  for (const framing of ['length', 'chunks'] as const) {
    const how = { hasRanges: false, framing } as const;
    const pins = framing === 'chunks' ? { sha256: pinsOf(LARGE).sha256 } : pinsOf(LARGE);
    const project = await webProject(t, { pins, handler: sendFile(LARGE.content, { ...how, stall: 34 * MIB }) });
    await killed(project, start(project), 16 * MIB);
    project.web.handler = sendFile(LARGE.content, how);
    const { downloaded } = arrived(project, await project.run(DOWNLOAD), LARGE.content);
    assert.equal(downloaded[0]?.received, 40 * MIB);
  }
});

test('a partial file of another address is resumed only where both have the same hash', async (t) => {
  for (const [pins, from] of [
    [PINNED, 100_000],
    [{ ...PINNED, sha256: 'ab'.repeat(32) }, 0],
  ] as const) {
    const project = await webProject(t);
    project.web.handler = sendFile(CONTENT, { stall: 100_000 });
    await killed(project, start(project), 1);
    const journal = readJournal(project.scratch.read(`${PART}.json`)) ?? assert.fail();
    assert.deepEqual(journal.pin, { url: project.web.url(), ...PINNED });
    assert.ok(journal.received > 0 && journal.received <= 100_000);
    const other = await WebServer.start(t, sendFile(CONTENT));
    project.declare(other.url(), pins);
    const ran = await project.run(DOWNLOAD);
    if (from > 0) arrived(project, ran);
    else refused(project, ran, 5, 'wrong-bytes');
    const [first] = other.requests;
    assert.equal(first?.headers.range, from > 0 ? `bytes=${journal.received}-` : undefined);
  }
});

/** A project whose server has a certificate, so that no hash is needed, and how a download is run there. */
async function unpinned(t: TestContext, pins: Pins = {}): Promise<{ project: WebProject; run: () => Promise<Ran> }> {
  const base = await webProject(t);
  const web = await WebServer.start(t, sendFile(CONTENT), { tls: certificate });
  const env = { ...base.env, NODE_EXTRA_CA_CERTS: base.scratch.write('ca.pem', certificate?.cert ?? '') };
  base.declare(web.url(), pins);
  return { project: { ...base, env, web }, run: () => base.scratch.spawn(DOWNLOAD, { env }) };
}

/** Leaves what a killed download has brought of the first version, and returns how much that is. */
async function leavePart(project: WebProject, headers: FileOptions['headers'] = {}): Promise<number> {
  const whole = sendFile(CONTENT, { headers });
  const stalls = sendFile(CONTENT, { headers, stall: 100_000 });
  project.web.handler = (request, response) =>
    (request.headers.range === 'bytes=0-0' ? whole : stalls)(request, response);
  return killed(project, start(project), 1);
}

const CHANGED = Buffer.from(CONTENT);
CHANGED.fill('changed', 5000);

for (const header of ['etag', 'last-modified'] as const) {
  const first = { [header]: header === 'etag' ? '"one"' : 'Tue, 01 Dec 2026 00:00:00 GMT' };
  const second = { [header]: header === 'etag' ? '"two"' : 'Wed, 02 Dec 2026 00:00:00 GMT' };

  test(`without a hash, a download is resumed while the ${header} is the same`, options, async (t) => {
    const { project, run } = await unpinned(t);
    await leavePart(project, first);
    assert.equal(readJournal(project.scratch.read(`${PART}.json`))?.pin.version, first[header]);
    project.web.handler = sendFile(CONTENT, { headers: first });
    const { downloaded } = arrived(project, await run());
    assert.ok((downloaded[0]?.received ?? SIZE) < SIZE);
  });

  test(`without a hash, a download begins again where the ${header} has changed`, options, async (t) => {
    for (const pins of [{}, { size: SIZE }]) {
      const { project, run } = await unpinned(t, pins);
      await leavePart(project, first);
      project.web.handler = sendFile(CHANGED, { headers: second });
      const ran = await run();
      const { downloaded } = arrived(project, ran, CHANGED);
      assert.ok((downloaded[0]?.received ?? 0) >= SIZE);
      assert.match(ran.stderr, /own changed on the server; starting the download again/);
    }
  });
}

test('without a hash, an ETag and a time, a download begins again in the next run', options, async (t) => {
  const { project, run } = await unpinned(t);
  await leavePart(project);
  project.web.handler = sendFile(CHANGED);
  const { downloaded } = arrived(project, await run(), CHANGED);
  assert.equal(downloaded[0]?.received, SIZE);
});

test(
  'without a hash, a file that is replaced during a download is downloaded again from the beginning',
  options,
  async (t) => {
    const { project, run } = await unpinned(t);
    const answers = [
      sendFile(CONTENT, { headers: { etag: '"one"' } }),
      sendFile(CONTENT, { headers: { etag: '"one"' }, cut: 100_000 }),
    ];
    const file = sendFile(CHANGED, { headers: { etag: '"two"' } });
    project.web.handler = (request, response) => (answers.shift() ?? file)(request, response);
    arrived(project, await run(), CHANGED);
  },
);

test(
  'without a hash, a server that sends another version each time is exit 4 after five of them',
  options,
  async (t) => {
    const { project, run } = await unpinned(t);
    let version = 0;
    project.web.handler = (request, response) =>
      sendFile(CONTENT, { headers: { etag: `"${(version += 1)}"` } })(request, response);
    const { message } = refused(project, await run(), 4, 'hub-broken');
    assert.match(message, /own changed on the server 5 times during the download/);
  },
);

test('a page in place of the file does not drop what has arrived', options, async (t) => {
  const { project, run } = await unpinned(t);
  const known = await leavePart(project, { etag: '"one"' });
  project.web.handler = sendFile(Buffer.from('<html>'), { headers: { 'content-type': 'text/html', etag: '"page"' } });
  refused(project, await run(), 5, 'intercepted');
  project.web.handler = sendFile(CONTENT, { headers: { etag: '"one"' } });
  const { downloaded } = arrived(project, await run());
  assert.equal(downloaded[0]?.received, SIZE - known);
});

test('a body without a length that breaks off is fetched again from the beginning, also where its end looks like that of the file', async (t) => {
  for (const [framing, cut] of [
    ['chunks', { cut: 100_000 }],
    ['close', {}],
  ] as const) {
    const project = await webProject(t, { pins: HASH });
    const how = { hasRanges: false, framing } as const;
    // The end of a connection may be the end of the file, until its hash says otherwise.
    const short = sendFile(framing === 'close' ? CONTENT.subarray(0, 100_000) : CONTENT, { ...how, ...cut });
    let asked = 0;
    project.web.handler = (request, response) =>
      ((asked += 1) === 2 ? short : sendFile(CONTENT, how))(request, response);
    const { downloaded } = arrived(project, await project.run(DOWNLOAD));
    assert.ok((downloaded[0]?.received ?? 0) > SIZE);
  }
});

test('what a failed download without a length has brought is removed, as no run can continue from it', async (t) => {
  const how = { hasRanges: false, framing: 'chunks', cut: 100_000 } as const;
  const project = await webProject(t, { pins: HASH, handler: sendFile(CONTENT, how) });
  refused(project, await project.run(DOWNLOAD), 4, 'hub-unreachable');
  assert.equal(project.scratch.exists(PART), false);
  assert.equal(project.scratch.exists(`${PART}.json`), false);
});
