import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, inFile, namesIn, remove, removeLine } from '../../support/registry-text.ts';

// A list with "a" more than once, without it, and with its lines deleted.
const ROWS: readonly (readonly [string, string, string])[] = [
  ['[ "a" "a" ]', '[ ]', '[ ]'],
  ['["a" "a" "a"]', '[]', '[]'],
  ['[ "a" "b" "a" ]', '[ "b" ]', '[ "b" ]'],
  ['[\n  "a" "a"\n  "b"\n]', '[\n  # "a"\n  "b"\n]', '[\n  "b"\n]'],
  ['[\n  "a" # one\n  "b"\n  "a" # two\n]', '[\n  # "a" # one\n  "b"\n  # "a" # two\n]', '[\n  "b"\n]'],
];

for (const [list, removed, deleted] of ROWS) {
  test(`removes every "a" from ${JSON.stringify(list)}`, () => {
    assert.equal(remove(inFile(list), 'a'), inFile(removed));
    assert.equal(removeLine(inFile(list), 'a'), inFile(deleted));
  });
}

test('many characters that are not white space in Nix take no more work than one', () => {
  const text = inFile(`[\n${'  "a" # \u00a0\n'.repeat(20_000)}]`);
  assert.equal(removeLine(text, 'b'), text);
});

// Line ends and blanks that differ from line to line: a new line takes after the one before it, and leaves that alone.
const UNEVEN: readonly (readonly [string, string])[] = [
  ['[\n  "a" \t\n]', '[\n  "a" \t\n  "c"\n]'],
  ['[\n  "a"\r\n]', '[\n  "a"\r\n  "c"\r\n]'],
  ['[\r\n  "a"\n]', '[\r\n  "a"\n  "c"\n]'],
  ['[\n  /* none */ \r\n]', '[\n  /* none */ \r\n  "c"\r\n]'],
  ['[ # none\r\n\n]', '[ # none\r\n  "c"\r\n\n]'],
];

for (const [list, added] of UNEVEN) {
  test(`adds to ${JSON.stringify(list)}`, () => {
    assert.equal(add(inFile(list), 'c'), inFile(added));
    assert.equal(removeLine(inFile(added), 'c'), inFile(list));
  });
}

test('add uncomments a line that is not a plain string', () => {
  for (const element of ['"${base}"  # note', 'base', '(base)', "''${base}''"]) {
    const text = `let\n  base = "ggml-base.bin";\nin\n{\n  activeModels = [\n    # base of all\n    ${element}\n    "ggml-tiny.bin"\n  ];\n}\n`;
    const without = remove(text, 'ggml-base.bin');
    assert.deepEqual(namesIn(without), ['ggml-tiny.bin']);
    assert.equal(add(without, 'ggml-base.bin'), text);
  }
});
