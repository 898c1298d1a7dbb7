import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { identifyHeader } from '../../../src/core/formats/header.ts';
import {
  isResumable,
  joinPins,
  readJournal,
  samePin,
  withFacts,
  writeJournal,
} from '../../../src/core/state/journal.ts';
import { readFileNote, recordedOrigin } from '../../../src/core/state/record.ts';

const pin = { repo: 'a/b', revision: 'main', size: 9, sha256: 'a'.repeat(64) };
const journal = (fields: object): string => JSON.stringify({ ...pin, ...fields });

test('a journal records the progress of a download', () => {
  const read = (finished: readonly unknown[]): unknown => readJournal(journal({ finished }));
  assert.deepEqual(read([[0, 5]]), { pin, finished: [{ start: 0, end: 5 }], received: 5 });
  assert.deepEqual(read([]), { pin, finished: [], received: 0 });
  const chunks = [
    { start: 0, end: 5, crc: 7 },
    { start: 8, end: 9 },
  ];
  assert.deepEqual(
    read([
      [8, 9],
      [0, 5, 7],
    ]),
    { pin, finished: chunks, received: 6 },
  );
  assert.deepEqual(readJournal(writeJournal(pin, chunks)), { pin, finished: chunks, received: 6 });
  for (const size of [-1, 1e20, 0.5]) assert.equal(readJournal(journal({ size, finished: [] })), undefined, `${size}`);
  const { size: _size, sha256: _sha256, ...source } = pin;
  assert.deepEqual(readJournal(JSON.stringify({ ...source, finished: [[0, 5]] }))?.pin, source);
});

const web = { url: 'https://models.example/ggml-x.bin?v=1' };
const HASH = { sha256: 'a'.repeat(64) };

test('a journal keeps a path in a repository, or the address on another server with the version of the file', () => {
  const pins = [
    { repo: 'a/b', revision: 'main', path: 'c/d.bin', ...HASH },
    { repo: 'gpt2', revision: 'main' },
    { ...web, size: 9, ...HASH },
    { ...web, size: 9, version: '"etag"' },
    web,
  ];
  for (const each of pins) assert.deepEqual(readJournal(writeJournal(each, []))?.pin, each);
  for (const fields of [
    { url: 5 },
    { url: null },
    {},
    { ...web, version: 5 },
    { ...web, repo: 5 },
    { ...web, repo: 'a/b' },
  ])
    assert.equal(readJournal(JSON.stringify({ ...fields, finished: [] })), undefined, JSON.stringify(fields));
});

test('bytes are resumed for the same hash from anywhere, else for the same origin only', () => {
  const other = { url: 'https://models.example/ggml-y.bin' };
  const hub = { repo: 'a/b', revision: 'main' };
  for (const one of [web, other, hub, { ...hub, path: 'x' }]) {
    assert.equal(samePin({ ...web, ...HASH }, { ...one, ...HASH }), true);
    assert.equal(samePin({ ...web, ...HASH }, { ...one, sha256: 'b'.repeat(64) }), false);
    assert.equal(samePin(web, one), one === web);
    assert.equal(samePin({ ...web, ...HASH }, one), one === web);
    assert.equal(samePin({ ...web, size: 5 }, { ...one, size: 6 }), false);
  }
  assert.equal(samePin(hub, { ...hub, path: 'x' }), false);
  assert.equal(samePin({ ...web, url: 'https://models.example/ggml-x.bin?v=2' }, web), false);
});

test('bytes of another server without a hash are resumed only in a version that it names', () => {
  assert.deepEqual([web, { ...web, size: 5 }, { ...web, version: '"1"' }, { ...web, ...HASH }].map(isResumable), [
    false,
    false,
    true,
    true,
  ]);
  assert.equal(isResumable({ repo: 'a/b', revision: 'main' }), true);
  const known = { ...web, size: 5, version: '"1"' };
  assert.deepEqual(joinPins(known, web), known);
  assert.deepEqual(
    joinPins(known, { ...web, ...HASH }),
    { ...web, size: 5, ...HASH },
    'a hash says more than a version',
  );
  assert.deepEqual(withFacts(known, { size: undefined, sha256: undefined, version: undefined }), known);
  assert.deepEqual(withFacts(known, { size: 6, sha256: undefined, version: '"2"' }), {
    ...web,
    size: 6,
    version: '"2"',
  });
});

