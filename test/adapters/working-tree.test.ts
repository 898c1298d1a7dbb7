import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findGitFolder } from '../../src/adapters/git/working-tree.ts';
import { Scratch } from '../support/scratch.ts';

test('a .git file that cannot be read is an error, because git may be rebasing there', (t) => {
  const scratch = Scratch.create(t);
  // A regular file whose bytes cannot be read, by no user.
  symlinkSync('/proc/self/mem', join(scratch.path, '.git'));
  assert.throws(() => findGitFolder(join(scratch.path, 'list.nix')), { code: 'EIO' });
});
