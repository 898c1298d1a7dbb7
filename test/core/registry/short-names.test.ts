import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { modelNames } from '../../../src/core/catalogue/names.ts';
import { WhisperError } from '../../../src/core/errors.ts';
import type { Change } from '../../../src/core/registry/edit/change.ts';
import { requireModelNames } from '../../../src/core/registry/lint.ts';
import { activeEntries, asEvaluated, withModelNames } from '../../../src/core/registry/registry.ts';
import { readStatically } from '../../../src/core/registry/read-registry.ts';
import { parseNix } from '../../../src/adapters/registry/parser.ts';
import { changeText, inFile, readText } from '../../support/registry-text.ts';

const CATALOGUE = loadCatalogue();
const nameOf = modelNames((file) => CATALOGUE.has(file) || file === 'ggml-own.bin' || file === 'ggml-ggml-odd.bin');

const BASE = 'ggml-base.en.bin';
const TINY = 'ggml-tiny.bin';

function change(list: string, asked: Change): string {
  return changeText(inFile(list), asked, { nameOf }).text;
}

test('an entry is the model of its short name, and keeps its spelling and line', () => {
  const text = `{ activeModels = [\n  "base.en"\n  "${TINY}"\n  ''own''\n]; }`;
  const registry = withModelNames(readText(text), nameOf);
  assert.deepEqual(
    activeEntries(registry).map(({ value, name, line }) => [value, name, line]),
    [
      ['base.en', BASE, 2],
      [TINY, TINY, 3],
      ['own', 'ggml-own.bin', 4],
    ],
  );
  requireModelNames(registry);
});

test('a list that Nix evaluated has the same names, and the places of its literals', () => {
  const text = '{ f }: { activeModels = [ "base.en" ] ++ f [ ]; }';
  const reading = readStatically(parseNix, text, { file: 'x.nix', environment: {} });
  const registry = withModelNames(asEvaluated(reading, ['tiny', 'base.en']), nameOf);
  assert.deepEqual(
    activeEntries(registry).map(({ name, line }) => [name, line]),
    [
      [TINY, null],
      [BASE, 1],
    ],
  );
});

for (const list of ['[ "git" "curl" ]', '[ "base.en" "git" ]', '[ "base.en" "ggml-base.en" ]', '[ "base.enn" ]']) {
  test(`${list} is not a list of models`, () => {
    const registry = withModelNames(readText(inFile(list)), nameOf);
    assert.throws(() => requireModelNames(registry), { code: 'registry-bad-name' });
  });
}

test('without the names of the models, no short name is valid', () => {
  assert.throws(() => requireModelNames(readText(inFile('[ "base.en" ]'))), { code: 'registry-bad-name' });
});

// A list, the models that are added, and the list afterwards; without it, nothing changes.
const ADDED: readonly (readonly [string, readonly string[], string?])[] = [
  ['[ "base.en" ]', [BASE]],
  [`[ "${BASE}" ]`, [BASE]],
  [`[ "${TINY}" "base.en" ]`, [BASE, TINY]],
  // Short where all are short.
  ['[ "base.en" ]', [TINY], '[ "base.en" "tiny" ]'],
  ['[ "base.en" ]', [TINY, 'ggml-small.bin'], '[ "base.en" "tiny" "small" ]'],
  ['[ "base.en" ]', [TINY, BASE, 'ggml-own.bin'], '[ "base.en" "tiny" "own" ]'],
  ['[\n  "base.en" # mine\n]', [TINY], '[\n  "base.en" # mine\n  "tiny"\n]'],
  ['[ "base.en" ] ++ [ "own" ]', [TINY], '[ "base.en" "tiny" ] ++ [ "own" ]'],
  // Else as file names.
  ['[ ]', [TINY], `[ "${TINY}" ]`],
  ['[\n  # "base.en"\n]', [TINY], `[\n  # "base.en"\n  "${TINY}"\n]`],
  [`[ "base.en" ] ++ [ "${TINY}" ]`, ['ggml-small.bin'], `[ "base.en" "ggml-small.bin" ] ++ [ "${TINY}" ]`],
  ['[ "base.en" "git" ]', [TINY], `[ "base.en" "git" "${TINY}" ]`],
  // Models without a short name.
  ['[ "base.en" ]', ['ggml-ggml-odd.bin'], '[ "base.en" "ggml-ggml-odd.bin" ]'],
  ['[ "base.en" ]', ['ggml-unknown.bin'], '[ "base.en" "ggml-unknown.bin" ]'],
  // Comments with exactly that model, in any spelling.
  ['[\n  "base.en"\n  # "tiny" # note\n]', [TINY], '[\n  "base.en"\n  "tiny" # note\n]'],
  [`[\n  "base.en"\n  # "${TINY}" # note\n]`, [TINY], `[\n  "base.en"\n  "${TINY}" # note\n]`],
  [`[\n  "${BASE}"\n  # "tiny"\n]`, [TINY], `[\n  "${BASE}"\n  "tiny"\n]`],
  [`[\n  # "tiny"\n  # "${TINY}"\n]`, [TINY], `[\n  "tiny"\n  # "${TINY}"\n]`],
  ["[\n  # ''tiny''\n]", [TINY], "[\n  ''tiny''\n]"],
  ['[\n  # "tiny.en"\n  "base.en"\n]', [TINY], '[\n  # "tiny.en"\n  "base.en"\n  "tiny"\n]'],
];

