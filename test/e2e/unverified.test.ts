import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { sampleModel } from '../support/models.ts';
import type { Ran } from '../support/scratch.ts';

const KEPT = 'ggml-tiny.en.bin';
const GONE = 'ggml-base.en.bin';
const TUNE = 'ggml-small.en.bin';
const SIZES = { [KEPT]: 4000, [GONE]: 5000, [TUNE]: 6000 };
const REASON = 'its sha256 does not match the catalogue';

/** Another model of the same size as one of the catalogue. */
const OWN = sampleModel('a fine-tune', SIZES[TUNE]).content;

/** Files that another program put there: one with the catalogue's bytes, one with others. */
async function project(t: TestContext): Promise<HubProject> {
  const it = await hubProject(t, SIZES, [KEPT]);
  await it.place([KEPT, GONE]);
  it.scratch.writeModel(TUNE, OWN);
  return it;
}

function document({ code, stdout, stderr }: Ran): Readonly<Record<string, unknown>> {
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

test('prune hashes a file without a record, and keeps one whose bytes are not the catalogue’s', async (t) => {
  const { run, scratch, env } = await project(t);
  const ran = await scratch.spawn(['prune', '--json'], { env });
  const { removed, unmanaged, freed } = document(ran);
  assert.deepEqual([removed, freed], [[{ name: GONE, size: 5000 }], 5000]);
  assert.deepEqual(unmanaged, [{ name: TUNE, size: 6000, reason: REASON }]);
  assert.match(ran.stderr, /^Hashing base\.en, small\.en \(11\.0 kB\): /);
  assert.deepEqual(readFileSync(join(scratch.models, TUNE)), OWN);
  const again = await run(['prune', '--json']);
  assert.deepEqual(document(again)['unmanaged'], [{ name: TUNE, size: 6000, reason: REASON }]);
  assert.equal(again.stderr, '', 'a file is hashed once');
  const changed = Buffer.from(OWN);
  changed[100] = 0;
  scratch.writeModel(TUNE, changed);
  assert.match((await run(['prune', '--json'])).stderr, /^Hashing small\.en/, 'and again after it has changed');
  assert.deepEqual(scratch.modelNames(), [TUNE, KEPT]);
  const all = await run(['prune', '--unmanaged', '--json']);
  assert.deepEqual([document(all)['removed'], all.stderr], [[{ name: TUNE, size: 6000 }], '']);
});

for (const args of [['sync'], ['download', 'tiny.en']]) {
  test(`${args[0]} hashes before it prunes, and keeps what has other bytes`, async (t) => {
    const { run, scratch } = await project(t);
    const planned = await run([...args, '-n', '--json']);
    assert.deepEqual(document(planned)['pruned'], [{ name: GONE, size: 5000 }]);
    assert.deepEqual(scratch.modelNames(), [GONE, TUNE, KEPT]);
    const ran = await run([...args, '--json']);
    assert.deepEqual(document(ran)['pruned'], [{ name: GONE, size: 5000 }]);
    assert.deepEqual(scratch.modelNames(), [TUNE, KEPT]);
    assert.equal((await run([...args, '-n', '--json'])).stderr, '', 'a file is hashed once');
  });
}

test('a download counts what hashing will free before it checks the space', async (t) => {
  const { run, scratch } = await project(t);
  const plan = await run(['download', 'base.en', '-n']);
  assert.equal(plan.code, 0, plan.stderr);
  assert.doesNotMatch(plan.stdout, /would remove/, 'what is asked for is not hashed');
  assert.match((await run(['sync', '-n'])).stdout, /would remove base\.en[^]*frees 5\.0 kB/);
  assert.equal(scratch.exists('models/.whisper'), false);
});

test('a dry run hashes too, shows exactly what would be removed, and writes nothing', async (t) => {
  const { run, scratch } = await project(t);
  const before = scratch.snapshot();
  const ran = await run(['prune', '-n', '--exit-code', '--json']);
  assert.equal(ran.code, 8);
  const { removed, unmanaged } = JSON.parse(ran.stdout);
  assert.deepEqual([removed, unmanaged], [[{ name: GONE, size: 5000 }], [{ name: TUNE, size: 6000, reason: REASON }]]);
  assert.deepEqual(scratch.snapshot(), before);
  scratch.writeRegistry([KEPT, GONE]);
  assert.equal((await run(['prune', '-n', '--exit-code'])).code, 0, 'nothing of the rest would go');
});

test('list, check and doctor do not hash, and do not count files without a record', async (t) => {
  const { run, scratch } = await project(t);
  const before = scratch.snapshot();
  const { disk, models } = JSON.parse((await run(['list', '--json'])).stdout);
  assert.equal(disk.reclaimable, 0);
  const managed = models.map(({ name, managed: is }: { name: string; managed: boolean }) => [name, is]);
  assert.deepEqual(Object.fromEntries(managed), { [KEPT]: false, [GONE]: false, [TUNE]: false });
  const sentence =
    /Unverified: base\.en, small\.en \(11\.0 kB\): whisper prune hashes them, and removes only those that match the catalogue/;
  for (const command of ['list', 'check', 'doctor']) {
    const { stdout, stderr } = await run([command]);
    assert.match(stdout.replaceAll(/\s+/g, ' '), sentence, command);
    assert.doesNotMatch(stderr, /Hashing/);
  }
  assert.match((await run(['list'])).stdout, /base\.en .*not listed; unverified/);
  assert.deepEqual(JSON.parse((await run(['check', '--json'])).stdout).drift.extra, []);
  assert.deepEqual(scratch.snapshot(), before);
});

test('prune uses the result of verify: corrupt files are kept, valid ones removed, without another hash', async (t) => {
  const { run, scratch } = await project(t);
  assert.equal((await run(['verify'])).code, 5);
  const planned = await run(['prune', '-n', '--json']);
  assert.deepEqual([document(planned)['removed'], planned.stderr], [[{ name: GONE, size: 5000 }], '']);
  assert.deepEqual(document(planned)['unmanaged'], [{ name: TUNE, size: 6000, reason: REASON }]);
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [TUNE, KEPT]);
});

