import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { base32 } from '../../../src/core/base32.ts';
import { hashForms, hashPartOf, storePathOf, treePathOf } from '../../../src/core/binary-cache/store-path.ts';

const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

// What nix-build of Nix 2.8 gave for a derivation with this name and hash.
const KNOWN = '/nix/store/w5vsmya19mgp8rcwgk36s3id3xax4ifk-ggml-test.bin';
const SHA256 = hexOf('BNMQPwQ/EamGjdHbtMUAynw0xrS3RsAuO5v+zBpKzI4=');

test('a store path is the one that Nix computes', () => {
  assert.equal(storePathOf('ggml-test.bin', SHA256), KNOWN);
  assert.equal(hashPartOf(KNOWN), 'w5vsmya19mgp8rcwgk36s3id3xax4ifk');
  assert.notEqual(hashPartOf(storePathOf('ggml-test.bin', SHA256, '/srv/store')), hashPartOf(KNOWN));
});

test('hashes are written as Nix writes them', () => {
  // `nix-hash --type sha256 --to-base32` of the sha256 of nothing.
  const nothing = createHash('sha256').digest('hex');
  assert.equal(hashForms(nothing)[0], 'sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73');
  assert.equal(hashForms(nothing)[1], `sha256-${Buffer.from(nothing, 'hex').toString('base64')}`);
  assert.equal(base32(new Uint8Array()), '');
});

test('the store path of a tree is that of nix-store', () => {
  // printf x >file; nix-store --print-fixed-path --recursive sha256 $(nix-hash --type sha256 --base32 .) source
  const narHash = 'sha256-Qvu18vBMqioT/noZgD9NDhX7e+YCg24saD4phMQJT10=';
  assert.equal(treePathOf(narHash, '/nix/store'), '/nix/store/yy01pcjicvz0iij7wdwhlpqnl0pswgb9-source');
});
