import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openForUpdate } from '../../src/adapters/fs/write.ts';
import { JournalFile, removePartial } from '../../src/adapters/store/journal-file.ts';
import { withFreeLock, withLock } from '../../src/adapters/lock/flock.ts';
import { ModelsDir } from '../../src/adapters/store/models-dir.ts';
import { readStateFile, writeStateFile } from '../../src/adapters/fs/state-files.ts';
import { PrefixHash } from '../../src/adapters/hash/prefix-hash.ts';
import { Scratch } from '../support/scratch.ts';

const PIN = { repo: 'example/models', revision: 'main' };
const NAME = 'ggml-a.bin';

/** A path in one of the program's own directories, and a file of another user that must not change. */
function place(t: TestContext, own: string) {
  const scratch = Scratch.create(t);
  const victim = scratch.write('victim', 'precious', 0o640);
  const path = join(scratch.models, '.whisper', own);
  mkdirSync(join(path, '..'), { recursive: true });
  const look = (): string => {
    const { mode, mtimeMs, ino } = statSync(victim);
    return `${mode} ${mtimeMs} ${ino} ${readFileSync(victim, 'utf8')}`;
  };
  const before = look();
  return { scratch, path, victim, assertUntouched: () => assert.equal(look(), before) };
}

const MAKE = {
  'a link': (path: string, victim: string) => symlinkSync(victim, path),
  'a hard link': (path: string, victim: string) => linkSync(victim, path),
  'a link that leads nowhere': (path: string) => symlinkSync('nowhere', path),
  'a pipe': (path: string) => void execFileSync('mkfifo', [path]),
} as const;

for (const [what, make] of Object.entries(MAKE)) {
  test(`${what} in place of the temporary file of a note is replaced`, (t) => {
    const { path, victim, assertUntouched } = place(t, 'records/a.json');
    make(`${path}.tmp`, victim);
    writeStateFile(path, { file: NAME });
    assert.deepEqual(JSON.parse(readStateFile(path)), { file: NAME });
    assert.equal(existsSync(`${path}.tmp`), false);
    assertUntouched();
  });

  test(`${what} in place of the temporary file of a journal is replaced`, async (t) => {
    const { path, victim, assertUntouched } = place(t, `partial/${NAME}.part`);
    make(`${path}.json.tmp`, victim);
    new JournalFile(path).save(PIN, [{ start: 0, end: 5 }]);
    assert.deepEqual(JournalFile.load(path, PIN, 5).claims, [{ start: 0, end: 5 }]);
    assertUntouched();
  });

  test(`${what} in place of a partial file is replaced`, async (t) => {
    const { path, victim, assertUntouched } = place(t, `partial/${NAME}.part`);
    make(path, victim);
    const file = await openForUpdate(path);
    await file.write('bytes');
    await file.close();
    assert.equal(readFileSync(path, 'utf8'), 'bytes');
    assertUntouched();
  });

  test(`${what} in place of a lock file is refused and not changed`, async (t) => {
    const { path, victim, assertUntouched } = place(t, 'lock');
    make(path, victim);
    const settings = { wait: 0, delay: () => Promise.resolve() };
    const work = (): never => assert.fail('nothing is done');
    await assert.rejects(withLock(path, settings, work), { code: 'disk-failure', exitCode: 6 });
    await assert.rejects(withFreeLock(path, work), { code: 'disk-failure' });
    assertUntouched();
  });
}

test('a link or a pipe in place of a complete partial file is neither hashed nor published', async (t) => {
  for (const what of ['a link', 'a pipe'] as const) {
    const { scratch, path, victim, assertUntouched } = place(t, `partial/${NAME}.part`);
    MAKE[what](path, victim);
    const entry = { ...PIN, file: NAME, size: 8, sha256: 'a'.repeat(64) };
    const publishing = new ModelsDir(scratch.models).publish(entry, '', undefined);
    await assert.rejects(publishing, { code: 'disk-failure' });
    assert.deepEqual(scratch.modelNames(), []);
    if (what === 'a link') assert.throws(() => new PrefixHash(path, []), { code: 'ELOOP' });
    else new PrefixHash(path, []).close();
    removePartial(path);
    assert.equal(existsSync(path), false);
    assertUntouched();
  }
});

test('a note is read only from a regular file of a plausible size, without waiting for a pipe', (t) => {
  const { scratch, path, victim } = place(t, 'records/a.json');
  for (const make of [
    MAKE['a link'],
    MAKE['a link that leads nowhere'],
    MAKE['a pipe'],
    (at: string) => mkdirSync(at),
  ]) {
    make(path, victim);
    assert.equal(readStateFile(path), '');
    execFileSync('rm', ['-r', path]);
  }
  scratch.write(path, '{}');
  assert.equal(readStateFile(path), '{}');
  truncateSync(path, 2 ** 40);
  assert.equal(readStateFile(path), '');
});

test('notes and journals can be read by other users, whatever the umask', async (t) => {
  const { path } = place(t, `partial/${NAME}.part`);
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  writeStateFile(path, {});
  new JournalFile(path).save(PIN, []);
  for (const each of [path, `${path}.json`]) assert.equal(statSync(each).mode & 0o777, 0o644);
});

test('a temporary file is removed when it cannot be renamed', async (t) => {
  const { path } = place(t, `partial/${NAME}.part`);
  mkdirSync(`${path}.json`);
  assert.throws(() => writeStateFile(`${path}.json`, {}), { code: 'EISDIR' });
  assert.throws(() => new JournalFile(path).save(PIN, []), { code: 'disk-failure' });
  assert.equal(existsSync(`${path}.json.tmp`), false);
});

test('nothing is written to or removed from a directory that became a symbolic link', async (t) => {
  const { scratch, path } = place(t, 'records/x');
  const elsewhere = scratch.write(`elsewhere/${NAME}.part`, 'precious');
  symlinkSync(join(elsewhere, '..'), join(path, '../../partial'));
  const before = scratch.snapshot();
  const partial = new ModelsDir(scratch.models).partialPath(NAME);
  const refusal = { code: 'disk-failure', message: /partial is a symbolic link/ };
  assert.throws(() => writeStateFile(partial, {}), refusal);
  assert.throws(() => removePartial(partial), refusal);
  assert.throws(() => new JournalFile(partial).save(PIN, []), refusal);
  assert.deepEqual(scratch.snapshot(), before);
});