test('a damaged journal vouches for no bytes', () => {
  const ranges = [
    [5, 1],
    [0],
    [0, -1],
    [-1, 5],
    [0, 5, 'crc'],
    [0, 1.5],
    [0, '5'],
    [0, 2 ** 53],
    5,
    null,
    { 0: 0, 1: 5 },
  ];
  for (const range of ranges)
    assert.equal(readJournal(journal({ finished: [range] })), undefined, JSON.stringify(range));
  const wrong = [
    {
      finished: [
        [0, 5],
        [4, 6],
      ],
    },
    { finished: 5 },
    { finished: undefined },
    { repo: 1 },
    { revision: null },
    { size: '9' },
    { sha256: 4 },
  ];
  for (const fields of wrong) {
    assert.equal(readJournal(journal({ finished: [], ...fields })), undefined, JSON.stringify(fields));
  }
  const text = journal({ finished: [[0, 5]] });
  for (let end = 0; end < text.length; end += 1) assert.equal(readJournal(text.slice(0, end)), undefined);
  fc.assert(
    fc.property(fc.json(), (any) => readJournal(any) === undefined || any.includes('finished')),
    { seed: 4 },
  );
});

const record = {
  file: 'ggml-a.bin',
  repo: 'a/b',
  revision: 'main',
  url: 'https://x/',
  size: 5,
  sha256: 'a'.repeat(64),
  fetchedAt: 't',
  verifiedAt: 't',
  mtime: 't',
  inode: '18446744073709551615',
};

test('a damaged record makes no file managed', () => {
  assert.deepEqual(readFileNote(JSON.stringify(record)), { record, hashed: undefined });
  const { inode: _, ...older } = record;
  assert.deepEqual(readFileNote(JSON.stringify(older)).record, older, 'an older version wrote no inode');
  for (const field of Object.keys(record)) {
    for (const value of [...(field === 'inode' ? [] : [undefined]), null, [], field === 'size' ? '5' : 5]) {
      const { record: found } = readFileNote(JSON.stringify({ ...record, [field]: value }));
      assert.equal(found, undefined, `${field} ${String(value)}`);
    }
  }
  for (const text of ['', '{', 'null', '[]', '5', '"x"'])
    assert.deepEqual(readFileNote(text), { record: undefined, hashed: undefined }, text);
});

test('a hash note is read with or without a record, and ignored where it is damaged', () => {
  const { size, mtime, inode, sha256 } = record;
  const hashed = { size, mtime, inode, sha256 };
  assert.deepEqual(readFileNote(JSON.stringify({ ...record, hashed })), { record, hashed });
  assert.deepEqual(readFileNote(JSON.stringify({ hashed })), { record: undefined, hashed });
  for (const damaged of [
    null,
    5,
    'x',
    [],
    { ...hashed, inode: 7 },
    { ...hashed, sha256: 'x' },
    { ...hashed, size: 1.5 },
  ])
    assert.deepEqual(readFileNote(JSON.stringify({ ...record, hashed: damaged })), { record, hashed: undefined });
});

test('the kind of a file is recognized by its first bytes', () => {
  const rows: readonly [string | Buffer, RegExp][] = [
    ['', /^an empty file$/],
    ['GGUF\x03', /^a GGUF file$/],
    ['ggml', /^text: ggml$/],
    ['version https://git-lfs.github.com/spec/v1\noid', /^a git-LFS pointer/],
    [' \n<!DOCTYPE HTML>', /^an HTML page$/],
    ['<html lang="en">', /^an HTML page$/],
    ['<?xml version="1.0"?>', /^an XML document$/],
    ['{"ok":"x"}', /^JSON$/],
    ['Invalid username or password.', /^text: Invalid username or password\.$/],
    [`${'x'.repeat(100)}\nsecond`, /^text: x{80}…$/],
    [Buffer.alloc(512), /^a file of zero bytes$/],
    [Buffer.from([0x80, 0x02, 0x01]), /^a file of an unknown type$/],
  ];
  for (const [bytes, says] of rows) {
    const header = identifyHeader(Buffer.from(bytes));
    assert.equal(header.kind, 'other');
    if (header.kind === 'other') assert.match(header.looksLike, says);
  }
  assert.deepEqual(identifyHeader(Buffer.from('lmgg\x00\x01')), { kind: 'ggml' });
});

test('a record has a repository with a path, or an address alone', () => {
  const { repo, revision, ...bare } = record;
  for (const one of [{ ...record, path: 'c/d.bin' }, bare])
    assert.deepEqual(readFileNote(JSON.stringify(one)).record, one);
  const halves = [
    { ...bare, repo },
    { ...bare, revision },
    { ...bare, path: 'x' },
    { ...record, path: 5 },
    { ...bare, url: undefined },
  ];
  for (const half of halves) assert.equal(readFileNote(JSON.stringify(half)).record, undefined, JSON.stringify(half));
  assert.deepEqual(recordedOrigin({ repo, revision, path: 'x' }, 'https://cdn.example/y'), {
    repo,
    revision,
    path: 'x',
    url: 'https://cdn.example/y',
  });
  // What answered may have been a redirect that holds for a moment.
  assert.deepEqual(recordedOrigin(web, 'https://cdn.example/signed'), web);
});
