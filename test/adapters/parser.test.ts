import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseNix } from '../../src/adapters/registry/parser.ts';
import { LimitExceeded } from '../../src/core/nix/problems.ts';
import type { FlatNode } from '../../src/core/registry/flat-tree.ts';

function textsOf(node: FlatNode, type: string, text: string): readonly string[] {
  const own = node.type === type ? [text.slice(node.startIndex, node.endIndex)] : [];
  return [...own, ...node.children.flatMap((child) => textsOf(child, type, text))];
}

test('a tree has types, fields, offsets and the same node for the same place', () => {
  const text = '{ a = [ "b" ]; }';
  const root = parseNix(text);
  assert.deepEqual([root.type, root.startIndex, root.endIndex, root.hasError], ['source_code', 0, text.length, false]);
  const set = root.childForFieldName('expression');
  assert.equal(set?.type, 'attrset_expression');
  assert.equal(set, root.firstNamedChild);
  assert.equal(root.childForFieldName('body'), null);
  assert.deepEqual(
    set.children.map(({ type, isNamed }) => [type, isNamed]),
    [
      ['{', false],
      ['binding_set', true],
      ['}', false],
    ],
  );
  assert.deepEqual(set.namedChildren, [set.children[1]]);
  assert.deepEqual(textsOf(root, 'list_expression', text), ['[ "b" ]']);
});

test('offsets are UTF-16 code units, also behind NUL characters, lone surrogates and astral characters', () => {
  for (const inside of ['\0', '\ud83d', '\ude00', '\ude00\ud83d', '😀', '\ufeff', 'é\0\ud800😀']) {
    const text = `# ${inside}\n[ "${inside}" "a" ]`;
    const strings = textsOf(parseNix(text), 'string_expression', text);
    assert.equal(strings.at(-1), '"a"', JSON.stringify(text));
  }
  assert.equal(parseNix('{ a = "\ud83d').hasError, true);
  assert.equal(parseNix('').type, 'source_code');
});

test('a tree that is too deep is refused, and the next text is parsed', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['(', ')'],
    ['{ a = ', '; }'],
    ['a: ', 'a'],
    ['"${', '"'],
  ] as const) {
    const deep = (depth: number): string => open.repeat(depth) + close.repeat(depth);
    assert.doesNotThrow(() => parseNix(deep(250)), open);
    const text = `${'a: '.repeat(20_000)}${deep(1)}`;
    assert.throws(() => parseNix(text), new LimitExceeded('depth'), open);
    assert.equal(parseNix('[ ]').hasError, false);
  }
});

test('10 MB are parsed, and their memory is freed', async () => {
  const text = `[ ${'"ggml-base.en.bin"  # a comment\n'.repeat(330_000)}]`;
  assert.ok(text.length > 10_000_000);
  const collectGarbage = garbageCollector();
  collectGarbage();
  const before = process.memoryUsage().external;
  assert.deepEqual(summaryOf(text), [false, text.length]);
  assert.ok(process.memoryUsage().external > before + 100_000_000);
  // Another thread frees it, some turns of the event loop later.
  const isFreed = (): boolean => process.memoryUsage().external < before + 10_000_000;
  for (let turn = 0; turn < 1000 && !isFreed(); turn += 1) {
    collectGarbage();
    await setImmediate();
  }
  assert.ok(isFreed());
});

function summaryOf(text: string): readonly [hasError: boolean, endIndex: number] {
  const { hasError, endIndex } = parseNix(text);
  return [hasError, endIndex];
}

/** Node shows the garbage collector only to a new context, after this flag. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
