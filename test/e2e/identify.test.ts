import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { numbersOf, vadHeader, whisperBeginning, whisperHeader } from '../support/ggml-header.ts';
import { sampleModel } from '../support/models.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const tiny = whisperHeader(numbersOf('tiny', true, 'q5_1'));
const TINY_SIZE = 32_166_155;

/** Files by their paths below the scratch folder; a number makes the file that long, the rest of it a hole. */
function prepare(scratch: Scratch, files: Readonly<Record<string, readonly [Uint8Array | string, number?]>>): void {
  for (const [path, [content, size]] of Object.entries(files)) {
    const file = scratch.write(path, content);
    if (size !== undefined) truncateSync(file, size);
  }
}

interface Identified {
  readonly files: readonly Readonly<Record<string, unknown>>[];
}

test('a line for each file, outside of any project', async (t) => {
  const scratch = Scratch.create(t);
  prepare(scratch, {
    'whole.bin': [whisperHeader(numbersOf('tiny', true, 'q4_0')), 25_335_371],
    'half.bin': [tiny, 16_083_078],
    'long.bin': [tiny, TINY_SIZE + 5],
    'own.bin': [whisperBeginning(numbersOf('base', false, 'f16'), ['a']), 900_000],
    'vad.bin': [vadHeader(), 400_000],
    'old.bin': [whisperHeader({ ...numbersOf('tiny', true, 'f16'), ftype: 1002 })],
    'magic.bin': ['lmgg1234'],
    'page.bin': ['<!doctype html>\n<title>Log in\x1b[31m</title>'],
    empty: [''],
    'one byte': ['x'],
    'three bytes': ['lmg'],
    'a\x1b[31m.part': [Buffer.alloc(2_000_000)],
  });
  symlinkSync('half.bin', join(scratch.path, 'link'));
  const rows: readonly [string, string, number][] = [
    ['half.bin', 'tiny.en-q5_1 (tiny, English-only, q5_1), truncated at 50 %: 16.1 MB of 32.2 MB', 5],
    ['link', 'tiny.en-q5_1 (tiny, English-only, q5_1), truncated at 50 %: 16.1 MB of 32.2 MB', 5],
    ['long.bin', 'tiny.en-q5_1 (tiny, English-only, q5_1, 32.2 MB), 5 bytes too long', 5],
    ['own.bin', 'a whisper model (base, multilingual, f16), truncated at 0 %: 900 kB of 147 MB', 5],
    ['vad.bin', 'silero-v6.2.0 (voice activity, silero 6.2.0), truncated at 45 %: 400 kB of 885 kB', 5],
    ['old.bin', 'a whisper model (tiny, English-only, q4_0, 48 B), completeness unknown', 5],
    ['magic.bin', 'a ggml file, but not a whisper model: its header is cut off', 5],
    ['page.bin', 'an HTML page: Log in\\x1b[31m', 5],
    ['empty', 'an empty file', 5],
    ['one byte', 'text: x', 5],
    ['three bytes', 'text: lmg', 5],
    ['a\x1b[31m.part', 'a file of zero bytes', 5],
    ['whole.bin', 'a whisper model (tiny, English-only, q4_0, 25.3 MB), complete, not in the catalogue', 0],
  ];
  for (const [file, says, code] of rows) {
    const ran = await scratch.run(['identify', file]);
    assert.deepEqual(ran, { code, stdout: `${file.replace('\x1b', '\\x1b')}: ${says}\n`, stderr: '' });
  }
  const all = await scratch.run(['identify', ...rows.map(([file]) => file)]);
  assert.equal(all.code, 5);
  assert.equal(all.stdout.split('\n').length, rows.length + 1);
});

