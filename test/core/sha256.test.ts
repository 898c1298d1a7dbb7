import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sha256Of } from '../../src/core/sha256.ts';
import { randomRuns } from '../support/runs.ts';

const expected = (text: string): string => createHash('sha256').update(text).digest('hex');

test('the sha256 of a text is that of node:crypto', () => {
  for (let length = 0; length < 200; length += 1) {
    const text = 'é'.repeat(length % 3) + 'x'.repeat(length);
    assert.equal(Buffer.from(sha256Of(text)).toString('hex'), expected(text));
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      assert.equal(Buffer.from(sha256Of(text)).toString('hex'), expected(text));
    }),
    randomRuns(200, 200),
  );
});
