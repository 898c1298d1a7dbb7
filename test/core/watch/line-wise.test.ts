import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLineWise } from '../../../src/core/watch/snapshot.ts';

const BEFORE = 'x = [\n  "ggml-a.bin" # a\n  "ggml-b.bin"\n  "ggml-c.bin"\n];\n';
const A = ['ggml-a.bin'];

const PLAIN: Readonly<Record<string, readonly [after: string, dropped: readonly string[]]>> = {
  'a line commented out': [BEFORE.replace('"ggml-a', '# "ggml-a'), A],
  'a line deleted': [BEFORE.replace('  "ggml-a.bin" # a\n', ''), A],
  'two lines far from each other': [
    BEFORE.replace('"ggml-a', '# "ggml-a').replace('  "ggml-c.bin"\n', ''),
    ['ggml-a.bin', 'ggml-c.bin'],
  ],
  'one name replaced by another': [BEFORE.replace('ggml-a', 'ggml-d'), A],
};
const MORE: Readonly<Record<string, readonly [after: string, dropped: readonly string[]]>> = {
  'the rest of the text cut off': ['x = [\n];\n', ['ggml-a.bin', 'ggml-b.bin', 'ggml-c.bin', 'none']],
  'half of the text gone': [BEFORE.slice(0, BEFORE.indexOf('  "ggml-b')), A],
  'another line changed too': [BEFORE.replace('"ggml-a', '# "ggml-a').replace('x =', 'y ='), A],
  'a line added elsewhere': [BEFORE.replace('  "ggml-a.bin" # a\n', '').replace('];', '  # word\n];'), A],
};

for (const [what, [after, dropped]] of Object.entries(PLAIN))
  test(`${what} is a difference in the lines of the dropped entries`, () =>
    assert.equal(isLineWise(BEFORE, after, dropped), true));

test('a line of a short name has it in quotes, not in another word', () => {
  const text = '# based on a list\nx = [\n  "base"\n  "base.en"\n];\n';
  assert.equal(isLineWise(text, text.replace('"base"', '# "base"'), ['base']), true);
  assert.equal(
    isLineWise(text, text.replace('# based on a list\n', '').replace('"base"', '# "base"'), ['base']),
    false,
  );
  assert.equal(isLineWise(text, text.replace('  "base"\n  "base.en"\n', ''), ['base']), false);
});

for (const [what, [after, dropped]] of Object.entries(MORE)) {
  const isOnlyThat = what.startsWith('the rest');
  test(`${what} is a larger difference`, () =>
    assert.equal(isLineWise(isOnlyThat ? `${BEFORE}# an end\n` : BEFORE, after, dropped), false));
}
