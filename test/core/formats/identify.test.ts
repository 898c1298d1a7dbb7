import assert from 'node:assert/strict';
import { test } from 'node:test';
import builtIn from '../../../src/core/catalogue/catalogue-data.json' with { type: 'json' };
import { loadCatalogue, parseCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import {
  contradiction,
  identify,
  isComplete,
  isWorthHashing,
  withHash,
  type Identity,
} from '../../../src/core/formats/identify.ts';
import { numbersOf, vadHeader, whisperHeader, words, type FTYPES } from '../../support/ggml-header.ts';

const catalogue = loadCatalogue();
const LARGE_V1 = 'ggml-large-v1.bin';
const LARGE_V2 = 'ggml-large-v2.bin';
const base = whisperHeader(numbersOf('base', true, 'q5_1'));
const BASE = 'ggml-base.en-q5_1.bin';
const BASE_SIZE = 59_721_011;

test('header and size give the possible models of the catalogue', () => {
  for (const { file, family, englishOnly, quantization, size, diarization } of builtIn) {
    // Without its vocabulary the tinydiarize model looks like the plain one.
    if (englishOnly === null || diarization || size === undefined || /^(distil|parakeet)/.test(family)) continue;
    const header = whisperHeader(numbersOf(family, englishOnly, quantization as keyof typeof FTYPES));
    const identity = identify(header, size, catalogue);
    const either = file === LARGE_V1 || file === LARGE_V2;
    assert.deepEqual(identity.models, either ? [LARGE_V1, LARGE_V2] : [file]);
    assert.ok(isComplete(identity) && isWorthHashing(identity, catalogue));
  }
  const vad = identify(vadHeader(5, 1, 2), 885_098, catalogue);
  assert.deepEqual([vad.kind, vad.models], ['vad', ['ggml-silero-v5.1.2.bin']]);
  assert.deepEqual(identify(vadHeader(9, 9, 9), 885_098, catalogue).models, []);
});

test('the missing bytes of a file are known without a catalogue', () => {
  const rows: readonly [number, number | null][] = [
    [base.length, 0],
    [25_900_000, 43],
    [BASE_SIZE - 1, 99],
    [BASE_SIZE, null],
    [BASE_SIZE + 1, null],
  ];
  for (const [size, truncatedAt] of rows) {
    const identity = identify(base, size, new Map());
    assert.deepEqual([identity.truncatedAt, identity.expectedSize], [truncatedAt, BASE_SIZE]);
    assert.equal(isComplete(identity), size === BASE_SIZE);
  }
});

test('the hash decides between several models, and whether the file is the published one', () => {
  const large = identify(whisperHeader(numbersOf('large-v2', false, 'f16')), 3_094_623_691, catalogue);
  const second = withHash(large, catalogue.get(LARGE_V2)?.sha256 ?? '', catalogue);
  assert.deepEqual([second.models, second.verified, isComplete(second)], [[LARGE_V2], true, true]);
  const tuned = withHash(large, 'f'.repeat(64), catalogue);
  assert.deepEqual([tuned.models.length, tuned.verified, isComplete(tuned)], [2, false, false]);
});

test('a file with a pinned hash is that model, whatever its header says', () => {
  const entry = { file: 'ggml-own.bin', repo: 'a/b', size: 8, sha256: 'e'.repeat(64) };
  const own = loadCatalogue({ custom: parseCatalogue('x', JSON.stringify({ models: [entry] })) });
  const identity = identify(words(0x67676d6c, 5), 8, own);
  assert.deepEqual([identity.kind, isComplete(identity), isWorthHashing(identity, own)], ['ggml', false, true]);
  const pinned = withHash(identity, entry.sha256, own);
  assert.deepEqual([pinned.kind, pinned.models, isComplete(pinned)], ['model', [entry.file], true]);
});

test('a git-LFS pointer is identified as the model that it stands for', () => {
  const { sha256 = '', size = 0 } = catalogue.get(BASE) ?? {};
  const pointer = (oid: string): Identity =>
    identify(
      Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`),
      134,
      catalogue,
    );
  assert.deepEqual([pointer(sha256).models, pointer(sha256).expectedSize], [[BASE], BASE_SIZE]);
  assert.deepEqual(pointer('0'.repeat(64)).models, []);
  assert.ok(!isComplete(pointer(sha256)));
});

test('a file whose content contradicts its name is reported', () => {
  const tiny = whisperHeader(numbersOf('tiny', true, 'f16'));
  const rows: readonly [name: string, bytes: Buffer, size: number, says: string | undefined][] = [
    [BASE, base, BASE_SIZE, undefined],
    [BASE, base, BASE_SIZE / 2, 'it is truncated at 50 %'],
    [BASE, tiny, 77_704_715, 'its header is that of tiny.en: tiny, English-only, f16'],
    ['ggml-base.en.bin', whisperHeader(numbersOf('tiny', true, 'f32')), 9, 'its header says tiny, English-only, f32'],
    ['ggml-base.en.bin', whisperHeader(numbersOf('base', false, 'f32')), 9, 'its header says base, multilingual, f32'],
    ['ggml-base.en.bin', whisperHeader(numbersOf('base', true, 'f32')), 9, 'it is truncated at 0 %'],
    ['ggml-silero-v6.2.0.bin', vadHeader(), 885_098, undefined],
    [
      'ggml-silero-v6.2.0.bin',
      vadHeader(5, 1, 2),
      885_098,
      'its header is that of silero-v5.1.2: voice activity, silero 5.1.2',
    ],
    // Names that the catalogue does not have may mean anything.
    ['ggml-my-tune.bin', tiny, 77_704_715, undefined],
    [LARGE_V2, whisperHeader(numbersOf('large-v1', false, 'f16')), 3_094_623_691, undefined],
    [BASE, Buffer.from('<html><title>Log in</title>'), 28, 'it is not a model but an HTML page: Log in'],
    [BASE, words(0x67676d6c, 5), 8, 'it is not a whisper model: its header is cut off'],
    // Its size is the pinned one: only the hash could tell more.
    [BASE, words(0x67676d6c, 5), BASE_SIZE, undefined],
  ];
  for (const [name, bytes, size, says] of rows) {
    assert.equal(contradiction(name, identify(bytes, size, catalogue), catalogue), says, name);
  }
});
