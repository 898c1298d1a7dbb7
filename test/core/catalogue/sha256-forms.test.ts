import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { base32 } from '../../../src/core/base32.ts';
import { readSha256, toSri } from '../../../src/core/catalogue/sha256-forms.ts';

const HEX = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const BASE64 = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const BASE32 = '0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73';

test('a sha256 is read in each form that Nix accepts for fetchurl', () => {
  const forms = [`sha256-${BASE64}`, `sha256:${BASE64}`, `sha256:${HEX}`, `sha256:${BASE32}`, HEX, BASE32];
  for (const form of [...forms, HEX.toUpperCase(), `sha256:${HEX.toUpperCase()}`]) assert.equal(readSha256(form), HEX);
  assert.equal(toSri(HEX), `sha256-${BASE64}`);
});

test('any sha256 survives each of its forms', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const hex = Buffer.from(bytes).toString('hex');
      for (const form of [toSri(hex), `sha256:${base32(bytes)}`, base32(bytes)]) assert.equal(readSha256(form), hex);
    }),
    { seed: 22 },
  );
});

test('anything else is not a sha256', () => {
  const others = [
    '',
    'sha256-',
    'sha256:',
    BASE64,
    `sha1-${BASE64}`,
    `sha512-${BASE64}`,
    `sha256-${BASE64.slice(0, -1)}`,
    `sha256-${BASE64}=`,
    `sha256-${BASE64.replace('+', '-')}`,
    `sha256-${HEX}`,
    `sha256-${BASE32}`,
    ` sha256-${BASE64}`,
    `sha256-${BASE64}\n`,
    `sha256-${BASE64} sha256-${BASE64}`,
    `sha256:sha256:${HEX}`,
    HEX.slice(1),
    `${HEX}0`,
    HEX.replace('e', 'g'),
    BASE32.slice(1),
    BASE32.replace('q', 'u'),
    BASE32.toUpperCase(),
    BASE32.replace(/^0/, 'z'),
  ];
  for (const text of others) assert.equal(readSha256(text), undefined, text);
});
