import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expiryOf, rangeHeader, readContent, readFileFacts } from '../../../src/core/hub/answer.ts';
import { describeRanges } from '../../../src/core/hub/ranges.ts';

const rows: readonly [string, number, Readonly<Record<string, string>>, readonly [number, number], object][] = [
  ['the part', 206, { 'content-range': 'bytes 10-19/100' }, [10, 20], { kind: 'part', end: 20 }],
  ['less of it', 206, { 'content-range': 'bytes 10-14/100' }, [10, 20], { kind: 'part', end: 15 }],
  ['more than it', 206, { 'content-range': 'bytes 10-99/100' }, [10, 20], { kind: 'part', end: 100 }],
  ['without the total', 206, { 'content-range': 'bytes 10-19/*' }, [10, 20], { kind: 'part', end: 20 }],
  ['as 200', 200, { 'content-range': 'bytes 10-19/100' }, [10, 20], { kind: 'part', end: 20 }],
  ['another start', 206, { 'content-range': 'bytes 0-9/100' }, [10, 20], { kind: 'other' }],
  ['another file', 206, { 'content-range': 'bytes 10-19/101' }, [10, 20], { kind: 'other' }],
  ['beyond the end', 206, { 'content-range': 'bytes 10-100/*' }, [10, 20], { kind: 'other' }],
  ['no word about it', 206, {}, [10, 20], { kind: 'other' }],
  ['nonsense', 206, { 'content-range': 'bytes x' }, [10, 20], { kind: 'other' }],
  ['the whole file in place of a part', 200, { 'content-length': '100' }, [10, 20], { kind: 'whole' }],
  ['the same without a length', 200, {}, [10, 20], { kind: 'whole' }],
  ['the first part', 200, { 'content-length': '100' }, [0, 20], { kind: 'whole' }],
  ['the whole file', 200, { 'content-length': '100' }, [0, 100], { kind: 'part', end: 100 }],
  ['another length', 200, { 'content-length': '7' }, [0, 100], { kind: 'wrong-length', length: 7 }],
];
for (const [name, status, headers, [start, end], expected] of rows) {
  test(`the body of an answer is classified by its head: ${name}`, () => {
    assert.deepEqual(readContent({ status, headers }, { start, end }, 100), expected);
  });
}

test('a Range header is sent except for the whole file', () => {
  assert.equal(rangeHeader({ start: 0, end: 100 }, 100), undefined);
  assert.equal(rangeHeader({ start: 5, end: 100 }, 100), 'bytes=5-');
  assert.equal(rangeHeader({ start: 0, end: 5 }, 100), 'bytes=0-4');
});

test('the expiry of a signed URL is read from its query', () => {
  const expiry = (query: string): number | undefined => expiryOf(new URL(`https://cdn/x?${query}`));
  assert.equal(expiry('Expires=1700000000&Signature=a'), 1_700_000_000_000);
  assert.equal(expiry('X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600'), Date.UTC(2026, 0, 1, 1));
  for (const query of ['', 'Expires=soon', 'X-Amz-Date=20260101T000000Z', 'X-Amz-Expires=3600'])
    assert.equal(expiry(query), undefined, query);
});

test('sizes, hashes and commit are read from the answer of the API', () => {
  const sha = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
  const sha256 = 'a'.repeat(64);
  const siblings = [
    { rfilename: 'a.bin', size: 5, lfs: { sha256 } },
    { rfilename: 'b.txt', size: 7 },
    { rfilename: 'c.txt', size: -1.5, lfs: { sha256: 'x' } },
    { rfilename: 5 },
    null,
  ];
  const facts = readFileFacts(JSON.stringify({ sha, siblings }));
  assert.deepEqual(
    [...(facts ?? [])],
    [
      ['a.bin', { commit: sha, size: 5, sha256 }],
      ['b.txt', { commit: sha, size: 7, sha256: undefined }],
      ['c.txt', { commit: sha, size: undefined, sha256: undefined }],
    ],
  );
  for (const text of ['', '<html>', 'null', '5', '{}', '{"siblings":5}']) assert.equal(readFileFacts(text), undefined);
});

test('ranges are described in words', () => {
  const ranges = [0, 10, 20].map((start) => ({ start, end: start + 5 }));
  assert.equal(describeRanges(ranges.slice(0, 1)), 'bytes 0 to 4');
  assert.equal(describeRanges(ranges.slice(0, 2)), 'bytes 0 to 4 and 10 to 14');
  assert.equal(describeRanges(ranges), '3 parts, the first of them bytes 0 to 4');
});
