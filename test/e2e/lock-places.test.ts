import assert from 'node:assert/strict';
import { chmodSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { LOCK, lockText } from '../support/lock-text.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';

test('for a linked registry, the lock file next to the link is used, else the one next to its target', async (t) => {
  const project = await hubProject(t, { [TINY]: 40 }, [TINY]);
  const { scratch, run } = project;
  mkdirSync(join(scratch.path, 'here'));
  symlinkSync('../nix/whisper-manager.nix', join(scratch.path, 'here/list.nix'));
  assert.equal((await run(['lock', '-f', 'here/list.nix'])).code, 0);
  assert.equal(scratch.read(LOCK), lockText(project, TINY));
  assert.equal(scratch.exists('here/whisper-models.lock.json'), false);
  scratch.write('here/whisper-models.lock.json', '{"models": []}');
  scratch.write(LOCK, '{"models": []}');
  assert.equal((await run(['lock', '-f', 'here/list.nix'])).code, 0);
  assert.equal(scratch.read('here/whisper-models.lock.json'), lockText(project, TINY));
  assert.equal(scratch.read(LOCK), '{"models": []}');
});

test('a linked lock file stays a link, and a dangling one is an error', async (t) => {
  const project = await hubProject(t, { [TINY]: 40 }, [TINY]);
  const { scratch, run } = project;
  const link = join(scratch.path, LOCK);
  symlinkSync('../pins/lock.json', link);
  for (const command of ['lock', 'list', 'sync'])
    assert.equal(jsonError(await run([command, '--json']))['code'], 'bad-lock-file');
  assert.equal(scratch.exists('pins'), false);
  scratch.write('pins/lock.json', '{"models": []}');
  assert.equal((await run(['lock'])).code, 0);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.deepEqual(
    [readlinkSync(link), scratch.read('pins/lock.json')],
    ['../pins/lock.json', lockText(project, TINY)],
  );
});

test('a read-only lock file is an error, unless it is up to date', async (t) => {
  const project = await hubProject(t, { [TINY]: 40 }, [TINY]);
  const { scratch, run } = project;
  const path = scratch.write(LOCK, '{"models": []}', 0o444);
  const before = scratch.snapshot();
  const ran = await run(['lock', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'lock-file-read-only']);
  assert.match(String(jsonError(ran)['hint']), /^Make it and its directory writable/);
  assert.deepEqual(scratch.snapshot(), before);
  chmodSync(path, 0o644);
  scratch.write(LOCK, lockText(project, TINY), 0o444);
  assert.equal((await run(['lock'])).code, 0);
});

test('a lock file that is too large is not read', async (t) => {
  const { scratch, run } = await hubProject(t, { [TINY]: 40 }, [TINY]);
  truncateSync(scratch.write(LOCK, ''), 3 * 1024 ** 3);
  const ran = await run(['lock', '--json']);
  assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'bad-lock-file']);
  assert.match(String(jsonError(ran)['message']), /larger than 67108864 bytes/);
});
