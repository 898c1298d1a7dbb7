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
    'a set that another definition overrides',
    '{ lib }: { config = lib.mkMerge [ { s.activeModels = [ "a" ]; } { s = lib.mkForce { }; } ]; }',
    'registry-computed',
  ],
  [
    'a set of low priority beside another part of it',
    '{ lib }: { config = lib.mkMerge [ { s.t = lib.mkDefault { activeModels = [ "a" ]; }; } { s.t.x = 1; } ]; }',
    'registry-computed',
  ],
  [
    'a set of low priority in a mkMerge',
    '{ lib }: { s.t = lib.mkMerge [ (lib.mkDefault { activeModels = [ "a" ]; }) { x = 1; } ]; }',
    'registry-computed',
  ],
  [
    'a set of low priority beside a part of it in an imported module of the file',
    '{ lib }: { imports = [ { s.t.x = 1; } ]; s.t = lib.mkDefault { activeModels = [ "a" ]; }; }',
    'registry-computed',
  ],
  [
    'a list beside an imported module of the file that inherits the option',
    '{ lib, m }: { imports = [ { inherit (m) s; } ]; s.activeModels = lib.mkForce [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a list beside an imported module of the file with a name for the option',
    '{ lib, m }: let q = { s = m; }; in { imports = [ ./a.nix q ]; s.activeModels = lib.mkForce [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a list beside an imported function of the file with a computed name',
    '{ lib, n }: { imports = [ ({ ... }: { s.${n} = [ ]; }) ]; s.activeModels = lib.mkForce [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a list beside imports that may be anything of the file',
    '{ lib, c }: { imports = lib.optional c { s = c; }; s.activeModels = lib.mkForce [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a lib with a default of the file',
    '{ lib ? { mkForce = x: [ ]; } }: { s.activeModels = lib.mkForce [ "a" ]; }',
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

const READ: readonly (readonly [what: string, text: string, attr: string])[] = [
  [
    'an option that the file declares too',
    '{ lib }: { options.s.l = lib.mkOption { }; config.s.l = lib.mkDefault [ "a" ]; }',
    'config.s.l',
  ],
  [
    'an option beside one whose path ends the same way',
    '{ lib, c }: { config = lib.mkIf c { s.l = [ "a" ]; users.me.s.l = [ "b" ]; }; }',
    'config.s.l',
  ],
  [
    'an option beside imported files',
    '{ lib, me }: { imports = [ ./x.nix (import ./y.nix { inherit lib; }) me.z ]; s.l = lib.mkForce [ "a" ]; }',
    's.l',
  ],
  [
    'an option beside an imported module of the file with other options',
    '{ lib }: { imports = [ ({ ... }: { boot.x = 1; }) ]; s.l = lib.mkForce [ "a" ]; }',
    's.l',
  ],
  [
    'a set of low priority beside another option',
    '{ lib }: { config = lib.mkMerge [ { s = lib.mkDefault { l = [ "a" ]; }; } { t.x = 1; } ]; }',
    'config.s.l',
  ],
  ['a function of lib.modules', '{ lib }: let inherit (lib.modules) mkForce; in { s.l = mkForce [ "a" ]; }', 's.l'],
  ['a lib with the default of nixpkgs', '{ pkgs, lib ? pkgs.lib }: { s.l = lib.mkForce [ "a" ]; }', 's.l'],
  ['a nixpkgs with a default', '{ pkgs ? import <nixpkgs> { } }: { s.l = pkgs.lib.mkForce [ "a" ]; }', 's.l'],
];

for (const [what, text, attr] of READ) {
  test(`reads ${what}`, () => assert.deepEqual(namesIn(text, { attr }), ['a']));
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
