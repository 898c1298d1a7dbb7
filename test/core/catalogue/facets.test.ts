import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facetsOf } from '../../../src/core/catalogue/size-class.ts';
import { loadCatalogue } from '../../../src/core/catalogue/catalogue.ts';

const facets = (name: string): readonly (string | undefined)[] => {
  const { sizeClass, language, quantisation, memory } = facetsOf(`ggml-${name}.bin`);
  return [sizeClass, language, quantisation, memory];
};

test('the name of a model gives size, language and quantisation', () => {
  assert.deepEqual(facets('base.en-q5_1'), ['base', 'en', 'q5_1', undefined]);
  assert.deepEqual(facets('large-v3-turbo-q8_0'), ['large-v3-turbo', 'multi', 'q8_0', undefined]);
  assert.deepEqual(facets('small.en-tdrz'), ['small', 'en', 'f16', undefined]);
  for (const name of ['silero-v6.2.0', 'my-base.en', 'base.en-mine', 'based'])
    assert.deepEqual(facets(name), [undefined, undefined, undefined, undefined]);
});

test('memory needs are shown only where upstream publishes them', () => {
  const said = [...loadCatalogue().keys()].filter((file) => facetsOf(file).memory !== undefined);
  const names = 'tiny tiny.en base base.en small small.en medium medium.en large-v1 large-v2 large-v3'.split(' ');
  assert.deepEqual(
    said,
    names.map((name) => `ggml-${name}.bin`),
  );
  assert.deepEqual(facets('medium.en'), ['medium', 'en', 'f16', '~2.1 GB']);
});
