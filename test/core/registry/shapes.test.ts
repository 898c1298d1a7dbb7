import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, namesIn, readText, refusalOf, remove, removeLine } from '../../support/registry-text.ts';
import { SHAPES, SMALL, TINY } from '../../support/shapes.ts';

for (const { name, text, condition } of SHAPES) {
  test(`reads and edits ${name}`, () => {
    assert.deepEqual(namesIn(text), [TINY]);
    assert.equal(readText(text).condition, condition);
    const both = add(text, SMALL);
    assert.deepEqual(namesIn(both), [SMALL, TINY]);
    assert.equal(both, text.replace('# "ggml-small', '"ggml-small'));
    assert.equal(add(remove(text, TINY), TINY), text);
    assert.equal(removeLine(add(text, 'ggml-new.bin'), 'ggml-new.bin'), text);
  });
}

// Each is a shape of above with one thing changed, so that another file or another value may decide.
const REFUSED: readonly (readonly [what: string, text: string, code: string])[] = [
  [
    'a branch that another file defines',
    '{ c }: if c then import ./small.nix else { activeModels = [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a branch that a call defines',
    '{ c, f }: if c then f { } else let activeModels = [ "a" ]; in { x = 1; }',
    'registry-computed',
  ],
  [
    'a branch that inherits from elsewhere',
    '{ c, o }: if c then { inherit (o) x; } else { activeModels = [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a branch with a computed name',
    '{ c, n }: if c then { x.${n} = 1; ${n} = 2; } else { activeModels = [ "a" ]; }',
    'registry-ambiguous',
  ],
  [
    'a branch updated by an argument',
    '{ c, o }: if c then { } // o else { activeModels = [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a throw that the file defines itself',
    'let throw = x: { activeModels = x; }; in if true then throw [ "b" ] else { y.activeModels = [ "a" ]; }',
    'registry-ambiguous',
  ],
  [
    'two branches with different lists',
    '{ c }: if c then { activeModels = [ "a" ]; } else { activeModels = [ "b" ]; }',
    'registry-ambiguous',
  ],
  ['an update by another file', '{ f }: { activeModels = [ "a" ]; } // import ./homebrew.nix', 'registry-computed'],
  [
    'an update by a name that is not all in the file',
    '{ o }: let more = { x = 1; } // o; in { activeModels = [ "a" ]; } // more',
    'registry-computed',
  ],
  [
    'an update by a branch with the list',
    '{ c }: let more = if c then { x = 1; } else { activeModels = [ ]; }; in { activeModels = [ "a" ]; } // more',
    'registry-ambiguous',
  ],
  [
    'a list beside one that is computed, of the same option',
    '{ lib, f }: { config = lib.mkMerge [ { w.activeModels = [ "a" ]; } { w.activeModels = map f [ ]; } ]; }',
    'registry-ambiguous',
  ],
  [
    'a mkMerge with a part from elsewhere',
    '{ lib, o }: { config = lib.mkMerge [ { w.activeModels = [ "a" ]; } o ]; }',
    'registry-computed',
  ],
  [
    'a mkMerge with a computed set at the path of the option',
    '{ lib, o }: { config = lib.mkMerge [ { w.activeModels = [ "a" ]; } { w = o; } ]; }',
    'registry-computed',
  ],
  [
    'a mkMerge with a computed name at the path of the option',
    '{ lib, n }: { config = lib.mkMerge [ { w.activeModels = [ "a" ]; } { w.${n} = [ ]; } ]; }',
    'registry-computed',
  ],
  [
    'a mkMerge of a list and a conditional one',
    '{ lib, c }: { w.activeModels = lib.mkMerge [ [ "a" ] (lib.mkIf c [ "b" ]) ]; }',
    'registry-computed',
  ],
  ['a list behind a module function', '{ lib }: { w.activeModels = [ "a" ] ++ lib.mkForce [ ]; }', 'registry-computed'],
  [
    'a mkIf that the file defines itself',
    '{ lib }: let mkIf = c: v: { }; in with lib; { a = mkIf true { activeModels = [ "a" ]; }; }',
    'registry-no-list',
  ],
  [
    'a mkForce that is an argument',
    '{ lib, mkForce }: with lib; { activeModels = mkForce [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a lib that the file defines itself',
    'let lib = import ./lib.nix; in { activeModels = lib.mkForce [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a mkIf under another with',
    '{ lib, o }: with lib; with o; { activeModels = mkIf true [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a module function as a side of an update',
    '{ lib, c }: { x = 1; } // lib.mkIf c { activeModels = [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a module function in a let',
    '{ lib }: let activeModels = lib.mkForce [ "a" ]; in { packages = [ ]; }',
    'registry-computed',
  ],
  [
    'an option that an imported module of the file defines too',
    '{ lib }: { imports = [ { w.activeModels = [ "b" ]; } ]; w.activeModels = lib.mkForce [ "a" ]; }',
    'registry-ambiguous',
  ],
  ['a list in a set in pieces with a rec', '{ a = rec { x = 1; }; a.activeModels = [ "a" ]; }', 'registry-computed'],
  ['a list in pieces of pieces', '{ a.b = { }; a = { b.activeModels = [ "a" ]; }; }', 'registry-computed'],
  ['a list that a pipe changes', '{ activeModels = [ "a" ] |> map (x: x); }', 'registry-computed'],
  ['a result that a pipe makes', '{ f }: { activeModels = [ "a" ]; } |> f', 'registry-computed'],
];