test('a downloaded file that verify found corrupt is kept until its bytes change', async (t) => {
  const { run, scratch, models } = await hubProject(t, SIZES, [KEPT, TUNE]);
  assert.equal((await run(['sync'])).code, 0);
  const path = join(scratch.models, TUNE);
  const { atime, mtime } = statSync(path);
  chmodSync(path, 0o644);
  scratch.writeModel(TUNE, OWN);
  // As a disk that lost a bit: neither size nor time nor inode tell.
  utimesSync(path, atime, mtime);
  assert.equal((await run(['verify'])).code, 5);
  scratch.writeRegistry([KEPT]);
  assert.deepEqual(document(await run(['prune', '--json']))['removed'], []);
  assert.equal((await run(['verify'])).code, 5, 'verify still knows what it should be');
  scratch.writeModel(TUNE, models[TUNE]?.content ?? assert.fail());
  assert.deepEqual(document(await run(['prune', '--json']))['removed'], [{ name: TUNE, size: 6000 }]);
});

test('a hash that is only in a lock file makes no file removable', async (t) => {
  const { run, scratch } = await project(t);
  const mine = sampleModel('ggml-mine.bin', 3000);
  scratch.writeModel('ggml-mine.bin', mine.content);
  const tune = sampleModel('a fine-tune', SIZES[TUNE]).entry;
  const pins = [mine.entry, { ...tune, file: TUNE }];
  scratch.write('nix/whisper-models.lock.json', JSON.stringify({ version: 1, models: pins }));
  assert.equal((await run(['verify', 'mine', 'small.en'])).code, 0, 'the bytes are those that the lock file pins');
  for (const command of ['prune', 'sync']) assert.equal((await run([command])).code, 0);
  assert.deepEqual(scratch.modelNames(), ['ggml-mine.bin', TUNE, KEPT]);
});

test('where the lock file pins other bytes than the catalogue, the catalogue decides what is removed', async (t) => {
  const { run, scratch } = await project(t);
  const pin = { ...sampleModel('other bytes', SIZES[GONE]).entry, file: GONE };
  scratch.write('nix/whisper-models.lock.json', JSON.stringify({ version: 1, models: [pin] }));
  assert.deepEqual(document(await run(['prune', '--json']))['removed'], [{ name: GONE, size: 5000 }]);
});

test('a file that cannot be read is kept, with the reason', async (t) => {
  const { scratch, env } = await project(t);
  chmodSync(join(scratch.models, GONE), 0);
  const { removed, unmanaged } = document(await scratch.spawn(['prune', '--json'], { env, asPlainUser: true }));
  assert.deepEqual(removed, []);
  const [first] = unmanaged as readonly { name: string; reason: string }[];
  assert.equal(first?.name, GONE);
  assert.match(first.reason, /could not be hashed/);
});

test('a link that has the name and size of a model is neither hashed nor removed', async (t) => {
  const { run, scratch, models } = await hubProject(t, SIZES, [KEPT]);
  await run(['sync']);
  symlinkSync(scratch.write('elsewhere.bin', models[GONE]?.content ?? ''), join(scratch.models, GONE));
  const ran = await run(['prune', '--json']);
  assert.deepEqual([document(ran)['removed'], ran.stderr], [[], '']);
});

test('prune --quiet prints one line about hashing', async (t) => {
  const { run, scratch } = await project(t);
  const ran = await run(['prune', '--quiet']);
  assert.match(ran.stderr, /^Hashing base\.en, small\.en \(11\.0 kB\): [^\n]+\n$/);
  assert.equal(ran.stdout, 'removed base.en (5.0 kB)\nFreed 5.0 kB\n');
  assert.deepEqual(await run(['prune', '--quiet']), { code: 0, stdout: '', stderr: '' });
  assert.deepEqual(scratch.modelNames(), [TUNE, KEPT]);
});

test('a list that is empty, or has a typo, is refused before anything is hashed', async (t) => {
  const { run, scratch } = await project(t);
  for (const active of [[], ['ggml-bas.en.bin']]) {
    scratch.writeRegistry(active);
    const before = scratch.snapshot();
    const ran = await run(['prune']);
    assert.equal(ran.code, 3);
    assert.doesNotMatch(ran.stderr, /Hashing/);
    assert.deepEqual(scratch.snapshot(), before);
  }
});
