import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { importedPaths } from '../../../src/core/watch/snapshot.ts';

const paths = (text: string, folder = '/p/nix'): readonly string[] =>
  importedPaths(text, folder, '/p/nix', (from, path) => posix.resolve(from, path));

test('paths in any notation are resolved from the directory of the file', () => {
  assert.deepEqual(paths('import ./a.nix ++ import ./deep/b.nix'), ['/p/nix/a.nix', '/p/nix/deep/b.nix']);
  assert.deepEqual(paths('readFile (./. + "/list.json")'), ['/p/nix', '/p/nix/list.json']);
  assert.deepEqual(paths('import ../b.nix', '/p/nix/deep'), ['/p/nix/b.nix']);
});

test('paths that an evaluation cannot read are left out', () => {
  assert.deepEqual(paths('import ../x.nix ++ import /etc/passwd ++ [ 1 / 2 ]'), ['/p/nix/etc/passwd']);
});
