import assert from 'node:assert/strict';
import { test } from 'node:test';
import { width } from '../../src/adapters/terminal/cells.ts';
import { renderError } from '../../src/adapters/terminal/error.ts';
import { WhisperError } from '../../src/core/errors.ts';
import { placeOf } from '../../src/core/registry/diagnostic.ts';

const plain = (_: string, text: string): string => text;

function errorAt(text: string, marked: string, message = 'That is not a model file name'): WhisperError {
  const start = text.indexOf(marked);
  const place = placeOf('/srv/x.nix', text, { start, end: start + marked.length });
  return new WhisperError('registry-bad-name', message, 'Fix the line', { place });
}

test('an error shows its message, the underlined source line and the hint', () => {
  assert.equal(
    renderError(errorAt('[\n  "base"\n]\n', '"base"'), plain),
    [
      'whisper: That is not a model file name',
      '  /srv/x.nix:2:3',
      '  2 |   "base"',
      '    |   ^^^^^^',
      '  Fix the line',
      '',
    ].join('\n'),
  );
});

test('the underline is aligned whatever the width of the characters', () => {
  const lines = renderError(errorAt('[ "模型" "字" ]', '"字"'), plain).split('\n');
  assert.deepEqual(lines.slice(2, 4), ['  1 | [ "模型" "字" ]', '    |          ^^^^']);
  const tabs = renderError(errorAt('\t[\t"é" oops ]', 'oops'), plain).split('\n');
  assert.deepEqual(tabs.slice(2, 4), ['  1 | \t[\t"é" oops ]', '    | \t \t    ^^^^']);
});

test('on a narrow terminal no line is too wide and the underline is still shown', () => {
  const text = `[ ${'"ggml-tiny.bin" '.repeat(30)}oops ${'"ggml-base.bin" '.repeat(30)}]`;
  const error = errorAt(text, 'oops', 'a sentence that says what happened '.repeat(5).trim());
  for (const columns of [40, 60, 80, 140]) {
    const lines = renderError(error, plain, columns).split('\n');
    for (const line of lines) assert.ok(width(line) <= columns, `${columns}: ${line}`);
    const source = lines.find((line) => line.includes('oops')) ?? '';
    const marks = lines[lines.indexOf(source) + 1] ?? '';
    assert.equal(marks.indexOf('^^^^'), source.indexOf('oops'));
  }
});
