import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf } from '../../support/registry-text.ts';

// Modules in which another definition, or other functions, may decide about the list.

const REFUSED: readonly (readonly [what: string, text: string, code: string])[] = [
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
    'a function of a with that is not around the definition',
    '{ lib, o }: with o; let activeModels = mkForce [ "a" ]; in with lib; { inherit activeModels; }',
    'registry-computed',
  ],
  [
    'a function that the file calls with another lib',
    'rec { x = { lib }: { activeModels = lib.mkForce [ "a" ]; }; y = x { lib.mkForce = v: [ "b" ]; }; }',
    'registry-computed',
  ],
  [
    'an option beside imports that a function makes',
    '{ lib }: { imports = [ (lib.setAttrByPath [ "w" "x" ] [ "b" ]) ]; w.activeModels = lib.mkForce [ "a" ]; }',
    'registry-computed',
  ],
  [
    'an option that its declaration changes',
    '{ lib }: { options.w = lib.mkOption { apply = x: x; }; config.w.activeModels = lib.mkForce [ "a" ]; }',
    'registry-computed',
  ],
  [
    'an option of one module in two ways of writing',
    '{ lib, c }: if c then { config.w.activeModels = lib.mkForce [ "b" ]; } else { w.activeModels = [ "a" ]; }',
    'registry-ambiguous',
  ],
  [
    'a priority below that of a default',
    '{ lib }: { w.activeModels = lib.mkOverride 2000 [ "a" ]; }',
    'registry-computed',
  ],
  [
    'a condition inside a priority',
    '{ lib }: { w.activeModels = lib.mkForce (lib.mkIf true [ "a" ]); }',
    'registry-computed',
  ],
  ['an order around a set', '{ lib }: { w = lib.mkBefore { activeModels = [ "a" ]; }; }', 'registry-no-list'],
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
];

for (const [what, text, code] of REFUSED) {
  test(`refuses ${what}`, () => assert.equal(refusalOf(text).code, code));
}
