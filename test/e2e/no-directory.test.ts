import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAIN } from '../support/released.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';

const NEED_MODELS: readonly (readonly string[])[] = [
  ['list'],
  ['check'],
  ['prune'],
  ['prune', '--dry-run'],
  ['sync'],
  ['download', 'tiny.en'],
  ['verify'],
  ['path', 'tiny.en'],
  ['env'],
];

// A file, and a directory that would be below a file.
for (const below of ['', '/below/it']) {
  for (const where of ['WHISPER_MODELS_PATH', '--models-dir', 'modelsDir'] as const) {
    test(`a file as the models directory, by ${where} ${below}, is not a directory`, async (t) => {
      const scratch = Scratch.create(t);
      const file = scratch.write('file', 'text');
      const path = file + below;
      const setting = where === 'modelsDir' ? `modelsDir = "${path}";` : '';
      scratch.writeRegistry(`{ activeModels = [ "${TINY}" ]; ${setting} }`);
      const env = { WHISPER_MODELS_PATH: where === 'WHISPER_MODELS_PATH' ? path : '' };
      const option = where === '--models-dir' ? [where, path] : [];
      for (const args of NEED_MODELS) {
        const { code, stderr } = await scratch.run([...args, ...option], { env });
        assert.equal(code, 6, `${args.join(' ')}: ${stderr}`);
        assert.match(stderr, new RegExp(`^whisper: (~|${scratch.path})/file is not a directory\n`), args.join(' '));
      }
      assert.equal(scratch.read('file'), 'text');
    });
  }
}

const ANYWHERE: readonly (readonly string[])[] = [
  ['list'],
  ['check', '--json'],
  ['download', 'tiny.en'],
  ['watch'],
  ['remove', 'tiny.en'],
  ['doctor'],
];

test('a deleted working directory is reported with a message', (t) => {
  for (const args of ANYWHERE) {
    const { code, stdout, stderr } = inDeleted(t, args);
    const error = args.includes('--json') ? JSON.parse(stdout).error.message : stderr;
    assert.match(error, /The working directory no longer exists/, args.join(' '));
    assert.equal(code, 6, args.join(' '));
    assert.doesNotMatch(stderr, /^ +at /m);
  }
});

test('commands that need no working directory work in a deleted one', (t) => {
  for (const args of [['--help'], ['--version'], ['completions', 'bash']])
    assert.equal(inDeleted(t, args).code, 0, args.join(' '));
  assert.equal(inDeleted(t, ['nonsense']).code, 2);
  assert.deepEqual(inDeleted(t, ['complete', '--', 'remove', '']), { code: 0, stdout: '', stderr: '' });
});

/** Runs the program in a folder that is removed just before. */
function inDeleted(
  t: Parameters<typeof Scratch.create>[0],
  args: readonly string[],
): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const scratch = Scratch.create(t);
  scratch.write('here/file', '');
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'rm -r "$PWD"; exec "$@"', 'sh', process.execPath, MAIN, ...args],
    { cwd: join(scratch.path, 'here'), env: { PATH: process.env['PATH'], HOME: scratch.path }, encoding: 'utf8' },
  );
  return { code: status, stdout, stderr };
}
