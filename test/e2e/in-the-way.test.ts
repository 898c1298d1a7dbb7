import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { Scratch } from '../support/scratch.ts';

const FILE = 'ggml-wanted.bin';

for (const [what, make] of [
  ['a folder', (path: string) => mkdirSync(path, { recursive: true })],
  ['a link that leads nowhere', (path: string) => symlinkSync('nowhere', path)],
] as const) {
  test(`${what} with the name of a model is refused before the download`, async (t) => {
    const { scratch, hub, run } = await hubProject(t, { [FILE]: 4096 });
    mkdirSync(scratch.models);
    make(join(scratch.models, FILE));
    const before = scratch.read(scratch.registry);
    const { code, stderr } = await run(['download', FILE]);
    assert.equal(code, 6);
    assert.match(stderr, /already exists, so it was not replaced/);
    assert.equal(scratch.read(scratch.registry), before);
    assert.deepEqual(hub.requests, []);
  });
}

test('a file that appears during the download is not replaced', async (t) => {
  const { scratch, hub, run } = await hubProject(t, { [FILE]: 4096 });
  const path = join(scratch.models, FILE);
  hub.inject({ where: 'cdn', act: () => writeFileSync(path, 'my own') });
  const { code } = await run(['download', FILE]);
  assert.equal(code, 6);
  assert.equal(readFileSync(path, 'utf8'), 'my own');
  assert.doesNotMatch(scratch.read(scratch.registry), /wanted/);
});

test("a bad name in another registry's list stops pruning", async (t) => {
  const { scratch, models, run } = await hubProject(t, { [FILE]: 4096, 'ggml-other.bin': 64 }, ['ggml-other.bin']);
  const other = scratch.write('other/list.nix', `{ activeModels = [ "${FILE}" ]; }`);
  assert.equal((await run(['sync', '--file', other])).code, 0);
  scratch.write(other, '{ activeModels = [ "what is wanted" ]; }');
  const { code, stderr } = await run(['prune']);
  assert.equal(code, 3);
  assert.match(stderr, /another registry that uses these models/);
  assert.deepEqual(readFileSync(join(scratch.models, FILE)), models[FILE]?.content);
});

test('wrong addresses in the environment are usage errors', async (t) => {
  const { run } = await hubProject(t, { [FILE]: 4096 });
  for (const env of [
    { http_proxy: 'socks5://127.0.0.1:1' },
    { HTTPS_PROXY: 'ftp://x:1' },
    { HF_ENDPOINT: 'http://127.0.0.1:9/?a=b' },
  ]) {
    assert.equal((await run(['download', FILE], { env })).code, 2);
  }
});

test('a registry that is not a regular file is refused', async (t) => {
  const scratch = Scratch.create(t);
  const { code, stderr } = await scratch.run(['list', '--file', '/dev/null']);
  assert.equal(code, 3);
  assert.match(stderr, /is not a regular file/);
});
