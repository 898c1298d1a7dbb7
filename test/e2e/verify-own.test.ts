import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdLock } from '../support/held-lock.ts';
import { hubProject } from '../support/hub-project.ts';
import { sampleModel } from '../support/models.ts';
import { WANTED, wantedModel } from './wanted-model.ts';

const TUNE = 'ggml-small.en.bin';
const OWN = sampleModel('my own fine-tune', 123_456).content;

test('repair does not replace a file that appeared in place of a corrupt one during the download', async (t) => {
  const project = await wantedModel(t);
  assert.equal((await project.run(['download', 'base.en'])).code, 0);
  const path = join(project.scratch.models, WANTED);
  const bad = Buffer.from(readFileSync(path));
  bad[1000] = (bad[1000] ?? 0) ^ 1;
  rmSync(path);
  writeFileSync(path, bad);
  project.hub.inject({
    where: 'cdn',
    act: () => {
      writeFileSync(`${path}.new`, OWN);
      renameSync(`${path}.new`, path);
    },
  });
  const ran = await project.run(['verify', 'base.en', '--repair', '--json']);
  assert.ok(readFileSync(path).equals(OWN), `own file gone: exit ${ran.code} ${ran.stdout}`);
});

test('repair does not replace a file that appeared where one was missing during the download', async (t) => {
  const project = await wantedModel(t);
  assert.equal((await project.run(['download', 'base.en'])).code, 0);
  const path = join(project.scratch.models, WANTED);
  rmSync(path);
  project.hub.inject({ where: 'cdn', act: () => writeFileSync(path, OWN) });
  const ran = await project.run(['verify', 'base.en', '--repair', '--json']);
  assert.ok(readFileSync(path).equals(OWN), `own file gone: exit ${ran.code} ${ran.stdout}`);
});

test('repair does not touch a dangling link, as to a disk that is not mounted', async (t) => {
  const project = await wantedModel(t);
  assert.equal((await project.run(['download', 'base.en'])).code, 0);
  const path = join(project.scratch.models, WANTED);
  rmSync(path);
  symlinkSync(join(project.scratch.path, 'unmounted', 'x.bin'), path);
  const ran = await project.run(['verify', 'base.en', '--repair', '--json']);
  assert.ok(lstatSync(path).isSymbolicLink(), `link gone: exit ${ran.code} ${ran.stdout}`);
});

test('repair does not touch a directory with the name of a model, and downloads nothing for it', async (t) => {
  const project = await wantedModel(t);
  assert.equal((await project.run(['download', 'base.en'])).code, 0);
  const path = join(project.scratch.models, WANTED);
  rmSync(path);
  mkdirSync(path);
  project.hub.requests.length = 0;
  const ran = await project.run(['verify', 'base.en', '--repair', '--json']);
  assert.ok(existsSync(path));
  assert.equal(project.hub.requests.length, 0, `fetched for nothing: exit ${ran.code} ${ran.stdout}`);
});

test('repair does not replace a model that the user put over a downloaded one', async (t) => {
  const project = await wantedModel(t);
  assert.equal((await project.run(['download', 'base.en'])).code, 0);
  const path = join(project.scratch.models, WANTED);
  writeFileSync(`${path}.new`, OWN);
  renameSync(`${path}.new`, path);
  const ran = await project.run(['verify', 'base.en', '--repair', '--json']);
  assert.ok(readFileSync(path).equals(OWN), `own file gone: exit ${ran.code} ${ran.stdout}`);
});

test('repair keeps a file with other bytes of the right size under another name', async (t) => {
  const { run, scratch, models } = await hubProject(t, { [TUNE]: OWN.length }, [TUNE]);
  scratch.writeModel(TUNE, OWN);
  for (const name of [`${TUNE}.old`, `${TUNE}.old2`]) {
    const ran = await run(['verify', '--repair', '--json']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, new RegExp(`Moved the old small\\.en to \\S+/${name}: it may be your own file`));
    assert.deepEqual(readFileSync(join(scratch.models, name)), OWN);
    assert.deepEqual(readFileSync(join(scratch.models, TUNE)), models[TUNE]?.content);
    scratch.write(`models/${TUNE}.new`, OWN);
    renameSync(join(scratch.models, `${TUNE}.new`), join(scratch.models, TUNE));
  }
});

test('repair publishes the model whose old file was moved aside, even if it is interrupted then', async (t) => {
  const { run, scratch, models } = await hubProject(t, { [TUNE]: OWN.length }, [TUNE]);
  scratch.writeModel(TUNE, OWN);
  const ran = await run(['verify', '--repair'], {
    onStderr: (text, kill) => {
      if (text.includes('Moved the old')) kill('SIGINT');
    },
  });
  assert.match(ran.stderr, /Moved the old small\.en/);
  assert.deepEqual(readFileSync(join(scratch.models, TUNE)), models[TUNE]?.content);
});

test('repair does not download a missing model that another process downloads in the meantime', async (t) => {
  const { run, scratch, hub, models } = await hubProject(t, { [TUNE]: OWN.length }, [TUNE]);
  mkdirSync(join(scratch.models, '.whisper/partial'), { recursive: true });
  const release = await holdLock(scratch.models, `partial/${TUNE}.lock`);
  let isPublished = false;
  // It waits for nothing else than for that lock.
  const delay = async (): Promise<void> => {
    if (!isPublished) scratch.writeModel(TUNE, models[TUNE]?.content ?? Buffer.alloc(0));
    isPublished = true;
    await release();
  };
  const ran = await run(['verify', '--repair', '--json'], { delay });
  assert.ok(isPublished);
  assert.equal(ran.code, 5, 'this run has not verified it');
  assert.ok(hub.requests.every(({ origin }) => origin !== 'cdn'));
  assert.deepEqual(readFileSync(join(scratch.models, TUNE)), models[TUNE]?.content);
});

test('repair works with a list that has an invalid name, which it does not need', async (t) => {
  const { run, scratch, models } = await hubProject(t, { [TUNE]: OWN.length }, [TUNE, '../x']);
  const ran = await run(['verify', 'small.en', '--repair', '--json']);
  assert.deepEqual([ran.code, ran.stderr], [0, ''], ran.stdout);
  assert.deepEqual(readFileSync(join(scratch.models, TUNE)), models[TUNE]?.content);
});
