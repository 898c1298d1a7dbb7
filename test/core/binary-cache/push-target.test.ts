import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPushTarget } from '../../../src/core/binary-cache/substituters.ts';

const addressOf = (given: string): string => readPushTarget(given, (path) => `/base/${path}`).address;

test('settings other than the compression reach Nix unchanged', () => {
  for (const setting of ['secret-key=/a%20b', 'secret-key=/a+b', 'x=a%26b%3Dc', 'x=100%25', 'x']) {
    assert.equal(addressOf(`https://h/c?${setting}`), `https://h/c?${setting}&compression=none`);
    assert.equal(addressOf(`s3://b?compression=zstd&${setting}`), `s3://b?${setting}&compression=zstd`);
  }
});

test('the compression is given to Nix exactly once', () => {
  assert.equal(addressOf('cache'), 'file:///base/cache?compression=none');
  assert.equal(addressOf('https://h/c?'), 'https://h/c?compression=none');
  assert.equal(addressOf('https://h/c?compression=none&compression=zstd'), 'https://h/c?compression=zstd');
  assert.throws(() => addressOf('https://h/c?compression=zstd&compression=xz'), /is not supported for/);
});

test('an empty address is refused, and does not mean the working directory', () => {
  for (const given of ['', '?', '?compression=zstd', 'file://', 'file://?compression=zstd'])
    assert.throws(() => addressOf(given), { code: 'usage', message: /is empty/ });
  assert.equal(addressOf('.'), 'file:///base/.?compression=none');
});