for (const [list, names, after = list] of ADDED) {
  test(`${JSON.stringify(list)} with ${names.join(', ')} is ${JSON.stringify(after)}`, () => {
    assert.equal(change(list, { kind: 'add', names }), inFile(after));
    assert.equal(change(after, { kind: 'add', names }), inFile(after), 'again');
  });
}

// A list, the models that are removed, and the list afterwards.
const REMOVED: readonly (readonly [string, readonly string[], string])[] = [
  ['[ "base.en" "tiny" ]', [BASE], '[ "tiny" ]'],
  [`[ "base.en" "${BASE}" "tiny" ]`, [BASE], '[ "tiny" ]'],
  [`[\n  "base.en" # a\n  "tiny"\n  "${BASE}"\n]`, [BASE], `[\n  # "base.en" # a\n  "tiny"\n  # "${BASE}"\n]`],
  [`[\n  "base.en"\n  "${TINY}"\n]`, [BASE, TINY], `[\n  # "base.en"\n  # "${TINY}"\n]`],
  ['[ "git" "base.en" ]', ['git'], '[ "base.en" ]'],
  ['[ "base.en" ] ++ [ "tiny" "base.en" ]', [BASE], '[ ] ++ [ "tiny" ]'],
];

for (const [list, names, after] of REMOVED) {
  test(`${JSON.stringify(list)} without ${names.join(', ')} is ${JSON.stringify(after)}`, () => {
    assert.equal(change(list, { kind: 'remove', names, how: 'comment' }), inFile(after));
    assert.equal(change(after, { kind: 'remove', names, how: 'comment' }), inFile(after), 'again');
  });
}

test('an edit of any strings takes each string as it is written', () => {
  const text = inFile('[\n  "base.en"\n  # "tiny"\n]');
  const added = changeText(text, { kind: 'add', names: [BASE, TINY, 'tiny', 'base.en'] });
  assert.equal(added.text, inFile(`[\n  "base.en"\n  "${BASE}"\n  "${TINY}"\n  "tiny"\n]`));
  const removed = changeText(added.text, { kind: 'remove', names: [BASE, TINY], how: 'delete' });
  assert.equal(removed.text, inFile('[\n  "base.en"\n  "tiny"\n]'));
});

test('what an edit did and how to do it by hand is said of the model and of its spelling', () => {
  const { entries, byHand } = changeText(inFile('[ "base.en" ]'), { kind: 'add', names: [BASE, TINY] }, { nameOf });
  assert.deepEqual(
    entries.map(({ name, how }) => [name, how]),
    [
      [BASE, 'present'],
      [TINY, 'appended'],
    ],
  );
  assert.equal(byHand, 'add the line "tiny"');
  const removed = changeText(
    inFile(`[ "base.en" "${BASE}" ]`),
    { kind: 'remove', names: [BASE, TINY], how: 'delete' },
    { nameOf },
  );
  assert.deepEqual(
    removed.entries.map(({ name, how }) => [name, how]),
    [
      [BASE, 'removed'],
      [TINY, 'absent'],
    ],
  );
  assert.equal(removed.byHand, `remove "base.en", remove "${BASE}"`);
});

test('a model that is short in a computed part of the list is not removed, and not added twice', () => {
  const text = '{ f }: { activeModels = [ "tiny" ] ++ f [ ]; }';
  const known = { nameOf, evaluated: ['tiny', 'base.en'] };
  assert.equal(changeText(text, { kind: 'add', names: [BASE] }, known).text, text);
  assert.equal(
    changeText(text, { kind: 'add', names: ['ggml-small.bin'] }, known).text,
    text.replace('"tiny"', '"tiny" "small"'),
  );
  assert.throws(
    () => changeText(text, { kind: 'remove', names: [BASE], how: 'delete' }, known),
    (error) => error instanceof WhisperError && error.code === 'registry-edit-refused',
  );
});
