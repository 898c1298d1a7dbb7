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
    [
      `{ lib }: { all.modules = [ { w.modelsDir = "/b"; } ]; me.w = lib.mkIf true { ${list} modelsDir = "/a"; }; }`,
      'computed',
    ],
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
