import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scratch } from '../support/scratch.ts';

const FILE = `{ pkgs, ... }:
{
  services.foo.models = [
    "plain words"  # with a note
  ];
  services."b.c".models = [ ];
  packages = [ pkgs.jq ];
}
`;

// What a Nix string has to escape.
const ODD = '\u0024{x} "q"';

test('add and remove edit any list of strings, wherever it stands', async (t) => {
  const scratch = Scratch.create(t);
  const file = scratch.write('any.nix', FILE);
  const run = async (...args: readonly string[]): Promise<number | null> =>
    (await scratch.run([...args, '--any-string', '--file', file])).code;
  assert.equal(await run('add', 'two words', ODD, '--attr', 'services.foo.models'), 0);
  assert.equal(await run('add', 'x', '--attr', 'services."b.c".models'), 0);
  assert.equal(
    scratch.read(file),
    FILE.replace('note\n', 'note\n    "two words"\n    "\\${x} \\"q\\""\n').replace('[ ]', '[ "x" ]'),
  );
  assert.equal(await run('remove', '--delete', 'two words', ODD, '--attr', 'foo.models'), 0);
  assert.equal(await run('remove', 'x', '--attr', 'services."b.c".models'), 0);
  assert.equal(scratch.read(file), FILE);
});

test('an edit of two lists is refused until --attr names one', async (t) => {
  const scratch = Scratch.create(t);
  const file = scratch.write('any.nix', FILE);
  const ran = await scratch.run(['add', 'x', '--any-string', '--file', file, '--attr', 'models', '--json']);
  assert.equal(ran.code, 3);
  const { error } = JSON.parse(ran.stdout) as { readonly error: { readonly code: string; readonly hint: string } };
  assert.equal(error.code, 'registry-ambiguous');
  assert.match(error.hint, /--attr services\.foo\.models/);
  assert.equal(scratch.read(file), FILE);
});
