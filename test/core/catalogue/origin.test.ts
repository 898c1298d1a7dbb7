import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEntries } from '../../../src/core/catalogue/entries.ts';
import {
  atCommit,
  describeOrigin,
  isFixed,
  isOrigin,
  isRepo,
  isRepoPath,
  isSameFileAt,
  isSameOrigin,
  isWebAddress,
  originOf,
  type Origin,
  pathOf,
} from '../../../src/core/catalogue/origin.ts';

const COMMIT = '5359861c739e955e79d9a303bcbc70fb988958b1';
const hub: Origin = { repo: 'a/b', revision: 'main', path: 'c/d.bin' };
const web: Origin = { url: 'https://models.example/ggml-x.bin' };

test('a path in a repository does not lead out of it', () => {
  for (const path of ['x.bin', 'a/b/x.bin', '.x', '..x', '...', 'a b.bin', 'é.bin', '%2e%2e'])
    assert.equal(isRepoPath(path), true, path);
  const others = [
    '',
    '.',
    '..',
    '/x',
    'x/',
    'a//b',
    'a/../b',
    '../x',
    'a/..',
    './x',
    'a\\b',
    'a?b',
    'a#b',
    'a\nb',
    'a\0b',
  ];
  for (const path of [...others, '\ud800', 5, undefined, null, ['x']])
    assert.equal(isRepoPath(path), false, String(path));
});

test('a repository is a name, or an owner and a name', () => {
  for (const repo of ['gpt2', 'a/b', 'a-b/c.d_e']) assert.equal(isRepo(repo), true, repo);
  for (const repo of ['', 'a/', '/a', 'a/b/c', 'a b', 'a/b?', 'a\n', 5, undefined]) assert.equal(isRepo(repo), false);
});

test('a web address has neither a user name nor a password', () => {
  for (const url of ['https://a.example/x', 'http://a.example:8080/x?y=z', 'HTTPS://A.EXAMPLE'])
    assert.ok(isWebAddress(url));
  for (const url of [
    'https://me@a.example/x',
    'https://:pw@a.example/x',
    'http://me:pw@a.example/',
    'ftp://a.example/x',
  ])
    assert.equal(isWebAddress(url), false, url);
  for (const url of ['file:///etc/passwd', 'data:,x', 'a.example/x', '//a.example/x', 'https://', 'http://[', ''])
    assert.equal(isWebAddress(url), false, url);
});

test('an origin is taken out of the fields of an entry, a record or a journal', () => {
  assert.deepEqual(originOf({ ...hub, url: 'https://cdn.example/x' }), hub);
  assert.deepEqual(originOf({ repo: 'a/b', revision: 'main' }), { repo: 'a/b', revision: 'main' });
  assert.deepEqual(originOf(web), web);
  assert.deepEqual(originOf({}), { url: '' });
  assert.equal(isOrigin({ url: '' }), false);
  for (const origin of [hub, web]) assert.equal(isOrigin(origin), true);
  for (const origin of [
    { ...hub, path: '../x' },
    { ...hub, revision: '' },
    { ...hub, repo: 'a/b/c' },
  ])
    assert.equal(isOrigin(origin), false, JSON.stringify(origin));
});

test('two origins are the same only where all of their fields are', () => {
  const others: readonly Origin[] = [
    { repo: 'a/b', revision: 'main' },
    { ...hub, path: 'c/e.bin' },
    { ...hub, repo: 'a/c' },
    { ...hub, revision: COMMIT },
    web,
    { url: 'https://models.example/ggml-x.bin?v=2' },
  ];
  for (const [index, one] of others.entries()) {
    assert.equal(isSameOrigin(hub, one), false);
    for (const [at, other] of others.entries()) assert.equal(isSameOrigin(one, { ...other }), index === at);
  }
  assert.equal(isSameFileAt(hub, { ...hub, revision: COMMIT }), true);
  assert.equal(isSameFileAt(hub, { ...hub, path: 'other' }), false);
  assert.equal(isSameFileAt(web, { url: 'https://models.example/other' }), false);
});

test('a commit replaces a revision, and nothing of another server', () => {
  assert.deepEqual(atCommit(hub, COMMIT), { ...hub, revision: COMMIT });
  assert.deepEqual(atCommit(hub, undefined), hub);
  assert.deepEqual(atCommit(web, COMMIT), web);
  assert.equal(isFixed(hub), false);
  assert.equal(isFixed({ ...hub, revision: COMMIT }), true);
  assert.equal(pathOf({ file: 'ggml-x.bin', ...hub }), 'c/d.bin');
  assert.equal(pathOf({ file: 'ggml-x.bin' }), 'ggml-x.bin');
  assert.deepEqual([describeOrigin(hub), describeOrigin(web)], ['a/b at main', web.url]);
});

/** The entry as a catalogue reads it, or the reason why it does not. */
function read(fields: object, isLoose: boolean): unknown {
  const text = JSON.stringify({ models: [{ file: 'ggml-x.bin', ...fields }] });
  try {
    return readEntries({ text, isLoose, bad: (reason) => new Error(reason) as never }).entries[0];
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

test('entries of catalogues and lock files come from a repository or from an address', () => {
  const bytes = { size: 5, sha256: 'ab'.repeat(32) };
  const expected = { file: 'ggml-x.bin', ...bytes };
  assert.deepEqual(read({ ...hub, ...bytes }, false), { ...hub, ...expected });
  assert.deepEqual(read({ ...web, ...bytes }, false), { ...web, ...expected });
  assert.deepEqual(read({ ...hub, ...web, ...bytes }, false), { ...hub, ...expected }, 'an old record has both');
  assert.deepEqual(read(web, true), { ...web, file: 'ggml-x.bin', size: undefined, sha256: undefined });
  assert.match(String(read(web, false)), /size is not/);
  assert.match(String(read({ ...web, size: 5 }, false)), /sha256 is not/);
  for (const url of ['https://me:secret@a.example/x', 'ftp://a.example/x', 'x', '', 5, null]) {
    for (const isLoose of [true, false]) {
      const reason = String(read({ ...bytes, url }, isLoose));
      assert.match(reason, /models\[0\]\.url is not an address without a password/);
      assert.doesNotMatch(reason, /secret/);
    }
  }
  for (const path of ['../x', '/x', '', 'a//b', 5, null])
    assert.match(String(read({ ...hub, ...bytes, path }, true)), /models\[0\]\.path is not a path in a repository/);
  assert.match(String(read(bytes, true)), /models\[0\]\.repo is not/);
});

test('an address of the hub in a catalogue or lock file is a file of the hub', () => {
  const url = `https://huggingface.co/a/b/resolve/${COMMIT}/c/d.bin`;
  const bytes = { size: 5, sha256: 'ab'.repeat(32) };
  for (const isLoose of [true, false])
    assert.deepEqual(read({ url, ...bytes }, isLoose), { ...hub, revision: COMMIT, file: 'ggml-x.bin', ...bytes });
});
