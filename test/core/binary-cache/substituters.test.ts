import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { archiveAddress, readSubstituters } from '../../../src/core/binary-cache/substituters.ts';

const toPath = (path: string): string => resolve('/base', path);
const addresses = (given: readonly string[]): readonly string[] =>
  readSubstituters(given, toPath).caches.map(({ href }) => href);

test('the path of a directory may contain percent signs and hashes', () => {
  assert.deepEqual(addresses(['/srv/cache', 'file:///srv/cache/', '/srv/cache?priority=1']), ['file:///srv/cache/']);
  assert.deepEqual(addresses(['/srv/100%', '/srv/a%41', '/srv/a#b']), [
    'file:///srv/100%25/',
    'file:///srv/a%2541/',
    'file:///srv/a%23b/',
  ]);
});

test('an address that cannot be used is ignored with the reason', () => {
  const { caches, ignored } = readSubstituters(
    [
      's3://bucket',
      'http://us%er:x@127.0.0.1',
      'http://user:%zz@127.0.0.1',
      'file:///srv/%ff',
      'file:///srv/%00',
      'file:///srv/a%2fb',
    ],
    toPath,
  );
  assert.deepEqual(caches, []);
  assert.deepEqual(
    ignored.map(({ reason }) => reason),
    [
      'only http, https and file URLs are supported',
      'write a percent sign in its user name or password as %25',
      'write a percent sign in its user name or password as %25',
      'it is not the path of a directory',
      'it is not the path of a directory',
      'it is not the path of a directory',
    ],
  );
});

test('passwords are never shown, even those of invalid URLs', () => {
  const given = [
    'ssh://team:p@secret@host',
    'ssh://team:sec/secret@host',
    'http://team:sec/secret@ho:st',
    'http://team:a secret@ho:st',
    's3://KEY:secret@bucket',
    'http://us%er:secret@host',
    '//team:secret@host',
  ];
  const { ignored } = readSubstituters(given, toPath);
  for (const { address } of ignored) assert.doesNotMatch(address, /sec|team|KEY/);
  assert.equal(ignored.length, given.length - 1, 'the last one is a folder');
});

test('an archive may be on another server, but not over a less secure protocol', () => {
  const web = new URL('http://cache.example/x/');
  const safe = new URL('https://cache.example/');
  assert.equal(archiveAddress(web, 'nar/a.nar')?.href, 'http://cache.example/x/nar/a.nar');
  assert.equal(archiveAddress(web, 'https://other.example/a')?.href, 'https://other.example/a');
  for (const named of ['http://[', '//', 'http://h:99999/', 'data:,x', 'file:///etc/passwd', 'ftp://h/x'])
    assert.equal(archiveAddress(web, named), undefined, named);
  assert.equal(archiveAddress(safe, 'http://cache.example/a'), undefined);
  assert.equal(archiveAddress(new URL('file:///srv/'), 'http://h/a'), undefined);
});
