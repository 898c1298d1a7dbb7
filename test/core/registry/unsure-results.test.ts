import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf } from '../../support/registry-text.ts';

// Files in which another branch, side or version of Nix may decide about the list.

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
    'a branch beside one that only binds the list in a let',
    '{ c, x }: let activeModels = [ "a" ]; in if c then { inherit activeModels; } else let inherit activeModels; in x',
    'registry-computed',
  ],
  [
    'a conditional right side of an unknown left side',
    '{ c }: import ./base.nix // (if c then { activeModels = [ "b" ]; } else { })',
    'registry-computed',
  ],
  [
    'a let before a call and another file',
    '{ pkgs }: let activeModels = [ "a" ]; in pkgs.mkShell { } // import ./x.nix',
    'registry-computed',
  ],
  [
    'a let before a call that binds the name to something else',
    '{ pkgs, y }: let activeModels = [ "a" ]; in pkgs.mkShell { inherit (y) activeModels; }',
    'registry-ambiguous',
  ],
  [
    'a set in a rec set with overrides for it',
    'rec { w = { activeModels = [ "a" ]; }; __overrides.w = { ${"active" + "Models"} = [ "b" ]; }; }',
    'registry-computed',
  ],
  [
    'a let before a rec set with overrides',
    '{ x }: let activeModels = [ "a" ]; in rec { __overrides = x; }',
    'registry-computed',
  ],
  [
    'a set in parts whose rec part names itself',
    '{ activeModels = [ "a" ]; w.b = 1; w = rec { s = 1; t = s; }; }',
    'registry-syntax',
  ],
  ['a list in a set in pieces with a rec', '{ a = rec { x = 1; }; a.activeModels = [ "a" ]; }', 'registry-computed'],
  ['a list in pieces of pieces', '{ a.b = { }; a = { b.activeModels = [ "a" ]; }; }', 'registry-computed'],
  ['a list that a pipe changes', '{ activeModels = [ "a" ] |> map (x: x); }', 'registry-computed'],
  ['a result that a pipe makes', '{ f }: { activeModels = [ "a" ]; } |> f', 'registry-computed'],
];

for (const [what, text, code] of REFUSED) {
  test(`refuses ${what}`, () => assert.equal(refusalOf(text).code, code));
}
