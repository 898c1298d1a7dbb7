import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesIn, refusalOf } from '../../support/registry-text.ts';
import { nixValues } from '../../support/nix-values.ts';

// The meaning of a name, read from the text alone. The last test compares each row with Nix.
const READ: readonly (readonly [string, readonly string[]])[] = [
  ['let x = [ "a" ]; in with { x = [ "b" ]; }; { activeModels = x; }', ['a']],
  ['let x = [ "a" ]; in let inherit x; in { activeModels = x; }', ['a']],
  ['let x = [ "a" ]; in rec { x = [ "b" ]; activeModels = x; }', ['b']],
  ['let x = [ "a" ]; in rec { "x" = [ "b" ]; activeModels = x; }', ['b']],
  ['let x = [ "a" ]; in rec { inherit x; activeModels = x; }', ['a']],
  // `${"x"}` is the plain name to Nix, `${"x" + ""}` and `"${"x"}"` are not, and then no name of the scope.
  ['let x = [ "a" ]; in rec { ${"x"} = [ "b" ]; activeModels = x; }', ['b']],
  ['let x = [ "a" ]; in rec { ${("x")} = [ "b" ]; activeModels = x; }', ['b']],
  ['let x = [ "a" ]; in rec { ${\'\'x\'\'} = [ "b" ]; activeModels = x; }', ['b']],
  ['let x = [ "a" ]; in let ${"x"} = [ "b" ]; in { activeModels = x; }', ['b']],
  ['let x = [ "a" ]; in rec { ${"x" + ""} = [ "b" ]; activeModels = x; }', ['a']],
  ['let x = [ "a" ]; in rec { "${"x"}" = [ "b" ]; activeModels = x; }', ['a']],
  ['{ ${"activeModels"} = [ "a" ]; }', ['a']],
  ['{ x }: let x = [ "a" ]; in { activeModels = x; }', ['a']],
  ['rec { x = [ "a" ]; activeModels = x; } // { x = [ "b" ]; }', ['a']],
  // Lists put together of what stands in the file.
  ['let x = [ "a" ]; in { activeModels = x ++ [ "b" ] ++ (x ++ [ ]); }', ['a', 'b', 'a']],
  ['let n = "b"; m = n; in { activeModels = [ "a" m ("c") "${n}-${"d"}" ]; }', ['a', 'b', 'c', 'b-d']],
  ["let n = \"x\\n  y\"; in { activeModels = [ ''\n    a\n      ${n}\n  '' ]; }", ['a\n  x\n  y\n']],
  ['{ lib ? { } }: { activeModels = with lib; [ "a" ]; }', ['a']],
  ['{ activeModels = let x = [ "a" ]; in x ++ [ "b" ]; }', ['a', 'b']],
];

const REFUSED: readonly string[] = [
  // A set in several bindings: whether the first one is `rec` decides for all.
  'let x = [ "a" ]; in { w = rec { y = 1; activeModels = x; }; w.x = [ "b" ]; }',
  'let x = [ "a" ]; in { w = { y = 1; }; w = rec { x = [ "b" ]; activeModels = x; }; }',
  'let x = [ "a" ]; in { w = (rec { x = [ "b" ]; }); w.activeModels = x; }',
  'let x = [ "a" ]; in { v.w = rec { x = [ "b" ]; }; v.w.activeModels = x; }',
  // A name in scope whose value is in several bindings.
  'let x = [ "a" ]; in rec { x.${"b" + "c"} = 1; activeModels = x; }',
  'let x = [ "a" ]; in { activeModels = x; activeModels.y = 1; }',
  // `__overrides` of a `rec` set, however it is written.
  'let o = { activeModels = [ "b" ]; }; in rec { activeModels = [ "a" ]; __overrides = o; }',
  'let __overrides = { activeModels = [ "b" ]; }; in rec { activeModels = [ "a" ]; inherit __overrides; }',
  'let x = [ "a" ]; in rec { inherit x; w.activeModels = x; __overrides = { x = [ "b" ]; }; }',
  'rec { x = [ "a" ]; __overrides = { x = [ "b" ]; }; w = { activeModels = x; }; }',
  'rec { x = [ "a" ]; ${"__overrides"} = { x = [ "b" ]; }; activeModels = x; }',
  // A result whose attribute may be the one, by a name that only an evaluator knows.
  'let activeModels = [ "a" ]; in { "${"activeModels"}" = [ "b" ]; }',
  'let activeModels = [ "a" ]; in { ${"active" + "Models"} = [ "b" ]; }',
  '{ activeModels = [ "a" ]; } // { "active${"Models"}" = [ "b" ]; }',
  '{ activeModels = [ "a" ]; } // (let b = [ "b" ]; in { activeModels = b; })',
  // A computed result, which may have another list than the one in the `let`.
  'let old = { activeModels = [ ]; }; in (x: x) { activeModels = [ "a" ]; }',
  'let old = { activeModels = [ ]; }; more = { }; in { activeModels = [ "a" ]; } //more',
  'let defaults = { activeModels = [ ]; }; in defaults // import ./x.nix',
  'let activeModels = [ ]; in if true then { activeModels = [ "a" ]; } else { }',
  'let activeModels = [ ]; in builtins.mapAttrs (n: v: v) { activeModels = [ "a" ]; }',
  // A name that is bound again where it is not the result.
  'let f = x: { activeModels = x; }; in { activeModels = [ "a" ]; }',
  'let activeModels = [ ]; in import ./x.nix',
  // Names that mean nothing here, or go round.
  'let a = b; b = a; in { activeModels = a; }',
  'let inherit (y) x; y.x = [ "a" ]; in { activeModels = x; }',
  'let { activeModels = [ "a" ]; body = { activeModels = [ "b" ]; }; }',
];

for (const [text, names] of READ) {
  test(`reads ${text}`, () => assert.deepEqual(namesIn(text), names));
}

for (const text of REFUSED) {
  test(`refuses ${text}`, () => assert.equal(refusalOf(text).exitCode, 3));
}

test('a computed name next to the list leaves the list readable, because Nix refuses duplicate names', () => {
  assert.deepEqual(namesIn('{ x, z }: { activeModels = [ "a" ]; ${x} = 1; "y${z}" = 2; packages.${x} = 3; }'), ['a']);
  assert.deepEqual(namesIn('{ x }: let activeModels = [ "a" ]; in { packages.${x} = 3; }'), ['a']);
});

test('a text that is nested too deep is refused, without a stack overflow', () => {
  const deep = (open: string, inner: string, close = ''): string => open.repeat(20_000) + inner + close.repeat(20_000);
  for (const text of [
    `{ activeModels = ${deep('(', '[ "a" ]', ')')}; }`,
    deep('let a = 1; in ', '{ activeModels = [ "a" ]; }'),
    deep('{ a = ', '{ activeModels = [ "a" ]; }', '; }'),
  ]) {
    assert.match(refusalOf(text).message, /nested too deeply/);
  }
});

test('Nix gives each text the same value', async (t) => {
  const values = await nixValues(
    t,
    READ.map(([text]) => text),
  );
  if (values) {
    assert.deepEqual(
      values,
      READ.map(([, names]) => ({ kind: 'value', value: names })),
    );
  }
});
