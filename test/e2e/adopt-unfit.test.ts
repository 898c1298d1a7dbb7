import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { assertThere, BASE, blobPath, CACHE, putBlob, resultOf, SIZE, stateOf } from './adoption.ts';
import { jsonError } from './wanted-model.ts';

const unfit: readonly (readonly [string, (path: string, project: HubProject) => unknown, RegExp])[] = [
  ['wrong bytes', (path, { scratch }) => scratch.write(path, Buffer.alloc(SIZE)), /did not use .*: its sha256 is/],
  ['another size', (path, { scratch }) => scratch.write(path, Buffer.alloc(SIZE - 1)), /^$/],
  ['a pipe', (path) => execFileSync('mkfifo', [path]), /^$/],
  ['a folder', (path) => mkdirSync(path), /^$/],
  ['a link that leads nowhere', (path) => symlinkSync('gone', path), /^$/],
  ['a link to itself', (path) => symlinkSync(path, path), /^$/],
];
for (const [name, put, says] of unfit) {
  test(`a file in the cache that is not a model is ignored, and the model is downloaded: ${name}`, async (t) => {
    const project = await hubProject(t, { [BASE]: SIZE });
    const path = join(project.scratch.path, blobPath(project));
    mkdirSync(dirname(path), { recursive: true });
    put(path, project);
    const before = JSON.stringify(lstatSync(path), ['ino', 'mode', 'size', 'mtimeMs', 'nlink']);
    const ran = await project.run(['download', 'base.en', '--json']);
    const { adopted, downloaded } = resultOf(ran);
    assert.deepEqual([adopted, downloaded.length], [[], 1]);
    assert.match(ran.stderr.trim(), says);
    assertThere(project);
    assert.equal(JSON.stringify(lstatSync(path), ['ino', 'mode', 'size', 'mtimeMs', 'nlink']), before);
  });
}

test('an unreadable copy is ignored', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE });
  const path = putBlob(project);
  chmodSync(path, 0o000);
  const ran = await project.scratch.spawn(['download', 'base.en', '--json'], { env: project.env, asPlainUser: true });
  assert.deepEqual(resultOf(ran).adopted, []);
  assert.match(ran.stderr, /cannot be read/);
});

test('the next copy is tried where the first has other bytes', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE });
  const { scratch, models } = project;
  putBlob(project, CACHE, Buffer.alloc(SIZE));
  scratch.write(join('.local/share/whisper/models', BASE), models[BASE]?.content ?? assert.fail());
  assert.deepEqual(resultOf(await project.run(['download', 'base.en', '--json'])).adopted, [BASE]);
  assert.deepEqual(project.hub.requests, []);

  const offline = await hubProject(t, { [BASE]: SIZE });
  putBlob(offline, CACHE, Buffer.alloc(SIZE));
  const ran = await offline.run(['download', 'base.en', '--json'], { env: { HF_HUB_OFFLINE: '1' } });
  assert.deepEqual([ran.code, jsonError(ran)['code']], [4, 'hub-offline']);
  assert.deepEqual(offline.scratch.modelNames(), []);
});

test('a link that an interrupted adoption left is not written through', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE }, [BASE]);
  const { scratch } = project;
  const path = putBlob(project, 'elsewhere');
  const before = stateOf(path);
  mkdirSync(join(scratch.models, '.whisper/partial'), { recursive: true });
  execFileSync('ln', [path, join(scratch.models, '.whisper/partial', `${BASE}.part`)]);
  assert.equal(resultOf(await project.run(['sync', '--json'])).downloaded.length, 1);
  assertThere(project);
  assert.deepEqual(stateOf(path), before);
});

test('a partial file is kept until a copy is verified', async (t) => {
  const project = await hubProject(t, { [BASE]: SIZE }, [BASE]);
  const { scratch, models, hub } = project;
  const { content, entry } = models[BASE] ?? assert.fail();
  const part = scratch.write(`models/.whisper/partial/${BASE}.part`, content.subarray(0, 50_000));
  scratch.write(`${part}.json`, JSON.stringify({ ...entry, finished: [[0, 50_000]] }));
  putBlob(project, CACHE, Buffer.alloc(SIZE));
  const fetched = JSON.parse((await project.run(['sync', '--json'])).stdout);
  assert.equal(fetched.downloaded[0].received, SIZE - 50_000);
  assert.ok(hub.requests.length > 0);
  assertThere(project);
});
