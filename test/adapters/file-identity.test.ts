import assert from 'node:assert/strict';
import { statSync, type BigIntStats } from 'node:fs';
import { test } from 'node:test';
import { identityOf, isSameDisk, isSameFile, versionOf } from '../../src/adapters/fs/identity.ts';
import { Scratch } from '../support/scratch.ts';

/** Two numbers that are different, and the same as `number`. */
const [ONE, OTHER] = [2n ** 63n + 4n, 2n ** 63n + 5n];
assert.equal(Number(ONE), Number(OTHER));

function statOf(t: Parameters<typeof Scratch.create>[0]): (change: Partial<BigIntStats>) => BigIntStats {
  const real = statSync(Scratch.create(t).write('file', 'text'), { bigint: true });
  return (change) => Object.assign(Object.create(Object.getPrototypeOf(real)) as BigIntStats, real, change);
}

test('files whose inode numbers differ only above 2^53 are distinguished', (t) => {
  const stat = statOf(t);
  const [one, other] = [stat({ ino: ONE }), stat({ ino: OTHER })];
  assert.ok(isSameFile(one, stat({ ino: ONE })));
  assert.ok(!isSameFile(one, other));
  assert.ok(!isSameFile(one, undefined));
  assert.notEqual(identityOf(one), identityOf(other));
  assert.notEqual(versionOf(one), versionOf(other));
});

test('file systems whose device numbers differ only above 2^53 are distinguished', (t) => {
  const stat = statOf(t);
  const [one, other] = [stat({ dev: ONE }), stat({ dev: OTHER })];
  assert.ok(isSameDisk(one, stat({ dev: ONE, ino: OTHER })));
  assert.ok(!isSameDisk(one, other));
  assert.ok(!isSameDisk(one, undefined));
  assert.ok(!isSameFile(one, other));
  assert.notEqual(identityOf(one), identityOf(other));
  assert.notEqual(versionOf(one), versionOf(other));
});

test('the version of a file changes with its size and time, not with its mode', (t) => {
  const stat = statOf(t);
  const before = versionOf(stat({}));
  assert.equal(versionOf(stat({ mode: 0o100444n, ctimeNs: 1n, nlink: 2n })), before);
  assert.notEqual(versionOf(stat({ size: 5n })), before);
  assert.notEqual(versionOf(stat({ mtimeNs: 1n })), before);
});
