import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findUsers } from '../../src/adapters/store/users.ts';
import { describeUser } from '../../src/core/plan/users.ts';
import { needs } from '../support/needs.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const needsProc = needs(existsSync('/proc/self/fd') ? undefined : 'there is no /proc');

/** A process that says when it is ready, and lives until the test ends; gives its pid. */
async function start(t: TestContext, script: string, args: readonly string[], cwd?: string): Promise<number> {
  const ready = `${script}; console.log('ready'); setInterval(() => {}, 1e9)`;
  const child = spawn(process.execPath, ['-e', ready, '--', ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await new Promise((resolve) => {
    child.stdout.once('data', resolve);
  });
  return child.pid ?? assert.fail('no process');
}

function pidsOf(folder: string, name: string, proc?: string): readonly number[] {
  const users = findUsers([folder], [TINY, BASE], proc).get(name) ?? [];
  return users.map(({ pid }) => pid);
}

test('an open file is in use, whatever the name of the process', needsProc, async (t) => {
  const scratch = Scratch.create(t);
  const path = scratch.writeModel(TINY, Buffer.from('x'));
  scratch.writeModel(BASE, Buffer.from('x'));
  const link = join(scratch.path, 'link');
  symlinkSync(scratch.models, link);
  const open = `require('node:fs').openSync(process.argv[1].replace('%', 'ggml'), 'r')`;
  const pid = await start(t, open, [path.replace('ggml', '%')]);
  assert.deepEqual([pidsOf(scratch.models, TINY), pidsOf(link, TINY)], [[pid], [pid]]);
  assert.deepEqual(pidsOf(scratch.models, BASE), []);
  const [user] = findUsers([scratch.models], [TINY]).get(TINY) ?? [];
  assert.match(user ? describeUser(user) : '', new RegExp(`^process ${pid} \\(.*node`));
});

test('a command line uses a model by any form of its path', needsProc, async (t) => {
  const scratch = Scratch.create(t);
  const path = scratch.writeModel(TINY, Buffer.from('x'));
  scratch.write('other/elsewhere', '');
  const rows: readonly [readonly string[], string | undefined, boolean][] = [
    [['-m', path], undefined, true],
    [[`--model=${path}`], undefined, true],
    [[`-m${path}`], undefined, true],
    [[TINY], scratch.models, true],
    [[`../models/${TINY}`], join(scratch.path, 'other'), true],
    [[TINY], scratch.path, false],
    [[`/elsewhere/${TINY}`], undefined, false],
    [[`${path}.txt`], undefined, false],
  ];
  for (const [args, cwd, expected] of rows) {
    const pid = await start(t, '0', args, cwd);
    assert.equal(pidsOf(scratch.models, TINY).includes(pid), expected, args.join(' '));
  }
});

test('parents of this process do not use models; a relative path counts where the working directory is unknown', (t) => {
  const scratch = Scratch.create(t);
  const path = join(scratch.models, TINY);
  const put = (pid: number, file: string, text: string): string => scratch.write(`proc/${pid}/${file}`, text);
  put(process.pid, 'status', 'Name:\tnode\nPPid:\t901\n');
  put(process.pid, 'cmdline', `prune\0${path}\0`);
  put(901, 'status', 'Name:\tsh\nPPid:\t1\n');
  put(901, 'cmdline', `sh\0-c\0${path}\0${path}\0`);
  put(902, 'cmdline', `whisper\x1b[31m-cli\0${TINY}\0`);
  put(903, 'cmdline', `${'x'.repeat(100_000)}\0`);
  put(904, 'cmdline', '');
  put(905, 'cmdline', 'whisper-server\0');
  put(905, 'maps', `7f00-7f10 r--p 00000000 08:01 12 ${scratch.models}/${BASE}\n7f20-7f30 r--p 0 08:01 13 /lib/x.so\n`);
  scratch.write('proc/uptime', '1');
  const proc = join(scratch.path, 'proc');
  assert.deepEqual([pidsOf(scratch.models, TINY, proc), pidsOf(scratch.models, BASE, proc)], [[902], [905]]);
  const [user] = findUsers([scratch.models], [TINY], proc).get(TINY) ?? [];
  assert.equal(user && describeUser(user), `process 902 (whisper\\x1b[31m-cli ${TINY})`);
  assert.deepEqual(pidsOf(scratch.models, TINY, join(scratch.path, 'none')), []);
});
