import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { adviceFor, sizeClassOf, type SizeClass } from '../../../src/core/catalogue/size-class.ts';

const names: readonly [string, number | undefined, SizeClass | undefined][] = [
  ['ggml-tiny.en-q5_1.bin', undefined, 'tiny'],
  ['ggml-base.bin', 3_000_000_000, 'base'],
  ['ggml-small.en-tdrz.bin', undefined, 'small'],
  ['ggml-medium-q8_0.bin', undefined, 'medium'],
  ['ggml-large-v3-q5_0.bin', undefined, 'large'],
  ['ggml-large-v3-turbo-q8_0.bin', undefined, 'large turbo'],
  ['ggml-distil-large-v3.5.bin', undefined, 'large turbo'],
  ['ggml-distil-medium.en.bin', undefined, 'medium'],
  ['ggml-Small_tuned.bin', undefined, 'small'],
  ['ggml-silero-v6.2.0.bin', 885_098, undefined],
  ['ggml-mine.bin', undefined, undefined],
  ['ggml-basement.bin', 77_700_000, 'tiny'],
  ['ggml-mine.bin', 147_951_465, 'base'],
  ['ggml-mine.bin', 487_601_967, 'small'],
  ['ggml-mine.bin', 1_533_763_059, 'medium'],
  ['ggml-mine.bin', 3_095_033_483, 'large'],
];
for (const [name, size, sizeClass] of names) {
  test(`the size class of ${name} with ${size ?? 'unknown'} bytes`, () => {
    assert.equal(sizeClassOf(name, size), sizeClass);
  });
}

const speech = [...loadCatalogue().keys()].filter((name) => !name.startsWith('ggml-silero'));

test('every model of the catalogue for speech has advice', () => {
  assert.ok(speech.length > 30);
  for (const name of speech) assert.ok(adviceFor(name, undefined, 4), name);
});

test('threads are between one and the number of cores, and never fewer on a larger machine', () => {
  for (const name of speech) {
    let before = 0;
    for (let cores = 1; cores <= 256; cores += 1) {
      const { threads } = adviceFor(name, undefined, cores) ?? { threads: 0 };
      assert.ok(threads >= 1 && threads <= cores && threads >= before, `${name}, ${cores} cores: ${threads}`);
      before = threads;
    }
  }
});

test('two cores stay free, and small models get few cores', () => {
  const threads = (name: string, cores: number): number | undefined => adviceFor(name, undefined, cores)?.threads;
  assert.deepEqual(
    [1, 4, 5, 8, 64].map((cores) => threads('ggml-large-v3.bin', cores)),
    [1, 4, 4, 6, 8],
  );
  assert.deepEqual(
    ['tiny', 'base', 'small', 'medium'].map((name) => threads(`ggml-${name}.bin`, 64)),
    [4, 6, 8, 8],
  );
});

test('larger models get longer chunks of audio', () => {
  const seconds = ['tiny', 'base', 'small', 'medium', 'large-v3-turbo', 'large-v3'].map(
    (name) => adviceFor(`ggml-${name}.bin`, undefined, 8)?.bufferSeconds ?? 0,
  );
  assert.deepEqual(
    seconds,
    [...new Set(seconds)].toSorted((a, b) => a - b),
  );
  assert.equal(seconds[1], 3);
});
