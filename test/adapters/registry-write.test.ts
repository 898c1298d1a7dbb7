import assert from 'node:assert/strict';
import { lstatSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeChange, type ListChange } from '../../src/adapters/registry/write-registry.ts';
import { inFile, namesIn } from '../support/registry-text.ts';
import { Scratch } from '../support/scratch.ts';

const addition = (name: string): ListChange => ({ change: { kind: 'add', names: [name] }, evaluated: [] });
const ADD_C = addition('c');
const LIST = inFile('[ "a" ]');
const LIST_WITH_C = inFile('[ "a" "c" ]');

function optionsFor(file: string): Parameters<typeof writeChange>[0] {
  return { file, environment: {} };
}

test('an edit writes through a symbolic link, and keeps the link and the mode', async (t) => {
  const scratch = Scratch.create(t);
  const target = scratch.write('dotfiles/list.nix', LIST, 0o640);
  scratch.write('nix/.keep', '');
  symlinkSync('../dotfiles/list.nix', scratch.registry);
  await writeChange(optionsFor(scratch.registry), ADD_C);
  assert.equal(readFileSync(target, 'utf8'), LIST_WITH_C);
  assert.ok(lstatSync(scratch.registry).isSymbolicLink());
  assert.equal(readlinkSync(scratch.registry), '../dotfiles/list.nix');
  assert.equal(statSync(target).mode & 0o777, 0o640);
  assert.ok(!lstatSync(target).isSymbolicLink());
});

test('a read-only registry is not changed, and the error says what to write by hand', async (t) => {
  const scratch = Scratch.create(t);
  const file = scratch.write('x.nix', LIST, 0o444);
  await assert.rejects(writeChange(optionsFor(file), ADD_C), { code: 'registry-read-only', hint: /add the line "c"/ });
  assert.equal(scratch.read('x.nix'), LIST);
});

test('an edit without effect does not touch the file', async (t) => {
  const scratch = Scratch.create(t);
  const file = scratch.write('x.nix', inFile('[ "c" ]'), 0o444);
  const before = scratch.snapshot();
  const { entries } = await writeChange(optionsFor(file), ADD_C);
  assert.deepEqual(entries, [{ name: 'c', how: 'present' }]);
  assert.deepEqual(scratch.snapshot(), before);
});

test('concurrent edits all arrive, each applied to the result of the others', async (t) => {
  const scratch = Scratch.create(t);
  const file = scratch.write('x.nix', inFile('[ ]'));
  const names = ['a', 'b'];
  await Promise.all(names.map((name) => writeChange(optionsFor(file), addition(name))));
  assert.deepEqual(namesIn(scratch.read('x.nix')).toSorted(), names);
  assert.deepEqual(Object.keys(scratch.snapshot()), [file]);
});

test('a registry that is missing, a directory or not UTF-8 is refused', async (t) => {
  const scratch = Scratch.create(t);
  const latin1 = scratch.write('latin1.nix', Buffer.from(`# gr\xfcn\n${LIST}`, 'latin1'));
  await assert.rejects(writeChange(optionsFor(latin1), ADD_C), { code: 'registry-unreadable' });
  await assert.rejects(writeChange(optionsFor(join(scratch.path, 'none.nix')), ADD_C), { code: 'registry-not-found' });
  await assert.rejects(writeChange(optionsFor(scratch.path), ADD_C), { code: 'registry-unreadable' });
});

test('registries of more than 32 KiB and of 10 MB are edited', async (t) => {
  const scratch = Scratch.create(t);
  for (const size of [33_000, 10_000_000]) {
    const padding = `# größer 😀 als sonst\n`.repeat(Math.ceil(size / 22));
    const file = scratch.write('x.nix', padding + LIST);
    await writeChange(optionsFor(file), ADD_C);
    assert.equal(scratch.read('x.nix'), padding + LIST_WITH_C);
  }
});
