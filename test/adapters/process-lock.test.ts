import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { hasEnded, type LockHolder, type System } from '../../src/core/state/holder.ts';
import { needsMounts } from '../support/needs.ts';
import { Scratch } from '../support/scratch.ts';

const MODULE = pathToFileURL(resolve(import.meta.dirname, '../../src/adapters/lock/flock.js')).href;
const WITHOUT_KERNEL_LOCKS = '--no-addons';

/** A process with flock.ts as `it`; `options` are those of Node. */
function run(t: TestContext, code: string, ...options: readonly string[]): ChildProcess {
  const source = `import * as it from '${MODULE}';\nimport { readFileSync, writeFileSync } from 'node:fs';\n${code}`;
  const child = spawn(process.execPath, [...options, '--input-type=module', '-e', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Takes a lock and keeps it until the process is killed. */
async function hold(t: TestContext, path: string, ...options: readonly string[]): Promise<ChildProcess> {
  const settings = `{ wait: 0, delay: async () => {} }`;
  const work = `() => new Promise((resolve) => { console.log('held'); process.stdin.on('end', resolve).resume(); })`;
  const child = run(t, `await it.withDirectoryLock('${path}', ${settings}, ${work});`, ...options);
  assert.ok(child.stdout);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  assert.equal(said.toString(), 'held\n');
  return child;
}

/** Whether a process could take a lock at once. */
async function canTake(t: TestContext, path: string, ...options: readonly string[]): Promise<boolean> {
  const settings = `{ wait: 0, delay: async () => {} }`;
  const child = run(
    t,
    `try { await it.withDirectoryLock('${path}', ${settings}, async () => {}); } catch (error) { process.exit(error.code === 'busy' ? 7 : 1); }`,
    ...options,
  );
  const [code] = (await once(child, 'exit')) as [number];
  assert.ok(code === 0 || code === 7, String(code));
  return code === 0;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('processes with and without kernel locks take turns', async (t) => {
  const scratch = Scratch.create(t);
  const count = scratch.write('count', '0');
  const lock = join(scratch.path, 'lock');
  const settings = '{ wait: Infinity, delay: () => new Promise((go) => setImmediate(go)) }';
  for (const way of ['withLock', 'withDirectoryLock']) {
    const code = `
      for (let turn = 0; turn < 25; turn += 1)
        await it.${way}('${lock}', ${settings}, async () => {
          const before = Number(readFileSync('${count}', 'utf8'));
          await new Promise((go) => setImmediate(go));
          writeFileSync('${count}', String(before + 1));
        });`;
    scratch.write('count', '0');
    const children = [[], [WITHOUT_KERNEL_LOCKS], [], [WITHOUT_KERNEL_LOCKS]].map((options) =>
      run(t, code, ...options),
    );
    const codes = await Promise.all(children.map(async (child) => once(child, 'exit')));
    assert.deepEqual(
      codes.map(([exit]) => exit as number),
      [0, 0, 0, 0],
    );
    assert.equal(scratch.read('count'), '100', way);
  }
  const left = readdirSync(scratch.path).filter((name) => name.includes('held') || name.includes('tmp'));
  assert.deepEqual(left, []);
});

test('a lock is free at once after its process was killed, and stays held while it is suspended', async (t) => {
  const lock = join(Scratch.create(t).path, 'lock');
  for (const [holder, other] of [
    [[WITHOUT_KERNEL_LOCKS], [WITHOUT_KERNEL_LOCKS]],
    [[WITHOUT_KERNEL_LOCKS], []],
    [[], [WITHOUT_KERNEL_LOCKS]],
    [[WITHOUT_KERNEL_LOCKS], [WITHOUT_KERNEL_LOCKS]],
  ] as const) {
    const child = await hold(t, lock, ...holder);
    assert.equal(await canTake(t, lock, ...other), false);
    child.kill('SIGSTOP');
    assert.equal(await canTake(t, lock, ...other), false);
    await kill(child);
    assert.equal(await canTake(t, lock, ...other), true);
  }
});

test('a shared lock is seen from outside as long as one process has it', async (t) => {
  const lock = join(Scratch.create(t).path, 'lock');
  const code = `await it.holdShared('${lock}'); console.log('held'); process.stdin.resume();`;
  const isLocked = async (): Promise<boolean> => {
    const child = run(t, `process.exit((await it.isLocked('${lock}', 'shared')) ? 1 : 0);`, WITHOUT_KERNEL_LOCKS);
    const [exit] = (await once(child, 'exit')) as [number];
    return exit === 1;
  };
  assert.equal(await isLocked(), false);
  const children = [run(t, code, WITHOUT_KERNEL_LOCKS), run(t, code, WITHOUT_KERNEL_LOCKS), run(t, code)];
  for (const child of children) if (child.stdout) await once(child.stdout, 'data');
  for (const child of children) {
    assert.equal(await isLocked(), true);
    await kill(child);
  }
  assert.equal(await isLocked(), false);
});

test('a file that cannot be read, or names no process, counts as a lock', async (t) => {
  const scratch = Scratch.create(t);
  const lock = join(scratch.path, 'lock');
  for (const text of ['', '{}', '{"pid":1}']) {
    scratch.write('lock.held-0', text);
    assert.equal(await canTake(t, lock), false, text);
    assert.equal(await canTake(t, lock, WITHOUT_KERNEL_LOCKS), false, text);
  }
  rmSync(`${lock}.held-0`);
  symlinkSync('nowhere', `${lock}.held-0`);
  assert.equal(await canTake(t, lock), false);
  assert.equal(await canTake(t, lock, WITHOUT_KERNEL_LOCKS), false);
});

test('the file of a lock can be read by other users, whatever the umask', async (t) => {
  const lock = join(Scratch.create(t).path, 'lock');
  const before = process.umask(0o077);
  try {
    await hold(t, lock, WITHOUT_KERNEL_LOCKS);
  } finally {
    process.umask(before);
  }
  assert.equal(statSync(`${lock}.held-0`).mode & 0o777, 0o644);
});

test('a lock without space for its file leaves no other file', needsMounts(), async (t) => {
  const scratch = Scratch.create(t);
  const folder = scratch.mountMemory('small', '64k');
  writeFileSync(join(folder, 'other'), Buffer.alloc(64 * 1024));
  const settings = `{ wait: 0, delay: async () => {} }`;
  const child = run(
    t,
    `try { await it.withLock('${join(folder, 'lock')}', ${settings}, async () => {}); } catch (error) { process.exit(error.code === 'no-space' ? 6 : 1); }`,
    WITHOUT_KERNEL_LOCKS,
  );
  assert.deepEqual(await once(child, 'exit'), [6, null]);
  assert.deepEqual(readdirSync(folder).toSorted(), ['lock', 'other']);
});

const HOLDER: LockHolder = { pid: 7, host: 'a', start: '50', boot: 'b1', machine: 'm1', namespace: 'n1' };

test('a holder has ended only where that is certain', () => {
  const cases: readonly (readonly [ended: boolean, system: Partial<System>, holder?: Partial<LockHolder>])[] = [
    [false, {}],
    [true, { startOf: () => undefined }],
    [true, { startOf: () => '51' }],
    // With /proc mounted so that it hides the processes of other users, or without it.
    [false, { startOf: () => '' }],
    [false, { startOf: () => '51' }, { start: '' }],
    // Another container of the same machine has other processes.
    [false, { namespace: 'n2', startOf: () => undefined }],
    [true, { boot: 'b2' }],
    // Another machine has a file system in common with this one.
    [false, { boot: 'b2', machine: 'm2', startOf: () => undefined }],
    [false, { boot: 'b2', machine: '', startOf: () => undefined }, { machine: '' }],
  ];
  for (const [ended, system, holder] of cases) {
    const here: System = { boot: 'b1', machine: 'm1', namespace: 'n1', startOf: () => '50', ...system };
    assert.equal(hasEnded({ ...HOLDER, ...holder }, here), ended, JSON.stringify([system, holder]));
  }
});
