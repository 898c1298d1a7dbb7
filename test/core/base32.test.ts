import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { base32, fromBase32 } from '../../src/core/base32.ts';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** What `nix-hash --to-base32` prints of it. */
const EMPTY_BASE32 = '0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73';

test('base 32 is that of Nix', () => {
  assert.equal(base32(Buffer.from(EMPTY, 'hex')), EMPTY_BASE32);
  assert.deepEqual(Buffer.from(fromBase32(EMPTY_BASE32) ?? []).toString('hex'), EMPTY);
});

test('decoding base 32 returns the encoded bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.deepEqual(fromBase32(base32(bytes)), bytes);
    }),
    { seed: 22 },
  );
});

test('a text of other digits, or of more bits than its bytes have, is not base 32', () => {
  for (const digit of 'eotuE Z-=.é') assert.equal(fromBase32(EMPTY_BASE32.replace('q', digit)), undefined, digit);
  assert.equal(fromBase32('z'.repeat(52)), undefined);
  assert.equal(fromBase32(EMPTY_BASE32.replace(/^0/, '2')), undefined);
  assert.deepEqual(fromBase32(`1${'z'.repeat(51)}`), new Uint8Array(32).fill(255));
});

test('every text that is base 32 is the only form of its bytes', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdfghijklmnpqrsvwxyz'), maxLength: 60 });
  fc.assert(
    fc.property(digits, (text) => {
      const bytes = fromBase32(text);
      // Digits that no number of bytes needs are those of no bytes.
      if (bytes && Math.ceil((bytes.length * 8) / 5) === text.length) assert.equal(base32(bytes), text);
    }),
    { seed: 22 },
  );
});
