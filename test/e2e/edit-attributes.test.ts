import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isRoot, missingPrograms, needs, needsRoot } from '../support/needs.ts';
import { namesIn } from '../support/registry-text.ts';
import { MAIN_WITH_FAULT_POINTS } from '../support/released.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';

const tool = (program: string, ...args: string[]): string => execFileSync(program, args, { encoding: 'utf8' });

const withoutAttributes = missingPrograms(['setfacl', 'setfattr']) ?? unsupported();
const needsAttributes = needs(withoutAttributes);

/** What the file system of scratch folders does not keep; `undefined` if it keeps ACLs and extended attributes. */
function unsupported(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'whisper-test-'));
  const isSet = (program: string, ...args: string[]): boolean => spawnSync(program, [...args, folder]).status === 0;
  const hasAcls = isSet('setfacl', '-m', 'u:1:r');
  const hasAttributes = isSet('setfattr', '-n', 'user.a', '-v', 'b');
  rmSync(folder, { recursive: true });
  return hasAcls && hasAttributes ? undefined : `${tmpdir()} keeps no ACLs or no extended attributes`;
}

function project(t: TestContext): { readonly scratch: Scratch; readonly file: string } {
  const scratch = Scratch.create(t);
  return { scratch, file: scratch.writeRegistry([TINY]) };
}

/** Everything about a file but its bytes and times. */
function accessOf(file: string): string {
  const { mode, uid, gid } = statSync(file);
  const acl = tool('getfacl', '-pcn', file);
  return `${mode.toString(8)} ${uid}:${gid}\n${acl}${tool('getfattr', '--absolute-names', '-d', '-m', '^user', file)}`;
}

async function assertEdits({ scratch, file }: ReturnType<typeof project>): Promise<void> {
  const before = accessOf(file);
  for (const [command, names] of [
    ['add', [TINY, 'ggml-base.en.bin']],
    ['remove', [TINY]],
  ] as const) {
    const ran = await scratch.spawn([command, 'base.en', '-f', file]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(namesIn(scratch.read(file)), names);
    assert.equal(accessOf(file), before, command);
  }
  assert.deepEqual(
    readdirSync(dirname(file)).filter((name) => name.startsWith('.whisper')),
    [],
  );
}

test('an edit keeps the ACL and the extended attributes of the registry', needsAttributes, async (t) => {
  const made = project(t);
  chmodSync(made.file, 0o640);
  tool('setfacl', '-m', 'u:1:rw,g:2:r,m::rw', made.file);
  tool('setfattr', '-n', 'user.note', '-v', 'keep me', made.file);
  await assertEdits(made);
});

test('an edit takes over neither the default ACL nor the group of the folder', needsAttributes, async (t) => {
  const made = project(t);
  chmodSync(made.file, 0o600);
  tool('setfacl', '-d', '-m', 'u:1:rw,o::rw', dirname(made.file));
  if (isRoot) chownSync(dirname(made.file), 0, 3);
  chmodSync(dirname(made.file), 0o2777);
  await assertEdits(made);
});

test('an edit of a file of another owner keeps the owner', needsRoot(withoutAttributes), async (t) => {
  const made = project(t);
  chownSync(made.file, 1, 2);
  chmodSync(made.file, 0o664);
  await assertEdits(made);
});

test('a file of another owner is edited if the user may write it', needsRoot(), async (t) => {
  const { scratch, file } = project(t);
  chownSync(file, 1, 2);
  chmodSync(file, 0o666);
  const ran = await scratch.spawn(['add', 'base.en'], { asPlainUser: true });
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(namesIn(scratch.read(file)), [TINY, 'ggml-base.en.bin']);
  const { uid, gid, mode } = statSync(file);
  assert.deepEqual([uid, gid, mode & 0o777], [1, 2, 0o666]);
});

test('hard links of a registry stay links to the same file', async (t) => {
  const made = project(t);
  const { scratch, file } = made;
  const other = join(scratch.path, 'other.nix');
  linkSync(file, other);
  const { ino } = statSync(file);
  for (const [args, names] of [
    [
      ['add', 'base.en'],
      [TINY, 'ggml-base.en.bin'],
    ],
    [['remove', 'tiny.en', '-f', other], ['ggml-base.en.bin']],
    [['remove', 'base.en', '--delete'], []],
  ] as const) {
    const ran = await scratch.spawn(args);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual([statSync(file).ino, statSync(other).ino], [ino, ino]);
    assert.deepEqual(namesIn(scratch.read(file)), names);
  }
  assert.deepEqual(readdirSync(dirname(file)), ['whisper-manager.nix']);
});

test('a new text has the permissions of the old one before it is renamed', needsAttributes, async (t) => {
  const { scratch, file } = project(t);
  chmodSync(file, 0o640);
  tool('setfacl', '-d', '-m', 'u:1:rw,g:2:rw,o::rw', dirname(file));
  const env = { WHISPER_FAULT_POINT: 'text: written beside@1' };
  const ran = await scratch.spawn(['add', 'base.en'], { env, main: MAIN_WITH_FAULT_POINTS });
  assert.equal(ran.code, null, ran.stderr);
  const left = readdirSync(dirname(file)).find((name) => name.endsWith('.tmp')) ?? '';
  assert.equal(accessOf(join(dirname(file), left)), accessOf(file));
});
