import assert from 'node:assert/strict';
import { linkSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import type { Ran } from '../support/scratch.ts';

const BASE = 'ggml-base.en.bin';
const TINY = 'ggml-tiny.en.bin';

/** Both models fetched; the log of the hub is empty. */
async function synced(t: TestContext): Promise<HubProject> {
  const project = await hubProject(t, { [BASE]: 60_000, [TINY]: 4096 }, [BASE, TINY]);
  assert.equal((await project.run(['sync'])).code, 0);
  project.hub.requests.length = 0;
  return project;
}

interface Row {
  readonly name: string;
  readonly status: string;
  readonly expected: string | null;
  readonly actual: string | null;
}

function statuses(ran: Ran): Readonly<Record<string, string>> {
  const { models } = JSON.parse(ran.stdout) as { models: readonly Row[] };
  return Object.fromEntries(models.map(({ name, status }) => [name, status]));
}

/** Replaces a model's bytes, keeping its size unless told otherwise. */
function damage({ scratch, models }: HubProject, name: string, change: (bytes: Buffer) => Buffer): void {
  const bytes = change(Buffer.from(models[name]?.content ?? assert.fail()));
  const path = scratch.write(`models/${name}.new`, bytes);
  renameSync(path, join(scratch.models, name));
}

const flip = (bytes: Buffer): Buffer => {
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  return bytes;
};

test('verify hashes all listed and existing models, without the network', async (t) => {
  const project = await synced(t);
  const { scratch, hub, models } = project;
  scratch.writeModel('ggml-own.bin', Buffer.from('lmgg my own'));
  const ran = await project.run(['verify', '--json']);
  assert.equal(ran.code, 0, ran.stdout);
  const rows = (JSON.parse(ran.stdout) as { models: readonly Row[] }).models;
  const sha256 = models[BASE]?.entry.sha256;
  assert.deepEqual(rows[0], { name: BASE, status: 'ok', expected: sha256, actual: sha256 });
  assert.deepEqual(statuses(ran), { [BASE]: 'ok', [TINY]: 'ok', 'ggml-own.bin': 'unknown' });
  assert.deepEqual(hub.requests, []);
});

test('a flipped bit is found, with both hashes, and exit 5', async (t) => {
  const project = await synced(t);
  damage(project, BASE, flip);
  const ran = await project.run(['verify', '--json', 'base.en']);
  const [row, ...others] = (JSON.parse(ran.stdout) as { models: readonly Row[] }).models;
  assert.equal(ran.code, 5);
  assert.deepEqual([row?.status, row?.expected, others], ['corrupt', project.models[BASE]?.entry.sha256, []]);
  assert.notEqual(row?.actual, row?.expected);
  const { stdout } = await project.run(['verify']);
  assert.match(
    stdout,
    /✗ base\.en +\S+ kB {2}corrupt\n[^]*base\.en: .*\n {2}sha256 [0-9a-f]{64}\n {2}not {4}[0-9a-f]{64}\n/,
  );
  assert.match(stdout, /Run whisper verify --repair to replace the 1 corrupt model/);
  assert.deepEqual(project.hub.requests, []);
});

test('a missing model is reported, and downloaded by --repair if it is listed', async (t) => {
  const project = await synced(t);
  renameSync(join(project.scratch.models, TINY), join(project.scratch.path, 'away'));
  assert.deepEqual(statuses(await project.run(['verify', '--json'])), { [BASE]: 'ok', [TINY]: 'missing' });
  assert.equal((await project.run(['verify'])).code, 5);
  const ran = await project.run(['verify', '--repair', '--json']);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(JSON.parse(ran.stdout).repaired, [TINY]);
});

test('verify suggests download for a missing, unlisted model', async (t) => {
  const { run } = await hubProject(t, { [BASE]: 60_000, [TINY]: 4096 }, [BASE]);
  const unlisted = await run(['verify', 'tiny.en']);
  assert.equal(unlisted.code, 5);
  assert.match(unlisted.stdout, /Run whisper download tiny\.en for the others\n$/);
  assert.doesNotMatch(unlisted.stdout, /whisper sync/);
  const both = await run(['verify', 'tiny.en', 'base.en']);
  assert.match(both.stdout, /Run whisper sync to download the missing models\nRun whisper download tiny\.en/);
});

for (const [name, change] of [
  ['a flipped bit', flip],
  ['a page', () => Buffer.from('<!doctype html><title>Log in</title>')],
  ['nothing at all', () => Buffer.alloc(0)],
] as const) {
  test(`repair: ${name} is fetched again, and nothing else is touched`, async (t) => {
    const project = await synced(t);
    const { scratch, models } = project;
    damage(project, BASE, change);
    const registry = scratch.read(scratch.registry);
    const tiny = statSync(join(scratch.models, TINY)).ino;
    const ran = await project.run(['verify', '--repair', '--json']);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.deepEqual(statuses(ran), { [BASE]: 'ok', [TINY]: 'ok' });
    assert.deepEqual(JSON.parse(ran.stdout).repaired, [BASE]);
    assert.ok(readFileSync(join(scratch.models, BASE)).equals(models[BASE]?.content ?? Buffer.alloc(0)));
    assert.equal(statSync(join(scratch.models, TINY)).ino, tiny);
    assert.equal(scratch.read(scratch.registry), registry);
  });
}

test('repair: a hub that fails leaves the bad file where it is', async (t) => {
  const project = await synced(t);
  damage(project, BASE, flip);
  project.hub.inject({ where: 'resolve', status: 404, errorCode: 'EntryNotFound', times: Infinity });
  const before = readFileSync(join(project.scratch.models, BASE));
  assert.equal((await project.run(['verify', '--repair'])).code, 4);
  assert.ok(readFileSync(join(project.scratch.models, BASE)).equals(before));
});

test('repair does not touch links and files that may be the user’s own', async (t) => {
  const project = await hubProject(t, { [BASE]: 60_000, [TINY]: 4096 }, [BASE, TINY]);
  const { scratch, hub } = project;
  const own = Buffer.from('lmgg my own base.en');
  scratch.writeModel(BASE, own);
  symlinkSync(scratch.write('elsewhere.bin', 'lmgg'), join(scratch.models, TINY));
  const ran = await project.run(['verify', '--repair', '--json']);
  assert.equal(ran.code, 5);
  assert.deepEqual(statuses(ran), { [BASE]: 'corrupt', [TINY]: 'corrupt' });
  assert.match(ran.stderr, /may be your own file.*to replace it, run whisper download --force base\.en/);
  assert.match(ran.stderr, /is a symbolic link and was not changed/);
  assert.deepEqual(readFileSync(join(scratch.models, BASE)), own);
  assert.deepEqual(hub.requests, []);
});

test('verify writes records, so that files of other tools are managed, whatever the catalogue says later', async (t) => {
  const project = await hubProject(t, { [BASE]: 60_000 }, [BASE]);
  const { scratch, models } = project;
  scratch.writeModel(BASE, models[BASE]?.content ?? assert.fail());
  assert.equal((await project.run(['verify'])).code, 0);
  const record = JSON.parse(scratch.read(`models/.whisper/records/${BASE}.json`));
  assert.equal(record.sha256, models[BASE]?.entry.sha256);
  assert.ok(Date.parse(record.verifiedAt) > 0);
  scratch.writeCatalogue([]);
  const listed = JSON.parse((await project.run(['list', '--json'])).stdout);
  assert.equal(listed.models.find((model: { name: string }) => model.name === BASE).managed, true);
});

test('the record of a file has the time of its last verification', async (t) => {
  const project = await synced(t);
  const path = `models/.whisper/records/${BASE}.json`;
  const before = JSON.parse(project.scratch.read(path));
  assert.equal((await project.run(['verify', 'base.en'])).code, 0);
  const { verifiedAt, ...after } = JSON.parse(project.scratch.read(path));
  assert.ok(verifiedAt > before.verifiedAt);
  assert.deepEqual({ ...after, verifiedAt: before.verifiedAt }, before);
});

test('a hard link is verified like any file, and an unknown name suggests similar ones', async (t) => {
  const project = await synced(t);
  linkSync(join(project.scratch.models, BASE), join(project.scratch.path, 'second'));
  assert.equal((await project.run(['verify', 'base.en'])).code, 0);
  const ran = await project.run(['verify', 'bsae.en', '--json']);
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [2, 'unknown-model']);
});
