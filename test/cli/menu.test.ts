import assert from 'node:assert/strict';
import { test } from 'node:test';
import { menuText, readAnswer } from '../../src/cli/picker/menu.ts';
import { width } from '../../src/adapters/terminal/cells.ts';
import { loadCatalogue, menuOrder } from '../../src/core/catalogue/catalogue.ts';
import { WhisperError } from '../../src/core/errors.ts';

const OFFERS = menuOrder(loadCatalogue()).map((entry) => {
  return { entry, isActive: entry.file === 'ggml-base.bin', isOnDisk: false, isCommented: false };
});

test('several numbers and names are taken, with blanks or commas between them', () => {
  assert.deepEqual(readAnswer('1 3', OFFERS), ['ggml-tiny.en-q5_1.bin', 'ggml-small.en-q5_1.bin']);
  assert.deepEqual(readAnswer(' small.en, 2\t', OFFERS), ['ggml-small.en.bin', 'ggml-base.en-q5_1.bin']);
  assert.deepEqual(readAnswer('36', OFFERS), ['ggml-silero-v6.2.0.bin']);
  for (const line of ['', ' ', ',', '1 44', '0', '1 smal']) {
    assert.throws(
      () => readAnswer(line, OFFERS),
      (error) => error instanceof WhisperError && error.exitCode === 2,
    );
  }
});

test('the menu is plain lines in columns, as wide as the terminal has room', () => {
  const wide = menuText(OFFERS).split('\n');
  assert.equal(wide.length, 44);
  assert.equal(wide[0], '  1  tiny.en-q5_1               32.2 MB  en     q5_1');
  assert.equal(wide[1], '  2  base.en-q5_1               59.7 MB  en     q5_1            (recommended)');
  assert.equal(wide[12], ' 13  base.en                     148 MB  en     f16    ~388 MB');
  assert.equal(wide[9], ' 10  base                        148 MB  multi  f16    ~388 MB  active');
  for (const line of menuText(OFFERS, 60).split('\n')) assert.ok(width(line) < 60, line);
});
