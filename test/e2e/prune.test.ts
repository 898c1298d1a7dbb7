import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { jsonError } from './wanted-model.ts';

const KEPT = 'ggml-tiny.en.bin';
const GONE = 'ggml-base.en.bin';
const NEVER = 'ggml-small.en.bin';

/** One listed model and one unlisted, both on the disk and in the catalogue. */
async function project(t: TestContext, active: readonly string[] | string = [KEPT]): Promise<HubProject> {
  const it = await hubProject(t, { [KEPT]: 4000, [GONE]: 5000, [NEVER]: 6000 }, active);
  for (const name of [KEPT, GONE]) it.scratch.writeModel(name, it.models[name]?.content ?? Buffer.alloc(0));
  return it;
}

test('prune removes only files that can be downloaded again', async (t) => {
  const { run, scratch, models } = await project(t);
  const foreign = ['notes.txt', 'ggml-.bin.bak', 'GGML-base.bin', 'ggml-a b.bin', 'base.en.bin'];
  for (const name of foreign) scratch.writeModel(name, Buffer.from('lmgg'));
  scratch.writeModel('ggml-my-tune.bin', Buffer.from('lmgg tuned'));
  scratch.writeModel(NEVER, Buffer.from('lmgg cut short'));
  scratch.write('elsewhere.bin', models[GONE]?.content ?? '');
  symlinkSync(join(scratch.path, 'elsewhere.bin'), join(scratch.models, 'ggml-large-v1.bin'));
  symlinkSync(join(scratch.path, 'nowhere'), join(scratch.models, 'ggml-large-v2.bin'));
  mkdirSync(join(scratch.models, 'ggml-medium.bin'));
  const before = scratch.modelNames();
  const { removed, unmanaged, freed } = JSON.parse((await run(['prune', '--json'])).stdout);
  assert.deepEqual([removed, freed], [[{ name: GONE, size: 5000 }], 5000]);
  assert.deepEqual(unmanaged, [
    { name: 'ggml-large-v1.bin', size: 5000, reason: 'a symbolic link' },
    { name: 'ggml-my-tune.bin', size: 10, reason: 'not in the catalogue and not downloaded by whisper' },
    { name: NEVER, size: 14, reason: 'its size differs from the catalogue (6000 bytes)' },
  ]);
  assert.deepEqual(
    scratch.modelNames(),
    before.filter((name) => name !== GONE),
  );

  const all = JSON.parse((await run(['prune', '--unmanaged', '--json'])).stdout);
  assert.deepEqual(
    all.removed.map(({ name }: { name: string }) => name),
    ['ggml-my-tune.bin', NEVER],
  );
  const left = before.filter((name) => ![GONE, NEVER, 'ggml-my-tune.bin'].includes(name));
  assert.deepEqual(scratch.modelNames(), left, 'links, folders and other names stay');
  assert.ok(scratch.exists('elsewhere.bin'));
});

