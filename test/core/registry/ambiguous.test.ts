import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesIn, refusalOf } from '../../support/registry-text.ts';

/** Each option of the error selects a list: what it reads is expected in the order of the places. */
function choices(text: string): readonly (readonly string[])[] {
  const { code, hint } = refusalOf(text);
  assert.equal(code, 'registry-ambiguous');
  return Array.from(hint.matchAll(/--attr ('[^']+'|\S+)( --literal)? \(/g), ([, attr = '', literal]) =>
    namesIn(text, { attr: attr.replaceAll("'", ''), literal: literal !== undefined }),
  );
}

const CHOSEN: readonly (readonly [what: string, text: string, lists: readonly (readonly string[])[]])[] = [
  ['two attributes', '{ a.activeModels = [ "1" ]; b.activeModels = [ "2" ]; }', [['1'], ['2']]],
  ['an attribute and a name in a let', 'let activeModels = [ "1" ]; in { activeModels = [ "2" ]; }', [['2']]],
  ['a list inside a call', '{ f }: { activeModels = [ "1" ]; shell = f { activeModels = [ "2" ]; }; }', [['1'], ['2']]],
  ['a list inside an element of a list', '{ activeModels = [ "1" ]; all = [ { activeModels = [ "2" ]; } ]; }', [['1']]],
  ['an argument', '{ f }: { activeModels = [ "1" ]; make = { activeModels }: f activeModels; }', [['1']]],
  ['a name of a function', '{ activeModels = [ "1" ]; make = activeModels: activeModels; }', [['1']]],
  ['an inherited name', '{ o, f }: { activeModels = [ "1" ]; shell = f { inherit (o) activeModels; }; }', [['1']]],
  [
    'a quoted name inside a call',
    '{ f }: { a."b c".activeModels = [ "1" ]; shell = f { "activeModels" = [ "2" ]; }; }',
    [['1'], ['2']],
  ],
  ['a function in a let', 'let make = x: { activeModels = [ "2" ]; }; in { whisper.activeModels = [ "1" ]; }', [['1']]],
];

for (const [what, text, lists] of CHOSEN) {
  test(`a name that is bound again is ambiguous until --attr selects one: ${what}`, () =>
    assert.deepEqual(choices(text), lists));
}

test('a name that is handed on to a call means the same list', () => {
  for (const text of [
    '{ f }: let activeModels = [ "1" ]; in { inherit activeModels; shell = f { inherit activeModels; }; }',
    '{ f }: let activeModels = [ "1" ]; in { inherit activeModels; shell = f { activeModels = activeModels; }; }',
    '{ f }: rec { activeModels = [ "1" ]; shell = f (x: { inherit activeModels; }); }',
    '{ f }: let activeModels = [ "1" ]; in f (let inherit activeModels; in { inherit activeModels; })',
  ])
    assert.deepEqual(namesIn(text), ['1'], text);
});

test('the error names each place once, and ten at most', () => {
  const { message } = refusalOf(
    `{ ${Array.from({ length: 12 }, (_, at) => `a${at}.activeModels = [ ];`).join(' ')} x = 1; }`,
  );
  assert.match(message, /and 2 more places$/);
  assert.equal(message.match(/\d+:\d+/g)?.length, 10);
});

test('--literal reads a list inside a call only where no other one has its name', () => {
  const literal = { literal: true };
  assert.deepEqual(namesIn('{ f }: f { activeModels = [ "1" ]; }', literal), ['1']);
  assert.deepEqual(
    namesIn('{ f }: f (x: let y = 1; in { a = g { activeModels = [ "1" ]; }; g = y; })'.replace('g {', 'f {'), literal),
    ['1'],
  );
  for (const [text, code] of [
    ['{ f }: f { activeModels = [ "1" ]; } { activeModels = [ "2" ]; }', 'registry-computed'],
    ['{ f }: f { activeModels = [ "1" ]; } ({ activeModels }: 1)', 'registry-computed'],
    ['{ f }: f { activeModels = f [ "1" ]; }', 'registry-computed'],
    ['{ f, x }: f { activeModels = [ x ]; }', 'registry-computed'],
    ['{ f }: f [ { activeModels = [ "1" ]; } ]', 'registry-computed'],
    ['{ lib }: { options = lib.mkOption { activeModels = [ "1" ]; }; }', 'registry-no-list'],
    ['{ f }: f ({ a ? { activeModels = [ "1" ]; } }: a)', 'registry-computed'],
    ['{ x ? { activeModels = [ "1" ]; } }: { }', 'registry-no-list'],
    ['let make = x: { activeModels = [ "1" ]; }; in { }', 'registry-no-list'],
    ['{ f }: let dead = f { activeModels = [ "1" ]; }; in { }', 'registry-no-list'],
  ] as const)
    assert.equal(refusalOf(text, literal).code, code, text);
});

test('a place either has an option that selects it, or says why none does', () => {
  const text = '{ f }: { activeModels = [ "1" ]; a = f { activeModels = [ "2" ]; }; b = { activeModels }: f; }';
  const { details } = refusalOf(text);
  const found = details['places'] as readonly { readonly option?: string; readonly what?: string }[];
  assert.deepEqual(
    found.map(({ option, what }) => [option, what]),
    [
      ['--attr .activeModels', undefined],
      ['--attr a.activeModels --literal', undefined],
      [undefined, 'an argument'],
    ],
  );
});

test('a list that the text does not bind at that path is missing, whatever else has its name', () => {
  for (const [text, attr] of [
    ['{ a.activeModels = [ ]; b.activeModels = [ ]; }', '.activeModels'],
    ['{ a.activeModels = [ ]; b.activeModels = [ ]; }', 'c.activeModels'],
    ['{ f }: { a = { x = f { activeModels = [ ]; }; }; }', '.activeModels'],
    ['{\n  # activeModels = [ "ggml-tiny.bin" ];\n}', undefined],
  ] as const) {
    const { code, message, hint } = refusalOf(text, { attr });
    assert.equal(code, 'registry-no-list', text);
    assert.match(message, /does not define the list/, text);
    assert.match(hint, /^Add "(c\.)?activeModels = \[ \];"/, text);
  }
});

const TAUGHT: readonly (readonly [text: string, construct: RegExp, change: RegExp])[] = [
  ['{ f }: { a = f { activeModels = [ ]; }; }', /inside a call of f\b/, /let activeModels = .*--literal/],
  ['{ pkgs }: { a = pkgs.lib.f 1 { activeModels = [ ]; }; }', /a call of pkgs\.lib\.f\b/, /`inherit activeModels;`/],
  ['{ a = [ { activeModels = [ ]; } ]; }', /element of a list/, /`inherit activeModels;` in the element/],
  ['{ activeModels ? [ ] }: { }', /an argument of a function, which a caller gives/, /in the body of the function/],
  ['{ x ? { activeModels = [ ]; } }: { }', /default of the argument x/, /in the body of the function/],
  ['let f = x: { activeModels = [ ]; }; in { }', /the function f\b/, /outside the function/],
  ['{ lib }: { a = lib.mkOption { activeModels = [ ]; }; }', /declaration of an option/, /config/],
  ['{ lib }: { activeModels = lib.mkOption { default = [ ]; }; }', /by `lib\.mkOption`/, /may replace its default/],
  ['{ activeModels = map (x: x) [ ]; }', /by `map`/, /Write out the result/],
  ['{ activeModels = import ./a.nix; }', /by `import`/, /--file/],
  ['{ m }: { activeModels = m; }', /from m, an argument/, /in a let in the body/],
  ['{ mk }: mk { activeModels = [ ]; }', /by `mk`/, /^Bind it before the call .*--literal/],
  ['{ mk }: let f = x: { activeModels = [ ]; }; in mk f', /by `mk`/, /outside the function/],
  ['{ lib, f }: { a = lib.mkIf true (f { activeModels = [ ]; }); }', /a call of f\b/, /before the call/],
  ['{ lib, f }: { a = lib.mkMerge [ (f { activeModels = [ ]; }) ]; }', /a call of f\b/, /before the call/],
  ['{ f, x }: { a = f { activeModels = f x; }; }', /a call of f\b/, /in the call$/],
  [
    '{ lib }: { options.a.activeModels = lib.mkOption { }; }',
    /by `lib\.mkOption`/,
    /Define the option in the configuration/,
  ],
  ['{ activeModels = true; }', /because it is true, which is not a list/, /Write a plain list/],
  ['{ a = 1 == { activeModels = [ ]; }; }', /an operand of `==`/, /add `inherit activeModels;`/],
  ['{ a = { activeModels = [ ]; }.b; }', /only Nix can evaluate/, /add it to the result/],
];

for (const [text, construct, change] of TAUGHT) {
  test(`the refusal of ${text} names the construct and a change`, () => {
    const { message, hint } = refusalOf(text);
    assert.match(message, construct);
    assert.match(hint, change);
  });
}
