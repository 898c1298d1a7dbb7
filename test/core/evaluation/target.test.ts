import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNix } from '../../../src/adapters/registry/parser.ts';
import type { Target } from '../../../src/core/evaluation/target.ts';
import { readStatically } from '../../../src/core/registry/read-registry.ts';

function targetIn(text: string, attr?: string): Target | undefined {
  return readStatically(parseNix, text, { file: 'x.nix', attr, environment: {} }).target;
}

const spliced: readonly [name: string, text: string, expected: string, path?: readonly string[]][] = [
  ['a let', 'let activeModels = f 1; f = x: x; in { }', 'let activeModels = f 1; f = x: x; in [ activeModels ]'],
  ['a body right behind in', 'let activeModels = map 1; in{ }', 'let activeModels = map 1; in[ activeModels ]'],
  [
    'a function',
    '{ pkgs }: let activeModels = map 1; in { }',
    '{ pkgs }: let activeModels = map 1; in [ activeModels ]',
  ],
  [
    'a let in a let',
    'let a = 1; in let activeModels = map a; in { }',
    'let a = 1; in let activeModels = map a; in [ activeModels ]',
  ],
  [
    'a set in a let',
    'let c = { activeModels = map 1; }; in { }',
    'let c = { activeModels = map 1; }; in [ c."activeModels" ]',
  ],
  [
    'a let in an attribute',
    '{ w = let activeModels = map 1; in { }; b = 2; }',
    '{ w = let activeModels = map 1; in [ activeModels ]; b = 2; }',
    ['w'],
  ],
  [
    'lines after the body',
    '{ w = let activeModels = map 1; in {\n  a = "é";\n}; b = 2; }',
    '{ w = let activeModels = map 1; in [ activeModels ]\n          \n ; b = 2; }',
    ['w'],
  ],
];
for (const [name, text, expected, path = []] of spliced) {
  test(`the name replaces the body: ${name}`, () => {
    assert.deepEqual(targetIn(text), { text: expected, path, isBody: true });
  });
}

test('attributes of the result are selected', () => {
  for (const text of [
    '{ activeModels = map 1; }',
    '{ pkgs }: rec { a = 1; activeModels = map a; }',
    'import ./x.nix',
  ]) {
    assert.deepEqual(targetIn(text), { text, path: ['activeModels'], isBody: false });
  }
  const nested = '{ whisper.activeModels = map 1; }';
  assert.deepEqual(targetIn(nested), { text: nested, path: ['whisper', 'activeModels'], isBody: false });
});

test('a name that cannot be written has no target', () => {
  assert.equal(targetIn('{ ${"a" + "b"}.activeModels = map 1; }'), undefined);
  assert.equal(targetIn('let "active models" = map 1; in { }', '"active models"'), undefined);
});
