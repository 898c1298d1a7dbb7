import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, inFile, namesIn, remove, removeLine } from '../../support/registry-text.ts';

// Each row: a list, the same with "c" added, the same with "a" removed.
const ROWS: readonly (readonly [string, string, string])[] = [
  ['["a"]', '["a" "c"]', '[]'],
  ['[ "a" ]', '[ "a" "c" ]', '[ ]'],
  ['[ "a" "b" ]', '[ "a" "b" "c" ]', '[ "b" ]'],
  ['[ "b" "a" ]', '[ "b" "a" "c" ]', '[ "b" ]'],
  ['["b" "a" "d"]', '["b" "a" "d" "c"]', '["b" "d"]'],
  ['[ "a"  "b" ]', '[ "a"  "b"  "c" ]', '[ "b" ]'],
  ['[\n    "a"\n  ]', '[\n    "a"\n    "c"\n  ]', '[\n    # "a"\n  ]'],
  ['[\n    "a" # keep\n  ]', '[\n    "a" # keep\n    "c"\n  ]', '[\n    # "a" # keep\n  ]'],
  [
    '[\n    "a" /* keep */ # too\n  ]',
    '[\n    "a" /* keep */ # too\n    "c"\n  ]',
    '[\n    # "a" /* keep */ # too\n  ]',
  ],
  ['[\n    "a"\n    # "b"\n  ]', '[\n    "a"\n    "c"\n    # "b"\n  ]', '[\n    # "a"\n    # "b"\n  ]'],
  ['[\n\t"a"\n]', '[\n\t"a"\n\t"c"\n]', '[\n\t# "a"\n]'],
  ['[\r\n  "a"\r\n]', '[\r\n  "a"\r\n  "c"\r\n]', '[\r\n  # "a"\r\n]'],
  ['[ "a"\n  "b" ]', '[ "a"\n  "b"\n  "c" ]', '[\n  "b" ]'],
  ['[\n  "b"\n  "a" ]', '[\n  "b"\n  "a"\n  "c" ]', '[\n  "b" ]'],
  ['[\n  "b" # of b\n  "a" ]', '[\n  "b" # of b\n  "a"\n  "c" ]', '[\n  "b" # of b\n  ]'],
  ['[\n  "a" "b"\n]', '[\n  "a" "b"\n  "c"\n]', '[\n  "b"\n]'],
  ['[\n  /* of a */ "a"\n]', '[\n  /* of a */ "a"\n             "c"\n]', '[\n  /* of a */\n]'],
  ["[ ''a'' ]", "[ ''a'' \"c\" ]", '[ ]'],
  ['[ "a" # of a\n]', '[ "a" # of a\n                   "c"\n]', '[ # of a\n]'],
];

for (const [list, added, removed] of ROWS) {
  test(`in ${JSON.stringify(list)}`, () => {
    const text = inFile(list);
    assert.equal(add(text, 'c'), inFile(added));
    assert.equal(remove(text, 'a'), inFile(removed));
    assert.equal(removeLine(add(text, 'c'), 'c'), text);
  });
}

const EMPTY: readonly (readonly [string, string])[] = [
  ['[]', '["c"]'],
  ['[ ]', '[ "c" ]'],
  ['[\n  ]', '[\n    "c"\n  ]'],
  ['[ \n  ]', '[ \n    "c"\n  ]'],
  ['[\n\t]', '[\n\t\t"c"\n\t]'],
  ['[\n\n  ]', '[\n    "c"\n\n  ]'],
  ['[ /* none yet */ ]', '[ /* none yet */ "c" ]'],
  ['[\n    # "a"\n    # "b" # note\n  ]', '[\n    # "a"\n    # "b" # note\n    "c"\n  ]'],
  ['[ # none yet\n  ]', '[ # none yet\n    "c"\n  ]'],
];

for (const [list, added] of EMPTY) {
  test(`the empty ${JSON.stringify(list)}`, () => {
    assert.equal(add(inFile(list), 'c'), inFile(added));
    assert.equal(removeLine(inFile(added), 'c'), inFile(list));
  });
}

const COMMENTED: readonly (readonly [string, string])[] = [
  ['[\n  # "c"\n]', '[\n  "c"\n]'],
  ['[\n  #"c"\n]', '[\n  "c"\n]'],
  ['[\n  #   "c"  # note\n]', '[\n  "c"  # note\n]'],
  ['[\n  # "c" /* note */\n]', '[\n  "c" /* note */\n]'],
  ["[\n  # ''c''\n]", "[\n  ''c''\n]"],
  ['[\n  "a"\n  # "c"\n  "b"\n]', '[\n  "a"\n  "c"\n  "b"\n]'],
  // Not exactly that entry on a line of its own: appended instead.
  ['[\n  # "c" is large\n]', '[\n  # "c" is large\n  "c"\n]'],
  ['[\n  # "c" "d"\n]', '[\n  # "c" "d"\n  "c"\n]'],
  ['[\n  "a" # "c"\n]', '[\n  "a" # "c"\n  "c"\n]'],
  ['[\n  # "c" /* open\n]', '[\n  # "c" /* open\n  "c"\n]'],
  ['[\n  /* "c" */\n]', '[\n  /* "c" */\n  "c"\n]'],
];

for (const [list, added] of COMMENTED) {
  test(`a commented line in ${JSON.stringify(list)}`, () => assert.equal(add(inFile(list), 'c'), inFile(added)));
}

test('one edit adds several models, and keeps existing ones', () => {
  const text = inFile('[\n  "a"\n  # "b"\n]');
  assert.equal(add(text, 'a', 'b', 'c'), inFile('[\n  "a"\n  "b"\n  "c"\n]'));
  assert.equal(remove(text, 'x'), text);
  assert.deepEqual(namesIn(remove(inFile('[ "a" "b" "a" ]'), 'a')), ['b']);
});

test('a name is quoted as Nix requires', () => {
  const odd = 'a"b\\c${d}$e\nf';
  assert.deepEqual(namesIn(add(inFile('[ ]'), odd)), [odd]);
});
