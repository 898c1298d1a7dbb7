import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import builtIn from '../../../src/core/catalogue/catalogue-data.json' with { type: 'json' };
import { readVadHeader } from '../../../src/core/formats/vad-header.ts';
import { readWhisperHeader } from '../../../src/core/formats/whisper-header.ts';
import {
  numbersOf,
  vadHeader,
  whisperBeginning,
  whisperHeader,
  words,
  type FTYPES,
  type Numbers,
} from '../../support/ggml-header.ts';

const BASE = numbersOf('base', true, 'q5_1');
const numbers = (changes: Partial<Numbers>): Buffer => whisperHeader({ ...BASE, ...changes });

/** The distilled models speak English with the vocabulary of all languages. */
const hasEnglishWords = (family: string, englishOnly: boolean): boolean => englishOnly && !family.startsWith('distil-');

for (const { file, family, englishOnly, quantization, size, diarization } of builtIn) {
  if (/^(vad|parakeet)/.test(family) || englishOnly === null || size === undefined) continue;
  test(`the header of ${file} gives its class, languages, quantisation and size`, () => {
    const header = readWhisperHeader(
      whisperHeader(numbersOf(family, hasEnglishWords(family, englishOnly), quantization as keyof typeof FTYPES)),
    );
    assert.deepEqual(header, {
      type: 'whisper',
      sizeClass: family.replace(/^large-v[12]$/, 'large').replace(/\.5$/, ''),
      multilingual: !hasEnglishWords(family, englishOnly),
      quantization,
      // The tinydiarize model has the same dimensions; its vocabulary lacks <|endoftext|>, with its length 17 bytes.
      size: diarization ? size + 17 : size,
    });
  });
}

test('the header of a voice-activity model gives its version and size', () => {
  const sizes = builtIn.filter(({ family }) => family === 'vad').map(({ size }) => size);
  assert.equal(sizes.length, 2);
  for (const size of sizes) {
    assert.deepEqual(readVadHeader(vadHeader(5, 1, 2)), { type: 'vad', version: '5.1.2', size });
  }
  for (const end of [18, 30, 41, 60]) {
    const header = readVadHeader(vadHeader().subarray(0, end));
    assert.deepEqual(header, { type: 'vad', version: end < 42 ? undefined : '6.2.0', size: undefined });
  }
  assert.equal(readVadHeader(vadHeader().subarray(0, 17)), undefined);
  assert.equal(readVadHeader(numbers({})), undefined);
  assert.equal(readVadHeader(Buffer.alloc(0)), undefined);
});

test('the vocabulary in the file replaces the default one', () => {
  const size = (bytes: Buffer): number => {
    const header = readWhisperHeader(bytes);
    return header.type === 'whisper' ? (header.size ?? 0) : 0;
  };
  const own = whisperBeginning(BASE, ['a', 'bc', '']);
  assert.equal(size(own), size(whisperHeader(BASE)) - 521_855 + 3 * 4 + 3);
  assert.equal(size(own.subarray(0, -1)), size(whisperHeader(BASE)));
  assert.equal(size(Buffer.concat([whisperHeader(BASE), Buffer.alloc(100_000)])), size(whisperHeader(BASE)));
  assert.equal(size(whisperBeginning(BASE, [])), size(whisperHeader(BASE)));
});

test('classes that are not in the catalogue are recognized, and unknown ones are not guessed', () => {
  const distil = readWhisperHeader(whisperHeader(numbersOf('distil-small', true, 'f32')));
  assert.ok(distil.type === 'whisper' && distil.sizeClass === 'distil-small' && distil.quantization === 'f32');
  const own = readWhisperHeader(numbers({ audioLayers: 7 }));
  assert.ok(own.type === 'whisper' && own.sizeClass === undefined && own.size !== undefined);
  // Rows of 512 numbers are whole blocks of 256, rows of 384 are not.
  const k = readWhisperHeader(numbers({ ftype: 2012 }));
  assert.ok(k.type === 'whisper' && k.quantization === 'q4_k' && k.size !== undefined);
  const tiny = readWhisperHeader(whisperHeader({ ...numbersOf('tiny', true, 'f16'), ftype: 2012 }));
  assert.ok(tiny.type === 'whisper' && tiny.size === undefined);
  const old = readWhisperHeader(numbers({ ftype: 1009 }));
  assert.ok(old.type === 'whisper' && old.quantization === 'q5_1' && old.size === undefined);
});

const strange: readonly [Partial<Numbers>, string][] = [
  [{ audioLayers: -1 }, 'its n_audio_layer is -1'],
  [{ audioLayers: 0 }, 'its n_audio_layer is 0'],
  [{ textLayers: 2 ** 31 - 1 }, 'its n_text_layer is 2147483647'],
  [{ vocabulary: 2 ** 30 }, 'its n_vocab is 1073741824'],
  [{ mels: -80 }, 'its n_mels is -80'],
  [{ textState: 384 }, 'its encoder is 512 wide, its decoder 384'],
  [{ audioHeads: 7 }, 'its width 512 is not a multiple of its heads'],
  [{ ftype: 2006 }, 'its ftype is 2006'],
  [{ ftype: -1 }, 'its ftype is -1'],
];
test('impossible numbers are refused, and the first wrong one is named', () => {
  for (const [changes, reason] of strange) {
    assert.deepEqual(readWhisperHeader(numbers(changes)), { type: 'strange', reason });
  }
  const cut = { type: 'strange', reason: 'its header is cut off' };
  for (let end = 4; end < 48; end += 1) assert.deepEqual(readWhisperHeader(numbers({}).subarray(0, end)), cut);
});

test('any bytes after the magic number are read without an error', () => {
  const dimensions = whisperHeader(BASE);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isWhisper) => {
      const whole = Buffer.concat([isWhisper ? dimensions : words(0x67676d6c), bytes]);
      const header = readWhisperHeader(whole);
      readVadHeader(whole);
      return header.type === 'whisper' || header.reason !== '';
    }),
    { seed: 7 },
  );
  const endless = Buffer.concat([dimensions, words(80, 0, -1, -1, -1)]);
  assert.equal(readWhisperHeader(endless).type, 'whisper');
});
