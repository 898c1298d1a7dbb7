import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { loadCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { identify } from '../../../src/core/formats/identify.ts';
import { PARAKEET_HEADER_BYTES, readParakeetHeader } from '../../../src/core/formats/parakeet-header.ts';
import { QUANTIZATION_VERSION_FACTOR, QUANTIZATIONS } from '../../../src/core/formats/quantization.ts';
import {
  FTYPES,
  numbersOf,
  parakeetHeader,
  vadHeader,
  whisperBeginning,
  whisperHeader,
} from '../../support/ggml-header.ts';

const catalogue = loadCatalogue();

test('a parakeet model is recognized with its variant and quantization', () => {
  const v3 = { variant: 'tdt-0.6b-v3', multilingual: true };
  for (const [ftype, quantization] of QUANTIZATIONS) {
    for (const version of [0, 2])
      assert.deepEqual(readParakeetHeader(parakeetHeader({ ftype: version * QUANTIZATION_VERSION_FACTOR + ftype })), {
        ...v3,
        quantization,
      });
  }
  const v2 = { variant: 'tdt-0.6b-v2', multilingual: false, quantization: 'f16' };
  assert.deepEqual(readParakeetHeader(parakeetHeader({ vocabulary: 1024 })), v2);
  const other = { variant: undefined, multilingual: true, quantization: 'f16' };
  assert.deepEqual(readParakeetHeader(parakeetHeader({ audioLayers: 17 })), other);
});

test('the quantization numbers are those of ggml for the published models', () => {
  for (const [quantization, ftype] of Object.entries(FTYPES))
    assert.equal(QUANTIZATIONS.get(ftype % QUANTIZATION_VERSION_FACTOR), quantization);
  assert.equal(new Set(QUANTIZATIONS.values()).size, QUANTIZATIONS.size);
});

test('each parakeet model of the catalogue is identified by its header and size', () => {
  const ftypes = new Map([...QUANTIZATIONS].map(([ftype, name]) => [name, ftype]));
  const entries = [...catalogue.values()].filter(({ file }) => file.includes('parakeet'));
  assert.ok(entries.length >= 4);
  for (const { file, size } of entries) {
    const ftype = ftypes.get(/-([^-]+)\.bin$/.exec(file)?.[1] ?? '') ?? assert.fail(file);
    const found = identify(parakeetHeader({ ftype }), size ?? 7, catalogue);
    assert.deepEqual(
      [found.kind, found.models, found.truncatedAt],
      ['parakeet', size === undefined ? [] : [file], null],
    );
    if (size !== undefined) assert.equal(identify(parakeetHeader({ ftype }), size / 2, catalogue).truncatedAt, 50);
  }
});

test('a parakeet model of other dimensions is a parakeet model, and none of the catalogue', () => {
  const found = identify(parakeetHeader({ audioState: 512 }), 1_255_897_319, catalogue);
  assert.deepEqual([found.kind, found.models, found.traits], ['parakeet', [], ['parakeet', 'f16']]);
});

test('a header with a number that no parakeet model has is not one', () => {
  const fields = ['vocabulary', 'audioContext', 'audioState', 'audioHeads', 'audioLayers', 'mels', 'window', 'kernel'];
  for (const field of [...fields, 'maxTokens', 'filterMels', 'filterFrequencies']) {
    for (const value of [0, -1, 65_537, 2 ** 31 - 1])
      assert.equal(readParakeetHeader(parakeetHeader({ [field]: value })), undefined, `${field} ${value}`);
  }
  for (const ftype of [-1, 4, 5, 6, 99, 1004]) assert.equal(readParakeetHeader(parakeetHeader({ ftype })), undefined);
  for (const other of [{ filterMels: 80 }, { filterFrequencies: 256 }, { audioHeads: 7 }])
    assert.equal(readParakeetHeader(parakeetHeader(other)), undefined, JSON.stringify(other));
});

test('whisper and voice activity models are not parakeet models, and the reverse', () => {
  for (const family of ['tiny', 'base', 'small', 'medium', 'large-v3', 'large-v3-turbo', 'distil-large-v3']) {
    const numbers = numbersOf(family, false, 'f16');
    for (const bytes of [whisperHeader(numbers), whisperBeginning(numbers, ['a', 'b'])])
      assert.equal(readParakeetHeader(bytes), undefined, family);
    assert.equal(identify(whisperBeginning(numbers, ['a']), 5, catalogue).kind, 'model');
  }
  assert.equal(readParakeetHeader(vadHeader()), undefined);
  assert.equal(identify(vadHeader(), 5, catalogue).kind, 'vad');
});

test('a header that is cut off is not one, and any bytes are read without an error', () => {
  const whole = parakeetHeader();
  assert.equal(whole.length, PARAKEET_HEADER_BYTES);
  for (let end = 0; end < whole.length; end += 1) assert.equal(readParakeetHeader(whole.subarray(0, end)), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const found = readParakeetHeader(bytes);
      assert.ok(found === undefined || bytes.length >= PARAKEET_HEADER_BYTES);
    }),
    { seed: 22 },
  );
});
