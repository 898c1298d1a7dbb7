import fc from 'fast-check';
import type { Change } from '../../../src/core/registry/edit/change.ts';
import { asWritten, modelNames, type NameOf } from '../../../src/core/catalogue/names.ts';
import { modelName, NAMES } from './strings.ts';

// A model that no generated list has, and one that is only in comments.
const name = fc.oneof(
  { weight: 3, arbitrary: modelName },
  fc.constantFrom('ggml-not.bin', 'ggml-added.bin', 'ggml-also-added.bin'),
);
const names = fc.oneof(
  name.map((only) => [only]),
  fc.uniqueArray(name, { minLength: 2, maxLength: 3 }),
);

/** What `add`, `remove` and `remove --delete` are asked for: one model, or several at once. */
export const change: fc.Arbitrary<Change> = fc.oneof(
  names.map((some): Change => ({ kind: 'add', names: some })),
  names.map((some): Change => ({ kind: 'remove', names: some, how: 'comment' })),
  names.map((some): Change => ({ kind: 'remove', names: some, how: 'delete' })),
);

// Some of the models in comments and of those that are added are not known, so they have no short name.
const isKnown = (file: string): boolean => NAMES.includes(file) || file === 'ggml-added.bin';

/** What the entries of a list mean: models, also by their short names, or strings as they are written. */
export const meaning: fc.Arbitrary<NameOf> = fc.constantFrom(modelNames(isKnown), asWritten);
