import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  loadCatalogue,
  menuOrder,
  parseCatalogue,
  RECOMMENDED,
  requireModel,
  suggest,
} from '../../../src/core/catalogue/catalogue.ts';
import {
  fileName,
  isModelFile,
  isShortName,
  modelNames,
  printable,
  shortName,
} from '../../../src/core/catalogue/names.ts';
import { nearest } from '../../../src/core/catalogue/suggest.ts';

test('the name of a model file is one path segment of harmless characters', () => {
  for (const name of ['ggml-a.bin', 'ggml-base.en-q5_1.bin', 'ggml-...bin', `ggml-${'x'.repeat(246)}.bin`]) {
    assert.ok(isModelFile(name), name);
  }
  const bad = [
    'ggml-.bin',
    'ggml-a.BIN',
    'a.bin',
    '../ggml-a.bin',
    'ggml-a/b.bin',
    'ggml-a\\b.bin',
    'ggml-a.bin\n',
    '\nggml-a.bin',
  ];
  for (const name of [
    ...bad,
    'ggml-ä.bin',
    'ggml-a b.bin',
    'ggml-a.bin/',
    'ggml-\0.bin',
    `ggml-${'x'.repeat(247)}.bin`,
  ]) {
    assert.ok(!isModelFile(name), JSON.stringify(name));
  }
});

test('an entry of a list is a short name only if it is nothing else and its model is known', () => {
  const nameOf = modelNames((file) => file !== 'ggml-git.bin');
  for (const name of ['base.en', 'base.en-q5_1', '3', 'a_b', 'large-v3-turbo', 'x'.repeat(246)]) {
    assert.ok(isShortName(name), name);
    assert.equal(nameOf(name), `ggml-${name}.bin`);
  }
  const others = ['ggml-base.en', 'base.en.bin', 'ggml-', '.bin', '-x', '.', '..', '.x', '', ' base.en', 'base.en\n'];
  const odd = ['a/b', './a', 'a:b', 'ä', 'a b', 'a\\b', 'x'.repeat(247)];
  for (const name of [...others, ...odd, 'ggml-base.en.bin', 'git']) {
    assert.equal(isShortName(name), name === 'git', JSON.stringify(name));
    assert.equal(nameOf(name), name);
  }
});

test('short names become full names and back', () => {
  assert.equal(shortName('ggml-base.en-q5_1.bin'), 'base.en-q5_1');
  assert.equal(shortName('../x'), '../x');
  assert.equal(fileName('base.en'), 'ggml-base.en.bin');
  assert.equal(fileName('ggml-base.en.bin'), 'ggml-base.en.bin');
  for (const given of ['../x', '', 'a b', 'a\n', 'a/b'])
    assert.equal(fileName(given), undefined, JSON.stringify(given));
});

test('control characters are shown escaped', () => {
  assert.equal(
    printable('a\x1b[31m\r\n\x9b\u202e\u2028\ud800'),
    'a\\x1b[31m\\x0d\\x0a\\x9b\\u{202e}\\u{2028}\\u{d800}',
  );
  assert.equal(printable('naïve — 模型 🙂'), 'naïve — 模型 🙂');
});

test('the nearest names are suggested', () => {
  const known = ['tiny', 'tiny.en', 'base', 'base.en', 'base.en-q5_1', 'base.en-q8_0', 'small'];
  assert.equal(nearest('bsae', known)[0], 'base');
  assert.equal(nearest('BASE.EN', known)[0], 'base.en');
  assert.equal(nearest('base.en-q5_0', known)[0], 'base.en-q5_1');
  assert.deepEqual(nearest('zzzzzz', known), []);
  assert.ok(nearest('base', known, 2).length <= 2);
  assert.deepEqual(nearest('', []), []);
});

test('the catalogue finds models by either name', () => {
  const catalogue = loadCatalogue();
  assert.equal(requireModel('base.en', catalogue), 'ggml-base.en.bin');
  assert.equal(requireModel('own', catalogue, new Set(['ggml-own.bin'])), 'ggml-own.bin');
  assert.throws(() => requireModel('own', catalogue), { code: 'unknown-model', exitCode: 2 });
  assert.throws(() => requireModel('../own', catalogue), { code: 'bad-model-name', exitCode: 2 });
  assert.equal(suggest('medium.en-q5_1', catalogue)[0], 'medium.en-q5_0');
  assert.equal(suggest('ggml-medium.en-q5_1.bin', catalogue)[0], 'medium.en-q5_0');
});

test('a name is never suggested for itself', () => {
  const catalogue = loadCatalogue();
  for (const given of ['kitchen', 'large-v4', 'base.en', 'ggml-own.bin'])
    assert.ok(!suggest(given, catalogue, [given]).includes(given), given);
  assert.deepEqual(suggest('kitchen', catalogue, ['kitchen', 'kitchens']), ['kitchens']);
});

test('every model of the built-in catalogue is pinned, but one whose hash no two sources state', () => {
  const unpinned: string[] = [];
  for (const { file, repo, revision, size, sha256 } of loadCatalogue().values()) {
    assert.ok(isModelFile(file), file);
    assert.match(`${repo} ${revision}`, /^[\w.-]+\/[\w.-]+ [0-9a-f]{40}$/);
    if (sha256 === undefined) unpinned.push(file);
    else assert.match(`${size} ${sha256}`, /^\d{6,} [0-9a-f]{64}$/, file);
  }
  assert.deepEqual(unpinned, ['ggml-parakeet-tdt-0.6b-v3-f32.bin']);
});

test('the menu starts with four, the second of them recommended', () => {
  const order = menuOrder(loadCatalogue()).map(({ file }) => shortName(file));
  assert.deepEqual(order.slice(0, 4), ['tiny.en-q5_1', 'base.en-q5_1', 'small.en-q5_1', 'medium.en-q5_0']);
  assert.equal(order[1], shortName(RECOMMENDED));
  assert.equal(new Set(order).size, loadCatalogue().size);
});

test('a digest in capitals is the same digest', () => {
  const own = { file: 'ggml-own.bin', repo: 'gpt2', sha256: 'AB'.repeat(32) };
  const catalogue = loadCatalogue({ custom: parseCatalogue('own.json', JSON.stringify({ models: [own] })) });
  const expected = { file: own.file, repo: 'gpt2', revision: 'main', size: undefined, sha256: 'ab'.repeat(32) };
  assert.deepEqual(catalogue.get(own.file), expected);
});
