import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Typing } from '../../src/cli/picker/pick.ts';

/** The keys for what a terminal sends, when nothing is in the filter yet or so much. */
function keysFor(text: string, length = 0): string {
  const typing = new Typing();
  return [...text].map((char) => typing.keyFor(char, length) ?? '').join('');
}

test('letters, keys and escape sequences go through', () => {
  for (const text of ['base.en', '模型 é', '\r\n\t\x7f\x04\x15', '\x1b[A\x1b[1;5C\x1bOP\x1b[3~', '\x1b\x1b', '\x1ba'])
    assert.equal(keysFor(text), text, JSON.stringify(text));
});

test('characters that show nothing, or turn others around, are dropped', () => {
  assert.equal(keysFor('a\x85\x9b31m\u200b\u200e\u202e\u2028\u2066\ufeffb'), 'a31mb');
  assert.equal(keysFor('\x1b\u202eb'), '\x1bb');
  assert.equal(keysFor('\x1b[\u202eb'), '\x1b[b');
});

test('in a pasted text nothing is a key', () => {
  assert.equal(keysFor('a\x1b[200~b\r\n\tc\x04\x15\x1b[A\x1bd\x1b[201~\r'), 'a\x1b[200~b   c\r');
});

test('a filter takes no more letters than a name can have, and still every key', () => {
  assert.equal(keysFor('a\x1b[A\x7fb\r', 255), '\x1b[A\x7f\r');
  assert.equal(keysFor('a', 254), 'a');
});
