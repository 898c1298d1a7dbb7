import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { Scratch } from '../support/scratch.ts';

// What is promised for the next step is what that step does.

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

test('dry runs refuse an invalid name in the list as every command does', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, '-rf']);
  scratch.writeModel(BASE, Buffer.alloc(5000));
  for (const command of ['sync', 'prune']) assert.equal((await run([command, '--dry-run'])).code, 3);
  const { stdout } = await run(['list']);
  assert.doesNotMatch(stdout, /Plan:|fetches|frees/);
  assert.match(stdout, /Run whisper check to see what to fix in the list/);
  const doctor = await run(['doctor'], { env: { HF_HUB_OFFLINE: '1' } });
  assert.equal(doctor.code, 3);
  assert.match(doctor.stdout, /✗ registry .*:5:5: [^]*1 error to fix\n$/);
  assert.doesNotMatch(doctor.stdout, /Plan:/);
});

test('a likely typo in a name prevents its model from being pruned, and list says so', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY, 'ggml-bas.en.bin']);
  scratch.writeModel(BASE, Buffer.alloc(5000));
  for (const command of [['sync'], ['prune'], ['prune', '--quiet'], ['download', 'tiny.en']]) {
    const { code, stderr } = await run(command);
    assert.equal(code, 3, command.join(' '));
    assert.match(
      stderr,
      /ggml-bas\.en\.bin is neither in the catalogue nor on disk[^]*nothing is removed or downloaded\n$/,
    );
  }
  assert.deepEqual(scratch.modelNames(), [BASE]);
  const { stdout } = await run(['list']);
  assert.doesNotMatch(stdout, /Plan:|fetches|frees/);
  assert.match(stdout, /Run whisper check to see what to fix in the list\n$/);
  assert.match((await run(['verify'])).stdout, /Run whisper check for the models that cannot be downloaded\n$/);
});

test('a plan reports that a model does not fit, as sync does', async (t) => {
  const huge = { file: TINY, repo: 'example/models', size: 2 ** 52, sha256: 'a'.repeat(64) };
  const scratch = Scratch.create(t);
  const env = { WHISPER_CATALOG: scratch.writeCatalogue([huge]) };
  scratch.writeRegistry([TINY]);
  assert.equal((await scratch.run(['sync', '--dry-run'], { env })).code, 6);
  const { stdout } = await scratch.run(['list'], { env });
  assert.match(stdout, /needs .*, does not fit: \S+ TB short\nNot enough space for the 1 missing model\n$/);
});

test('help is one JSON document in every form', async (t) => {
  const scratch = Scratch.create(t);
  for (const args of [
    ['help', '--json'],
    ['help', 'list', '--json'],
    ['list', '--help', '--json'],
  ]) {
    const { stdout, code } = await scratch.run(args);
    assert.equal(code, 0);
    assert.equal(typeof (JSON.parse(stdout) as { readonly help: unknown }).help, 'string');
  }
  assert.equal((await scratch.run(['help', '--bogus'])).code, 2);
});

test('no completion is taken for an option', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['ggml--x.bin']);
  const { stdout } = await scratch.run(['complete', '--', 'remove', '']);
  assert.equal(stdout, 'ggml--x.bin\tactive\n');
});