for (const [what, text, code] of REFUSED) {
  test(`refuses ${what}`, () => assert.equal(refusalOf(text).code, code));
}

test('a models directory counts only where the list does', () => {
  const dirOf = (text: string): unknown => {
    const { modelsDir } = readText(text);
    return modelsDir && ('value' in modelsDir ? modelsDir.value : 'computed');
  };
  const list = 'activeModels = [ "a" ];';
  for (const [text, dir] of [
    [`{ c }: if c then { } else { ${list} modelsDir = "/a"; }`, '/a'],
    [`{ c }: let modelsDir = "/a"; in if c then { } else { ${list} inherit modelsDir; }`, '/a'],
    [`{ c }: if c then { modelsDir = "/b"; } else { ${list} }`, 'computed'],
    [`{ c }: if c then { ${list} modelsDir = "/b"; } else { ${list} modelsDir = "/a"; }`.replace(list, ''), 'computed'],
    [
      `{ c }: let ${list} in if c then { inherit activeModels; modelsDir = "/a"; } else { inherit activeModels; }`,
      'computed',
    ],
    [`{ c, d }: if c then { ${list} x = if d then { modelsDir = "/a"; } else { }; } else { }`, 'computed'],
    [`{ lib }: { w = lib.mkIf true { ${list} modelsDir = "/a"; }; }`, '/a'],
    [`{ lib, o }: { w = lib.mkMerge [ { ${list} } { modelsDir = "/a"; } ]; }`, '/a'],
    [`{ lib, o }: { ${list} w = lib.mkMerge [ { modelsDir = "/a"; } o ]; }`, 'computed'],
    [`{ lib }: { ${list} w = lib.mkIf true { modelsDir = "/a"; }; }`, 'computed'],
  ] as const)
    assert.equal(dirOf(text), dir, text);
});

test('a set that may hide the list keeps it from being read, also where a let binds it', () => {
  for (const text of [
    '{ c, f }: let activeModels = [ "a" ]; in if c then { inherit activeModels; } else f { }',
    '{ o }: let activeModels = [ "a" ]; in { inherit activeModels; } // o',
    'let a = b // b; b = c // c; c = { activeModels = [ "x" ]; }; in a',
    'let a = { activeModels = [ "x" ]; } // a; in a',
  ])
    assert.equal(refusalOf(text).code, 'registry-computed', text);
});
