import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { identifyHeader, detectFormat } from '../../../src/core/formats/header.ts';
import { ggufBeginning } from '../../support/ggml-header.ts';

const OID = 'ab'.repeat(32);
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize 147964211\n`;

const rows: readonly [bytes: string | Buffer, kind: string, looksLike: string][] = [
  ['', 'empty', 'an empty file'],
  ['<html><head><title lang="en">\n Log in \n to it</title>', 'html', 'an HTML page: Log in'],
  ['<!doctype html><title></title>', 'html', 'an HTML page'],
  ['<html><title>Ärger', 'html', 'an HTML page: Ärger'],
  ['<?xml version="1.0"?><Error>', 'xml', 'an XML document'],
  ['{"error":"Repository \\u0022x\\u0022 not found"}', 'json', 'JSON with the error: Repository "x" not found'],
  ['{"code": 1,\n "error" : "no\\nyes", "cut', 'json', 'JSON with the error: no'],
  ['{"error":"a\tb"}', 'json', 'JSON'],
  ['{"error":{"code":1}}', 'json', 'JSON'],
  ['[1]', 'json', 'JSON'],
  ['{', 'json', 'JSON'],
  ['{ pkgs }:\nlet', 'text', 'text: { pkgs }:'],
  ['[section]', 'text', 'text: [section]'],
  [pointer, 'lfs-pointer', `a git-LFS pointer, not the file itself: sha256 ${OID}, 147964211 bytes`],
  [pointer.slice(0, 60), 'lfs-pointer', 'a git-LFS pointer, not the file itself'],
  ['ggjt', 'text', 'text: ggjt'],
  [Buffer.from([0xff, 0x41]), 'text', 'text: ÿA'],
  [Buffer.alloc(3), 'zero', 'a file of zero bytes'],
  [Buffer.from([0x80, 2]), 'unknown', 'a file of an unknown type'],
  [Buffer.from('GGUF\x03'), 'gguf', 'a GGUF file'],
  [ggufBeginning(3, []), 'gguf', 'a GGUF file (version 3), which whisper.cpp does not read'],
  [
    ggufBeginning(3, [
      ['general.architecture', 'whisper'],
      ['general.quantization_version', 2],
      ['general.name', 'Tiny\x1b[31m'],
    ]),
    'gguf',
    'a GGUF file (version 3, whisper model "Tiny\x1b[31m"), which whisper.cpp does not read',
  ],
];

test('a file that is not a ggml model is described by its kind', () => {
  for (const [bytes, kind, looksLike] of rows) {
    assert.deepEqual(detectFormat(Buffer.from(bytes)), { kind, looksLike });
    assert.deepEqual(identifyHeader(Buffer.from(bytes)), { kind: 'other', looksLike });
  }
});

test('a file that is truncated anywhere is identified without an error', () => {
  for (const [bytes] of rows) {
    for (let end = 0; end <= bytes.length; end += 1) {
      assert.notEqual(detectFormat(Buffer.from(bytes).subarray(0, end)).looksLike, '');
    }
  }
});

test('any bytes are identified without an error', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 600 }),
      fc.constantFrom('', 'GGUF', 'GGUF\x03\0\0\0', '{"error":"', '<html><title>'),
      (bytes, start) => detectFormat(Buffer.concat([Buffer.from(start), bytes])).looksLike !== '',
    ),
    { seed: 11 },
  );
  const endless = Buffer.concat([Buffer.from('GGUF\x03\0\0\0'), Buffer.alloc(100, 0xff)]);
  assert.match(detectFormat(endless).looksLike, /^a GGUF file \(version 3\)/);
});

test('a text designed to be slow to match is identified at once', () => {
  for (const part of ['<title', '{"error":"\\\\', ' ', '"error"']) {
    for (const start of ['<html>', '{']) {
      const bytes = Buffer.from(start + part.repeat(1024 * 1024)).subarray(0, 1024 * 1024);
      assert.match(detectFormat(bytes).looksLike, /^(an HTML page|JSON|text)/);
    }
  }
  const late = Buffer.alloc(100_000);
  late[99_999] = 1;
  assert.equal(detectFormat(late).kind, 'unknown');
});