test('a file of a published size is hashed, and a fine-tune or a damaged file is not taken for the published one', async (t) => {
  const scratch = Scratch.create(t);
  prepare(scratch, { 'F.bin': [tiny, TINY_SIZE] });
  const ran = await scratch.run(['identify', '--json', 'F.bin']);
  assert.equal(ran.code, 5);
  const [file] = (JSON.parse(ran.stdout) as Identified).files;
  assert.match(String(file?.['sha256']), /^[0-9a-f]{64}$/);
  assert.deepEqual(
    { ...file, sha256: '' },
    {
      path: join(scratch.path, 'F.bin'),
      kind: 'model',
      model: 'ggml-tiny.en-q5_1.bin',
      models: ['ggml-tiny.en-q5_1.bin'],
      sizeClass: 'tiny',
      multilingual: false,
      quantization: 'q5_1',
      size: TINY_SIZE,
      expectedSize: TINY_SIZE,
      truncatedAt: null,
      sha256: '',
      verified: false,
      description:
        'tiny.en-q5_1 (tiny, English-only, q5_1, 32.2 MB), sha256 differs from the published file: corrupt or fine-tuned',
    },
  );
});

test('bytes that the catalogue pins are verified, and a pointer to them says so', async (t) => {
  const scratch = Scratch.create(t);
  const { content, entry } = sampleModel('ggml-own.bin', 3_000_001);
  const env = { WHISPER_CATALOG: scratch.writeCatalogue([entry]) };
  assert.equal(entry.sha256, createHash('sha256').update(content).digest('hex'));
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${entry.sha256}\nsize ${entry.size}\n`;
  prepare(scratch, { any: [content], pointer: [pointer] });
  const whole = await scratch.run(['identify', 'any'], { env });
  const says = 'any: own (3.0 MB), complete, sha256 verified\n';
  assert.deepEqual(whole, { code: 0, stdout: says, stderr: '' });
  const both = await scratch.run(['identify', 'any', 'pointer'], { env });
  assert.equal(both.code, 5);
  const target = `sha256 ${entry.sha256}, 3000001 bytes; pointer to own`;
  assert.equal(both.stdout, `${says}pointer: a git-LFS pointer, not the file itself: ${target}\n`);
});

test('an unreadable file is an error after the other results, and a pipe is not waited for', async (t) => {
  const scratch = Scratch.create(t);
  prepare(scratch, { page: ['<html>'], 'folder/x': [''] });
  execFileSync('mkfifo', [join(scratch.path, 'pipe')]);
  symlinkSync('nowhere', join(scratch.path, 'dangling'));
  const rows: readonly [string, RegExp][] = [
    ['missing\x1b', /missing\\x1b does not exist/],
    ['dangling', /dangling does not exist/],
    ['page/below', /below does not exist/],
    ['pipe', /pipe is not a regular file/],
    ['folder', /folder is a directory/],
    ['/dev/zero', /zero is not a regular file/],
  ];
  for (const [file, says] of rows) {
    const ran = await scratch.run(['identify', file, 'page']);
    assert.deepEqual([ran.code, ran.stdout], [6, 'page: an HTML page\n']);
    assert.match(ran.stderr, says);
    assert.equal(ran.stderr.trim().split('\n').length, 2, 'a message and what to do about it');
  }
  const ran = await scratch.run(['identify', '--json', 'pipe', 'page', 'folder']);
  assert.equal(ran.code, 6);
  const error = jsonError(ran);
  assert.equal(error['code'], 'file-unreadable');
  assert.match(String(error['message']), /pipe is not a regular file; .*folder is a directory$/);
  assert.deepEqual(
    (error['files'] as Identified['files']).map(({ kind }) => kind),
    ['html'],
  );
});

test('identify fails for an unreadable file', async (t) => {
  const scratch = Scratch.create(t);
  prepare(scratch, { secret: ['x'] });
  chmodSync(join(scratch.path, 'secret'), 0);
  const ran = await scratch.spawn(['identify', 'secret'], { asPlainUser: true });
  assert.equal(ran.code, 6);
  assert.match(ran.stderr, /secret cannot be read/);
});

test('identify needs a file, and an own catalogue of the right form', async (t) => {
  const scratch = Scratch.create(t);
  assert.doesNotMatch((await scratch.run(['identify', '--help'])).stdout, /^Options:$/m);
  assert.equal((await scratch.run(['identify'])).code, 2);
  const env = { WHISPER_CATALOG: scratch.write('bad.json', '{') };
  assert.equal((await scratch.run(['identify', 'x'], { env })).code, 2);
});
