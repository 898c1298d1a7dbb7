import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTypedLine, type TypedLine } from '../../../src/core/completion/typed-line.ts';
import { shellValue } from '../../../src/core/shell-value.ts';
import { RUNS } from '../../support/runs.ts';

const lines: readonly [string, Partial<TypedLine>][] = [
  ['', { words: [], current: '' }],
  ['whisper', { words: [], current: 'whisper' }],
  ['whisper ', { words: [], current: '' }],
  ['whisper  rem', { words: [], current: 'rem' }],
  ['whisper remove ', { words: ['remove'], current: '' }],
  ['whisper remove a b', { words: ['remove', 'a'], current: 'b' }],
  ['whisper -f my\\ dir/x remove "a', { words: ['-f', 'my dir/x', 'remove'], current: 'a' }],
  ['whisper \'a b\'c "d\\"e\\n" f', { words: ['a bc', 'd"e\\n'], current: 'f' }],
  ['whisper "" ', { words: [''], current: '' }],
  ["whisper '", { words: [], current: '' }],
  ['whisper "a b', { words: [], current: 'a b' }],
  ['whisper a\\', { words: [], current: 'a' }],
  ['whisper --file=my', { words: [], current: '--file=my', cut: 7 }],
  ['whisper --file=a:b', { words: [], current: '--file=a:b', cut: 9 }],
  ['whisper "a:b', { words: [], current: 'a:b', cut: 0 }],
  ['whisper a:b ', { words: ['a:b'], current: '', cut: 0 }],
  ['whisper `touch x` $(touch x)', { words: ['`touch', 'x`', '$(touch'], current: 'x)' }],
  ['whisper env > ', { words: ['env'], current: '', isRedirection: true }],
  ['whisper env >.e', { words: ['env'], current: '.e', isRedirection: true }],
  ['whisper env 2>/dev/null tin', { words: ['env'], current: 'tin', isRedirection: false }],
  ['whisper env 2 >> .env tin', { words: ['env', '2'], current: 'tin', isRedirection: false }],
];
for (const [text, expected] of lines) {
  test(`the line ${JSON.stringify(text)}`, () => {
    const line = readTypedLine(text);
    assert.deepEqual({ ...line, ...expected }, line);
  });
}

test('quoted words are completed with their quotes', () => {
  // The last word may be empty.
  const words = fc.array(fc.string({ unit: fc.constantFrom(...'ab $`\'"\\:=<>()&;|\t\n#!ü'), maxLength: 8 }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, (given) => {
      const { words: before, current, isRedirection } = readTypedLine(['whisper', ...given.map(shellValue)].join(' '));
      assert.deepEqual([...before, current], given);
      assert.equal(isRedirection, false);
    }),
    RUNS,
  );
});
