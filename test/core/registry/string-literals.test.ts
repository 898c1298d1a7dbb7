import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readStringLiteral } from '../../../src/core/nix/literals.ts';
import { nixValues } from '../../support/nix-values.ts';

// Each row: a literal as it stands in a file, and its value.
const ROWS: readonly (readonly [string, string])[] = [
  ['"a\\"b\\\\c\\n\\r\\t\\q"', 'a"b\\c\n\r\tq'],
  ['"$${a} $ \\${b} $\\${c}"', '$${a} $ ${b} $${c}'],
  ['"a\r\nb"', 'a\nb'],
  ['"😀 \\😀"', '😀 😀'],
  ["''a''", 'a'],
  ["''''", ''],
  ["''\n  a\n    b\n  ''", 'a\n  b\n'],
  ["''\n  a\n b''", ' a\nb'],
  ["''  \n  a''", 'a'],
  ["''\n\ta\n\tb''", '\ta\n\tb'],
  ["''\r\n  a\r\n  ''", '\r\n  a\r\n'],
  ["''a'''b''$c''\\nd''\\'''", "a''b$c\nd'"],
];

const NO_LITERALS = ['"a', '"a${b}"', "''a", "''a${b}''", '"a\\"', "''a''\\", 'a', '', "'a'"];

for (const [source, value] of ROWS) {
  test(`reads ${JSON.stringify(source)}`, () => {
    const text = `[ ${source} ]`;
    assert.deepEqual(readStringLiteral(text, 2), { value, start: 2, end: 2 + source.length });
  });
}

test('an unterminated string, an interpolation and other tokens are not read', () => {
  for (const source of NO_LITERALS) assert.equal(readStringLiteral(source, 0), undefined, source);
});

const inside = (...pieces: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((chosen) => chosen.join(''));
const SHARED = [
  'a',
  '$',
  '$$',
  '{',
  '}',
  '\\',
  '\n',
  '\n  ',
  '\n    ',
  ' ',
  '\t',
  '\r\n',
  "'",
  '😀',
  '\u00a0',
  '#',
  '/*',
];

test('every string that is read has the value that Nix gives it', async (t) => {
  const source = fc.oneof(
    inside(...SHARED, '\\"', '\\${', '\\n', '\\\\').map((text) => `"${text}"`),
    inside(...SHARED, "''$", "'''", "''\\n", "''\\t", "''\\ ", '"', '\n ').map((text) => `''${text}''`),
  );
  const read = fc.sample(source, { numRuns: 1500, seed: 20_261_123 }).flatMap((text) => {
    const literal = readStringLiteral(text, 0);
    return literal?.end === text.length ? [{ text, value: literal.value }] : [];
  });
  assert.ok(read.length > 500, `only ${read.length} are literals`);
  const values = await nixValues(
    t,
    read.map(({ text }) => `{ activeModels = [ ${text} ]; }`),
  );
  for (const [index, { text, value }] of read.entries()) {
    if (values) assert.deepEqual(values[index], { kind: 'value', value: [value] }, JSON.stringify(text));
  }
});
