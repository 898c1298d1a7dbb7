import assert from 'node:assert/strict';
import { test } from 'node:test';
import truncatedWidth from 'fast-string-truncated-width';
import { cut, truncateMiddle, pad, width } from '../../src/adapters/terminal/cells.ts';

test('the width of a text is counted in terminal cells', () => {
  assert.equal(width('base.en'), 7);
  assert.equal(width('模型'), 4);
  assert.equal(width('é'), 1);
  assert.equal(width('\x1b[31mred\x1b[39m'), 3);
  // What is counted by itself is counted as the library does.
  for (const sign of '…→○●×•✓✗▏▎▍▌▋▊▉█') assert.equal(truncatedWidth(sign).width, width(sign), sign);
});

test('a text is padded by terminal cells, not by characters', () => {
  assert.equal(pad('模型', 6), '模型  ');
  assert.equal(pad('12', 4, 'start'), '  12');
  assert.equal(pad('too long', 3), 'too long');
});

test('a truncated text fits, including its ellipsis', () => {
  assert.equal(cut('base.en-q5_1', 20), 'base.en-q5_1');
  assert.equal(cut('base.en-q5_1', 8), 'base.en…');
  for (const text of ['模型模型模型', 'a模b型c', 'base.en-q5_1'])
    for (const cells of [0, 1, 2, 3, 4, 5]) assert.ok(width(cut(text, cells)) <= cells, `${text} in ${cells}`);
});

test('a name that is cut keeps its end, where there is room for both ends', () => {
  assert.equal(truncateMiddle('parakeet-tdt-0.6b-v3-q8_0', 25), 'parakeet-tdt-0.6b-v3-q8_0');
  assert.equal(truncateMiddle('parakeet-tdt-0.6b-v3-q8_0', 22), 'parakeet-tdt-0.6…-q8_0');
  assert.equal(truncateMiddle('parakeet-tdt-0.6b-v3-q8_0', 8), 'parakee…');
});
