import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { test } from 'node:test';
import { numbersOf, whisperHeader } from '../support/ggml-header.ts';
import { Scratch } from '../support/scratch.ts';

const TINY_SIZE = 77_704_715;
const BASE = 'ggml-base.en.bin';
const TINY = 'ggml-tiny.en.bin';

test('list -v shows the headers of the files, and warns of one that contradicts its name', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY, BASE, 'ggml-small.en.bin', 'ggml-medium.en.bin']);
  const tiny = whisperHeader(numbersOf('tiny', true, 'f16'));
  truncateSync(scratch.writeModel(TINY, tiny), TINY_SIZE);
  truncateSync(scratch.writeModel(BASE, tiny), TINY_SIZE);
  scratch.writeModel('ggml-small.en.bin', Buffer.from('<html><title>Log in\x1b[31m</title>'));
  scratch.writeModel('ggml-my-tune.bin', tiny);

  const ran = await scratch.run(['list', '-v']);
  assert.equal(ran.code, 0, ran.stderr);
  const line = (name: string): string => ran.stdout.split('\n').find((each) => each.includes(` ${name} `)) ?? '';
  assert.match(line('tiny.en'), /active, line 4 {2}\[tiny, English-only, f16\]$/);
  assert.match(line('base.en'), /\[tiny, English-only, f16\]$/);
  assert.match(line('small.en'), /\[an HTML page: Log in\\x1b\[31m\]$/);
  assert.match(line('medium.en'), / not downloaded; active, line \d/);

  const notices = ran.stderr.split('\n').filter((each) => each.includes('does not match its name'));
  assert.deepEqual(notices, [
    'ggml-base.en.bin does not match its name: its header is that of tiny.en: tiny, English-only, f16; to download it again, run whisper download --force base.en',
    'ggml-small.en.bin does not match its name: it is not a model but an HTML page: Log in\\x1b[31m; to download it again, run whisper download --force small.en',
    `ggml-my-tune.bin does not match its name: it is truncated at 0 %; see ${scratch.models}/ggml-my-tune.bin`,
  ]);
});

test('without -v no header is read, and the document for programs is the same either way', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY]);
  scratch.writeModel(TINY, Buffer.from('<html>'));
  const plain = await scratch.run(['list']);
  assert.doesNotMatch(plain.stdout + plain.stderr, /HTML/);
  const [short, verbose] = [await scratch.run(['list', '--json']), await scratch.run(['list', '--json', '-v'])];
  // The free space moves while other tests write.
  const withoutFree = (text: string): string => text.replace(/"free":\d+/, '');
  assert.equal(withoutFree(verbose.stdout), withoutFree(short.stdout));
  assert.match(verbose.stderr, /not a model but an HTML page/);
});
