import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findUnlocked, parseDeclared } from '../../../src/core/evaluation/flake-inputs.ts';
import { parseFlakeLock } from '../../../src/core/evaluation/flake-lock.ts';

const REV = '0123456789abcdef0123456789abcdef01234567';

/** What differs between an input of a flake.nix, as Nix shows it, and its node in a flake.lock. */
function differenceOf(declared: unknown, original: object, node: object = {}): string | undefined {
  const nodes = { root: { inputs: { x: 'x' } }, x: { ...node, original, locked: {} } };
  const lock = parseFlakeLock(JSON.stringify({ nodes, root: 'root', version: 7 }));
  assert.ok(lock);
  return findUnlocked({ inputs: { x: declared } }, lock)?.how;
}

const same: readonly [declared: unknown, original: object][] = [
  [{ url: 'github:o/r' }, { type: 'github', owner: 'o', repo: 'r' }],
  [{ url: 'github:o/r/nixos-unstable' }, { type: 'github', owner: 'o', repo: 'r', ref: 'nixos-unstable' }],
  [{ url: 'github:o/r/release/1' }, { type: 'github', owner: 'o', repo: 'r', ref: 'release/1' }],
  [{ url: `github:o/r/${REV}` }, { type: 'github', owner: 'o', repo: 'r', rev: REV }],
  [{ url: 'github:o/r?ref=main&dir=sub' }, { type: 'github', owner: 'o', repo: 'r', ref: 'main', dir: 'sub' }],
  [{ url: 'gitlab:g%2Fh/r?host=h.org' }, { type: 'gitlab', owner: 'g/h', repo: 'r', host: 'h.org' }],
  [{ url: 'sourcehut:~o/r' }, { type: 'sourcehut', owner: '~o', repo: 'r' }],
  [{ url: 'nixpkgs' }, { type: 'indirect', id: 'nixpkgs' }],
  [{ url: 'flake:nixpkgs/nixos-25.05' }, { type: 'indirect', id: 'nixpkgs', ref: 'nixos-25.05' }],
  [{}, { type: 'indirect', id: 'x' }],
  [{ url: 'path:/srv/x' }, { type: 'path', path: '/srv/x' }],
  [{ url: 'path:./sub' }, { type: 'path', path: './sub' }],
  [{ url: './sub' }, { type: 'path', path: './sub' }],
  [{ url: ['/tmp/copy/sub'] }, { type: 'path', path: './sub' }],
  [{ url: '/srv/x' }, { type: 'path', path: '/srv/x' }],
  [{ url: '/srv/x' }, { type: 'git', url: 'file:///srv/x' }],
  [
    { type: 'path', path: '/srv/x' },
    { type: 'path', path: '/srv/x' },
  ],
  [
    { type: 'github', owner: 'o', repo: 'r', flake: true },
    { type: 'github', owner: 'o', repo: 'r' },
  ],
  [{ url: 'git+https://h.org/r.git' }, { type: 'git', url: 'https://h.org/r.git' }],
  [{ url: 'git+ssh://git@h.org/r?ref=a&rev=b' }, { type: 'git', url: 'ssh://git@h.org/r', ref: 'a', rev: 'b' }],
  [{ url: 'git+file:///srv/x?submodules=1' }, { type: 'git', url: 'file:///srv/x', submodules: true }],
  [{ url: 'git+file:///srv/x?shallow=0' }, { type: 'git', url: 'file:///srv/x', shallow: false }],
  [{ url: 'hg+https://h.org/r' }, { type: 'hg', url: 'https://h.org/r' }],
  [{ url: 'https://h.org/r.tar.gz' }, { type: 'tarball', url: 'https://h.org/r.tar.gz' }],
  [{ url: 'tarball+https://h.org/r?a=b' }, { type: 'tarball', url: 'https://h.org/r?a=b' }],
  [
    { url: 'file+https://h.org/list.json', flake: true },
    { type: 'file', url: 'https://h.org/list.json' },
  ],
];
for (const [declared, original] of same) {
  test(`${JSON.stringify(declared)} is locked by ${JSON.stringify(original)}`, () => {
    assert.equal(differenceOf(declared, original), undefined);
  });
}