test('a downloaded file is managed as long as it is the same file', async (t) => {
  const { run, scratch } = await project(t);
  await run(['download', 'small.en']);
  scratch.writeCatalogue([]);
  scratch.writeRegistry([KEPT]);
  const planned = JSON.parse((await run(['prune', '-n', '--json'])).stdout);
  assert.deepEqual(planned.removed, [{ name: NEVER, size: 6000 }], 'the record is enough');
  const record = `models/.whisper/records/${NEVER}.json`;
  const text = scratch.read(record);
  for (const damaged of ['', '{', '[]', text.replace('6000', '6001'), text.replace(/"mtime": "2/, '"mtime": "1')]) {
    scratch.write(record, damaged);
    const { removed } = JSON.parse((await run(['prune', '-n', '--json'])).stdout);
    assert.deepEqual(removed, [], damaged);
  }
});

test('a dry run changes nothing, and its exit code shows whether there is something to do', async (t) => {
  const { run, scratch, hub, place } = await project(t);
  await place([KEPT, GONE], true);
  const before = scratch.snapshot();
  const rows: readonly [readonly string[], number][] = [
    [['prune', '--dry-run', '--exit-code'], 8],
    [['prune', '-n'], 0],
    [['sync', '-n', '--exit-code'], 8],
    [['download', 'small.en', '-n', '--exit-code'], 8],
    [['download', 'small.en', '-n', '--no-prune', '--exit-code'], 8],
    [['download', 'tiny.en', '-n', '--no-prune', '--exit-code'], 0],
  ];
  for (const [args, exit] of rows) {
    const ran = await run(args);
    assert.equal(ran.code, exit, `${args.join(' ')} ${ran.stderr}`);
    assert.deepEqual(scratch.snapshot(), before, args.join(' '));
  }
  const shown = (await run(['prune', '-n'])).stdout.split('\n');
  assert.deepEqual(shown.slice(0, 2), ['would remove base.en (5.0 kB)', 'Plan: remove 1 model (5.0 kB)']);
  assert.match(shown[2] ?? '', /^ {6}frees 5\.0 kB, leaves .+ free$/);
  // Every command that shows a plan shows the same one.
  assert.deepEqual(hub.requests, []);
  for (const command of ['list', 'check', 'doctor']) {
    const { stdout } = await run([command]);
    assert.match(stdout, /^Plan: .*remove 1 model \(5\.0 kB\)$/m, command);
  }
  await run(['prune']);
  assert.equal((await run(['prune', '-n', '--exit-code'])).code, 0);
});

test('an empty list removes everything only with --allow-empty', async (t) => {
  const { run, scratch } = await project(t, []);
  for (const args of [['prune'], ['prune', '-n'], ['sync'], ['sync', '--unmanaged']]) {
    const before = scratch.snapshot();
    const ran = await run([...args, '--json']);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-empty']);
    assert.match(String(jsonError(ran)['message']), /2 files with 9\.0 kB would be removed$/);
    assert.deepEqual(scratch.snapshot(), before);
  }
  const download = await run(['download', 'small.en', '--json']);
  assert.deepEqual(JSON.parse(download.stdout).pruned, [], 'a first download empties nothing');
  scratch.writeRegistry([]);
  assert.equal((await run(['prune', '--allow-empty'])).code, 0);
  assert.deepEqual(scratch.modelNames(), []);
  assert.equal((await run(['prune'])).code, 0, 'nothing is there to be lost any more');
});

test('prune removes unfinished downloads that are not listed', async (t) => {
  const { run, scratch } = await project(t);
  const part = (name: string): string => scratch.write(`models/.whisper/partial/${name}.part`, 'lmgg of a model');
  for (const name of [KEPT, NEVER]) {
    part(name);
    scratch.write(`models/.whisper/partial/${name}.part.json`, '{}');
    scratch.write(`models/.whisper/partial/${name}.lock`, '');
  }
  const planned = await run(['prune', '-n', '--json', '--exit-code']);
  assert.deepEqual([planned.code, JSON.parse(planned.stdout).freed], [8, 5000 + 15]);
  assert.equal((await run(['prune'])).code, 0);
  const left = Object.keys(scratch.snapshot()).filter((path) => path.includes(NEVER));
  assert.deepEqual(left, []);
  assert.ok(scratch.exists(`models/.whisper/partial/${KEPT}.part`));
});

test('prune keeps a model that another registry lists', async (t) => {
  const { run, scratch } = await project(t);
  const other = scratch.write('other.nix', `{ activeModels = [ "${GONE}" ]; }`);
  assert.equal((await run(['sync', '-f', other, '--json'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [GONE], 'the first registry is not known yet');
  assert.equal((await run(['sync'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [GONE, KEPT]);
  assert.equal((await run(['prune', '-f', other])).code, 0);
  assert.deepEqual(scratch.modelNames(), [GONE, KEPT]);

  for (const damaged of [
    '{ activeModels = [ "',
    '{ }',
    '{ activeModels = import ./x.nix; }',
    Buffer.from([0xff, 0xfe]),
  ]) {
    scratch.write(other, damaged);
    scratch.writeRegistry([NEVER]);
    const before = scratch.snapshot();
    for (const command of ['prune', 'sync']) {
      const ran = await run([command, '--json']);
      assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'root-unreadable']);
      assert.match(String(jsonError(ran)['message']), /other\.nix/);
    }
    assert.deepEqual(scratch.snapshot(), before);
    assert.equal(JSON.parse((await run(['list', '--json'])).stdout).disk.reclaimable, 0);
  }
});

test('a damaged note of a root is ignored', async (t) => {
  const { run, scratch } = await project(t);
  scratch.write('models/.whisper/roots/damaged.json', '{"file": 5');
  scratch.write('models/.whisper/roots/notes.txt', 'x');
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [KEPT]);
});

test('a refused prune creates nothing, not even an empty folder', async (t) => {
  const { run, scratch, models } = await hubProject(t, { 'ggml-base.en.bin': 4000 }, []);
  scratch.writeModel('ggml-base.en.bin', models['ggml-base.en.bin']?.content ?? Buffer.alloc(0));
  assert.equal((await run(['prune'])).code, 3);
  assert.equal(scratch.exists('models/.whisper'), false);
});
