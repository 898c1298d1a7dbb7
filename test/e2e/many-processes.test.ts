import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LoggedRequest } from '../support/fake-hub/origin.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { sampleModel } from '../support/models.ts';
import { randomRuns } from '../support/runs.ts';
import type { Ran } from '../support/scratch.ts';

const EIGHT = ['tiny', 'tiny.en', 'base', 'base.en', 'small', 'small.en', 'medium', 'medium.en'];
const SIZE = 300_000;

const { numRuns: ROUNDS } = randomRuns(3, 600);

const fileOf = (name: string): string => `ggml-${name}.bin`;
const listedIn = (text: string): readonly string[] =>
  [...text.matchAll(/"ggml-(.+)\.bin"/g)].map(([, name = '']) => name).toSorted();
const transfers = ({ hub }: HubProject): readonly LoggedRequest[] =>
  hub.requests.filter(({ origin }) => origin === 'cdn');

function assertDone(ran: readonly Ran[]): void {
  for (const { code, stdout, stderr } of ran) assert.equal(code, 0, stdout + stderr);
}

function assertRight({ scratch, models }: HubProject, name: string): void {
  const found = readFileSync(join(scratch.models, fileOf(name)));
  assert.ok(found.equals(models[fileOf(name)]?.content ?? Buffer.alloc(0)), `the bytes of ${name}`);
}

test('eight processes that download the same model fetch it once, and register it once', async (t) => {
  const project = await hubProject(t, { [fileOf('base.en')]: SIZE });
  const { scratch, env } = project;
  const ran = await Promise.all(EIGHT.map(() => scratch.spawn(['download', 'base.en', '--json'], { env })));
  assertDone(ran);
  assert.equal(transfers(project).length, 1, 'the hub sent its bytes once');
  assert.deepEqual(scratch.modelNames(), [fileOf('base.en')]);
  assertRight(project, 'base.en');
  assert.deepEqual(listedIn(scratch.read(scratch.registry)), ['base.en']);
  const fetched = ran.flatMap(({ stdout }) => JSON.parse(stdout).downloaded as readonly unknown[]);
  assert.equal(fetched.length, 1, 'one of them says that it fetched it');
});

test('eight processes that download eight models into one registry register them all', async (t) => {
  const project = await hubProject(t, Object.fromEntries(EIGHT.map((name) => [fileOf(name), SIZE])));
  const { scratch, env } = project;
  assertDone(await Promise.all(EIGHT.map((name) => scratch.spawn(['download', name, '--json'], { env }))));
  assert.deepEqual(listedIn(scratch.read(scratch.registry)), EIGHT.toSorted());
  assert.deepEqual(scratch.modelNames(), EIGHT.map(fileOf).toSorted());
  for (const name of EIGHT) assertRight(project, name);
  assert.equal(transfers(project).length, EIGHT.length);
  assert.equal((await project.run(['sync', '--dry-run', '--exit-code'])).code, 0, 'nothing is left to do');
});

test('eight processes that prune files without a record remove what has the catalogue’s bytes, and nothing else', async (t) => {
  const project = await hubProject(t, Object.fromEntries(EIGHT.map((name) => [fileOf(name), SIZE])), [fileOf('tiny')]);
  const { scratch, env, place } = project;
  await place(EIGHT.map(fileOf));
  const own = sampleModel('my own', SIZE).content;
  scratch.writeModel(fileOf('base'), own);
  const ran = await Promise.all(EIGHT.map(() => scratch.spawn(['prune', '--json', '--wait', '60'], { env })));
  assertDone(ran);
  assert.deepEqual(scratch.modelNames(), [fileOf('base'), fileOf('tiny')]);
  assert.deepEqual(readFileSync(join(scratch.models, fileOf('base'))), own);
  const removed = ran.flatMap(({ stdout }) => JSON.parse(stdout).removed as readonly { name: string }[]);
  assert.equal(removed.length, 6, 'each is removed by one of them');
});

test(`${ROUNDS} prunes beside downloads of another registry lose nothing that is listed`, async (t) => {
  const project = await hubProject(t, { [fileOf('tiny.en')]: 4096, [fileOf('base.en')]: SIZE }, [fileOf('tiny.en')]);
  const { scratch, env } = project;
  const other = scratch.write('other.nix', '{ activeModels = [ ]; }\n');
  assert.equal((await project.run(['sync'])).code, 0);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const prune = ['prune', '--json', '--wait', '60'];
    const ran = await Promise.all([
      scratch.spawn(['download', 'base.en', '--json', '--wait', '60', '-f', other], { env }),
      scratch.spawn(prune, { env }),
      scratch.spawn(prune, { env }),
    ]);
    assertDone(ran);
    assert.deepEqual(listedIn(scratch.read(other)), ['base.en'], `round ${round}`);
    for (const name of ['base.en', 'tiny.en']) assertRight(project, name);
    // Out of the list and gone, so that the next round has something to fetch.
    assert.equal((await project.run(['remove', 'base.en', '--delete', '-f', other])).code, 0);
    assert.equal((await project.run(['prune'])).code, 0);
    assert.deepEqual(scratch.modelNames(), [fileOf('tiny.en')], `round ${round}`);
  }
});
