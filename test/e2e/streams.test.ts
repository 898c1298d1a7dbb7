import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { MAIN } from '../support/released.ts';

const TINY = 'ggml-tiny.en.bin';

interface Told {
  readonly code: number | null;
  /** What came out of the other stream. */
  readonly said: string;
}

/** A project, and runs of the program in it where one stream leads to a disk without space. */
async function fullDisk(
  t: TestContext,
): Promise<(args: readonly string[], full?: 'stdout' | 'stderr') => Promise<Told>> {
  const { scratch, env } = await hubProject(t, { [TINY]: 4000 }, [TINY]);
  const disk = openSync('/dev/full', 'w');
  t.after(() => closeSync(disk));
  return async (args, full = 'stdout') => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: scratch.path,
      env: { PATH: process.env['PATH'], HOME: scratch.path, WHISPER_MODELS_PATH: scratch.models, ...env },
      stdio: ['ignore', full === 'stdout' ? disk : 'pipe', full === 'stderr' ? disk : 'pipe'],
    });
    let said = '';
    (child.stdout ?? child.stderr)?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said };
  };
}

test('output that cannot be written to a full disk is exit 6', async (t) => {
  const run = await fullDisk(t);
  for (const args of [
    ['list'],
    ['list', '--json'],
    ['env', '-q'],
    ['--version'],
    ['hook', 'vim'],
    ['list', '--help'],
  ]) {
    const { code, said } = await run(args);
    assert.equal(code, 6, `${args.join(' ')}: ${said}`);
    assert.equal(
      said,
      'whisper: Standard output cannot be written: no space left on its disk\n  Free some space, then run the same command again\n',
    );
  }
});

test('a truncated JSON document is not a success', async (t) => {
  const { scratch, env } = await hubProject(t, { [TINY]: 4000 }, [TINY]);
  // 1024 bytes: the first of them can be written.
  const line = `ulimit -f 1; exec "${process.execPath}" "${MAIN}" list --all --json > list.json`;
  const child = spawn('bash', ['-c', line], {
    cwd: scratch.path,
    env: { PATH: process.env['PATH'], HOME: scratch.path, WHISPER_MODELS_PATH: scratch.models, ...env },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  assert.deepEqual(await once(child, 'close'), [6, null], said);
  assert.match(said, /^whisper: Standard output cannot be written: EFBIG\n/);
  assert.equal(scratch.read('list.json').length, 1024);
});

test('an error that cannot be written as JSON is printed as text, with its own exit code', async (t) => {
  const run = await fullDisk(t);
  const { code, said } = await run(['path', 'no-such', '--json']);
  assert.equal(code, 2);
  assert.match(said, /^whisper: no-such is not in the catalogue/);
});

test('a session whose output cannot be written ends', async (t) => {
  const run = await fullDisk(t);
  for (const json of [[], ['--json']]) {
    const { code, said } = await run(['watch', ...json]);
    assert.equal(code, 6);
    assert.match(said, /^whisper: Standard output cannot be written: no space left on its disk\n/m);
  }
});

test('notices that cannot be written change neither exit code nor result', async (t) => {
  const run = await fullDisk(t);
  assert.deepEqual(await run(['list', '--bogus'], 'stderr'), { code: 2, said: '' });
  const { code, said } = await run(['sync', '-v', '--json'], 'stderr');
  assert.equal(code, 0, said);
  assert.equal((JSON.parse(said) as { downloaded: readonly object[] }).downloaded.length, 1);
});

test('closing standard error does not end a download', async (t) => {
  const { scratch, hub, env } = await hubProject(t, { [TINY]: 40_000 });
  let release = (): void => {};
  const slowHeaders = new Promise<void>((done) => (release = done));
  hub.inject({ where: 'cdn', match: TINY, slowHeaders });
  const child = scratch.start(['download', TINY, '-v'], { env });
  const ended = once(child, 'close');
  await once(child.stderr, 'data');
  child.stderr.destroy();
  await once(child.stderr, 'close');
  release();
  child.stdout.resume();
  assert.deepEqual(await ended, [0, null]);
  assert.deepEqual(scratch.modelNames(), [TINY]);
});