const changed: readonly [declared: unknown, original: object][] = [
  [{ url: 'github:o/r/a' }, { type: 'github', owner: 'o', repo: 'r' }],
  [{ url: 'github:o/r' }, { type: 'github', owner: 'o', repo: 'r', ref: 'a' }],
  [{ url: 'github:r/o' }, { type: 'github', owner: 'o', repo: 'r' }],
  [{ url: 'gitlab:o/r' }, { type: 'github', owner: 'o', repo: 'r' }],
  [{ url: 'nixpkgs' }, { type: 'indirect', id: 'x' }],
  [{}, { type: 'indirect', id: 'y' }],
  [{}, { type: 'path', path: 'x' }],
  [{ url: 'path:/home/u/.ssh' }, { type: 'path', path: '/srv/x' }],
  [{ url: 'path:/srv/x/y' }, { type: 'path', path: '/srv/x' }],
  [{ url: 'path:/srv' }, { type: 'path', path: '/srv/x' }],
  [{ url: 'path:../x' }, { type: 'path', path: './x' }],
  [{ url: ['/home/u/.ssh'] }, { type: 'path', path: './sub' }],
  [{ url: '/srv/y' }, { type: 'git', url: 'file:///srv/x' }],
  [{ url: 'git+https://h.org/r?rev=b' }, { type: 'git', url: 'https://h.org/r' }],
  [{ url: 'git+https://h.org/r' }, { type: 'git', url: 'https://h.org/r', ref: 'a' }],
  [{ url: 'git+https://h.org/r' }, { type: 'hg', url: 'https://h.org/r' }],
  [{ url: 'git+https://h.org/s' }, { type: 'git', url: 'https://h.org/r' }],
  [{ url: 'https://h.org/a/r.tar.gz' }, { type: 'tarball', url: 'https://h.org/r.tar.gz' }],
  [
    { type: 'path', path: '/srv/y' },
    { type: 'path', path: '/srv/x' },
  ],
  [{ url: null }, { type: 'path', path: '/srv/x' }],
  [
    { url: 'path:/srv/x', flake: false },
    { type: 'path', path: '/srv/x' },
  ],
  [{ follows: 'y' }, { type: 'path', path: '/srv/x' }],
];
for (const [declared, original] of changed) {
  test(`${JSON.stringify(declared)} is not locked by ${JSON.stringify(original)}`, () => {
    assert.equal(differenceOf(declared, original), 'changed');
  });
}

test('what is in one of the two files only is found, by its path', () => {
  const node = { locked: {}, original: { type: 'indirect', id: 'a' } };
  const nodes = {
    root: { inputs: { a: 'a', f: ['a', 'b'] } },
    a: { ...node, inputs: { b: ['f'], c: 'c' } },
    c: { ...node, original: { type: 'path', path: '/srv/c' } },
  };
  const lock = parseFlakeLock(JSON.stringify({ nodes, root: 'root', version: 7 }));
  assert.ok(lock);
  const found = (inputs: Readonly<Record<string, unknown>>): unknown => findUnlocked({ inputs }, lock);
  const f = { follows: 'a/b' };
  assert.equal(found({ a: {}, f }), undefined);
  assert.equal(found({ a: { inputs: { b: { follows: 'f' }, c: { url: 'path:/srv/c' } } }, f }), undefined);
  assert.equal(found({ a: { inputs: { c: { inputs: {} } } }, f }), undefined);
  assert.deepEqual(found({ a: {} }), { input: 'f', how: 'left' });
  assert.deepEqual(found({ a: {}, f, new: {} }), { input: 'new', how: 'missing' });
  assert.deepEqual(found({ a: { inputs: { c: { url: 'path:/home/u' } } }, f }), { input: 'a/c', how: 'changed' });
  assert.equal(found({ a: { inputs: { d: { url: 'path:/home/u' } } }, f }), undefined, 'Nix ignores it');
});

test('a flake.lock that is not valid is refused, and a missing one has no inputs', () => {
  assert.equal(parseFlakeLock(undefined)?.root, 'root');
  for (const text of [
    '',
    '{',
    '[]',
    '{}',
    '{"root":"root","version":7}',
    '{"nodes":{"root":{}},"root":"root","version":8}',
  ]) {
    assert.equal(parseFlakeLock(text), undefined, text);
  }
});

test('the arguments of outputs are inputs, too', () => {
  const declared = parseDeclared(
    '{"inputs":{"a":{"url":"x"}},"formals":["self","a","nixpkgs"],"attributes":["inputs"]}',
  );
  assert.deepEqual(declared.inputs, { a: { url: 'x' }, nixpkgs: {} });
  for (const json of ['', 'null', '{"inputs":{}}']) assert.throws(() => parseDeclared(json), SyntaxError, json);
});
