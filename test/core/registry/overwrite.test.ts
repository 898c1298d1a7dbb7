import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { finishedText, isOnePage, planOverwrite } from '../../../src/core/registry/edit/overwrite.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (all: Uint8Array): string => new TextDecoder().decode(all);

/** What is in the file after each step. */
function states(before: Uint8Array, after: Uint8Array): readonly Uint8Array[] {
  const { reserve, start, bytes: middle, length } = planOverwrite(before, after);
  const reserved = new Uint8Array([...before, ...reserve]);
  const overwritten = new Uint8Array(reserved);
  overwritten.set(middle, start);
  return [reserved, overwritten, overwritten.subarray(0, length)];
}

test('every interruption leaves the old or the new text, followed by line breaks at most', () => {
  const byte = fc.constantFrom(0x61, 0x62, 0x0a);
  const anyText = fc.array(byte, { maxLength: 40 });
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      const [before, after] = [new Uint8Array(one), new Uint8Array(other)];
      const [reserved, overwritten, done] = states(before, after).map(text);
      assert.match(reserved ?? '', new RegExp(`^${text(before)}\n*$`));
      assert.match(overwritten ?? '', new RegExp(`^${text(after)}\n*$`));
      assert.equal(done, text(after));
      for (const state of states(before, after)) {
        const finished = text(finishedText(state, before, after) ?? state);
        assert.ok(finished === text(before) || finished === text(after), JSON.stringify(finished));
      }
    }),
  );
});

test('a text that the user saved since is not taken for an interrupted write', () => {
  const [before, after] = [bytes('[ "a" ]'), bytes('[ "a" "b" ]')];
  for (const saved of ['[ ]', '[ "c" ]', '[ "a" "c" ]', ''])
    assert.equal(finishedText(bytes(saved), before, after), undefined, saved);
});

test('a mix of old and new sectors is recognized as an interrupted write', () => {
  const before = bytes('a'.repeat(2000));
  const after = bytes('b'.repeat(2000));
  const mixed = new Uint8Array([...before.subarray(0, 1024), ...after.subarray(1024)]);
  assert.equal(finishedText(mixed, before, after), after);
  mixed[600] = 0;
  assert.equal(finishedText(mixed, before, after), undefined);
});

test('only a text within one page cannot be interrupted', () => {
  const long = 'x'.repeat(4090);
  assert.ok(isOnePage(planOverwrite(bytes('a'), bytes('abc'))));
  assert.ok(isOnePage(planOverwrite(bytes(`${long}a`), bytes(`${long}abcdef`))));
  assert.ok(!isOnePage(planOverwrite(bytes(`${long}a`), bytes(`${long}abcdefg`))));
  assert.ok(!isOnePage(planOverwrite(bytes(`a${long}`), bytes(`abcdefg${long}`))));
  assert.ok(isOnePage(planOverwrite(bytes(`${long.repeat(3)}a`), bytes(`${long.repeat(3)}b`))));
});
