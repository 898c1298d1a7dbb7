import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { inFile, namesIn, readText, refusalOf } from '../../support/registry-text.ts';

const READ: Readonly<Record<string, string>> = {
  'a let binding that is not exported': '{ pkgs }: let activeModels = [ "a" ]; in { packages = [ ]; }',
  'a let binding that is inherited': 'let activeModels = [ "a" ]; in { inherit activeModels; }',
  'an attribute of its own name': 'let activeModels = [ "a" ]; in { activeModels = activeModels; }',
  'another name': 'let models = [ "a" ]; in { activeModels = models; }',
  'an attrpath': '{ whisper.activeModels = [ "a" ]; }',
  'a nested set': '{ config = { whisper = { activeModels = [ "a" ]; }; }; }',
  'a quoted name': '{ "activeModels" = [ "a" ]; }',
  'a rec set': 'rec { activeModels = models; models = [ "a" ]; }',
  'with, assert, parentheses': '{ pkgs }: with pkgs; assert true; ({ activeModels = ([ "a" ]); })',
  'a list below a computed name': '{ x }: { users.${x} = { activeModels = [ "a" ]; }; }',
  'the body of a call': '{ mkShell }: let activeModels = [ "a" ]; in mkShell { inherit activeModels; }',
  'the left of an update': '{ activeModels = [ "a" ]; } // { other = 1; }',
  'the right of an update': '{ other = 1; } // { activeModels = [ "a" ]; }',
  'functions in functions': 'x: { y, ... }@args: z: { activeModels = [ "a" ]; }',
  'trailing commas of formals': '{\n  pkgs,\n  lib ? 1,\n}:\n{ a, }: { b, # c\n}: { activeModels = [ "a" ]; }',
  'strings and comments that look like it':
    '{ a = "activeModels = [ \\"b\\" ];"; /* activeModels = [ "c" ]; */ activeModels = [ "a" ]; }',
  'a list in the middle of comments': inFile('[ /* "b" */ "a" # "c"\n ]'),
};

for (const [what, text] of Object.entries(READ)) {
  test(`reads ${what}`, () => assert.deepEqual(namesIn(text), ['a']));
}

const REFUSED: readonly (readonly [string, ErrorCode, string])[] = [
  ['nothing of that name', 'registry-no-list', '{ models = [ "a" ]; }'],
  ['an empty file', 'registry-syntax', ''],
  ['two lists', 'registry-ambiguous', 'let activeModels = [ "a" ]; in { activeModels = [ "b" ]; }'],
  ['a call', 'registry-computed', '{ f }: { activeModels = map f [ "a" ]; }'],
  ['an argument', 'registry-computed', '{ activeModels }: { inherit activeModels; }'],
  [
    'a name that a formal hides',
    'registry-ambiguous',
    'let activeModels = [ "a" ]; in { activeModels }: { inherit activeModels; }',
  ],
  ['inherit from something', 'registry-computed', '{ x }: { inherit (x) activeModels; }'],
  ['a name under with', 'registry-computed', '{ x }: with x; { activeModels = models; }'],
  ['a name for itself', 'registry-computed', 'rec { activeModels = activeModels; }'],
  ['an update by something', 'registry-computed', '{ x }: { activeModels = [ "a" ]; } // x'],
  ['an update by the same name', 'registry-ambiguous', '{ activeModels = [ "a" ]; } // { activeModels = [ "b" ]; }'],
  ['an update by a computed name', 'registry-ambiguous', '{ x }: { activeModels = [ "a" ]; } // { ${x} = [ ]; }'],
  ['overrides', 'registry-computed', '{ x }: rec { activeModels = [ "a" ]; __overrides = x; }'],
  ['a functor', 'registry-computed', '{ x }: { activeModels = [ "a" ]; __functor = x; }'],
  [
    'itself, in a concatenation',
    'registry-computed',
    'let activeModels = b ++ [ ]; b = activeModels; in { inherit activeModels; }',
  ],
  [
    'one of two that are hidden at once',
    'registry-ambiguous',
    '{ x }: { w.activeModels = [ "a" ]; activeModels = [ "b" ]; } // x',
  ],
  ['an interpolation', 'registry-computed', `{ b }: ${inFile('[ "a${b}" ]')}`],
  ['a name in the list', 'registry-computed', `{ b }: ${inFile('[ "a" b ]')}`],
  ['a word without quotes', 'registry-syntax', inFile('[ "a" b ]')],
  ['a number in the list', 'registry-computed', inFile('[ "a" 1 ]')],
  ['a string for a list', 'registry-computed', inFile('"a"')],
  ['commas', 'registry-syntax', inFile('[ "a", "b" ]')],
  ['a missing semicolon', 'registry-syntax', 'let activeModels = [ "a" ] in activeModels'],
  ['an open string', 'registry-syntax', inFile('[ "a ]')],
  ['an open list', 'registry-syntax', '{ activeModels = [ "a" ; }'],
  ['a comma alone', 'registry-syntax', '{ , }: { activeModels = [ "a" ]; }'],
  ['two commas', 'registry-syntax', '{ a, , }: { activeModels = [ "a" ]; }'],
  ['a comma after the ellipsis', 'registry-syntax', '{ a, ..., }: { activeModels = [ "a" ]; }'],
  ['a trailing comma and another error', 'registry-syntax', '{ a, }: { activeModels = [ "a" ]; b = ; }'],
  ['a byte order mark', 'registry-syntax', `\ufeff${inFile('[ "a" ]')}`],
  ['a no-break space', 'registry-syntax', inFile('[\u00a0"a" ]')],
  ['a carriage return in a comment', 'registry-syntax', inFile('[ # a\r "b"\n ]')],
  ['a NUL', 'registry-syntax', inFile('[ "a\0" ]')],
];

for (const [what, code, text] of REFUSED) {
  test(`refuses ${what}`, () => assert.equal(refusalOf(text).code, code));
}

test('an assert around the list makes it computed, unless its condition is the literal true', () => {
  const list = 'activeModels = [ "1" ];';
  for (const text of [
    `assert false; { ${list} }`,
    `assert 1 == 1; { ${list} }`,
    `{ a = assert false; { ${list} }; }`,
    `{ ${list} } // (assert false; { })`,
    `(assert false; { }) // { ${list} }`,
    `let ${list} in assert false; { inherit activeModels; }`,
    `let true = false; in assert true; { ${list} }`,
  ])
    assert.equal(refusalOf(text).code, 'registry-computed', text);
  for (const text of [
    `assert true; { ${list} }`,
    `assert (true); { ${list} }`,
    `{ a = assert false; { }; ${list} }`,
    `{ ${list} } // { a = assert false; { }; }`,
    `let ${list} in assert false; { }`,
  ])
    assert.deepEqual(namesIn(text), ['1'], text);
  const { modelsDir } = readText(
    `let ${list} in assert true; { inherit activeModels; b = assert false; { modelsDir = "/a"; }; }`,
  );
  assert.ok(modelsDir && 'computed' in modelsDir);
});

test('--attr chooses between two lists, and may name any list', () => {
  const text = '{ a.activeModels = [ "1" ]; b.activeModels = [ "2" ]; services.foo.models = [ "3" ]; }';
  assert.equal(refusalOf(text).code, 'registry-ambiguous');
  assert.deepEqual(namesIn(text, { attr: 'b.activeModels' }), ['2']);
  assert.deepEqual(namesIn(text, { attr: 'services.foo.models' }), ['3']);
});

test('a refusal underlines the position', () => {
  const { place, message } = refusalOf('{ oops }: {\n\tactiveModels = [ "é😀" oops ];\n}');
  assert.deepEqual([place?.line, place?.column], [2, 24]);
  assert.equal(place?.excerpt, '2 | \tactiveModels = [ "é😀" oops ];\n  | \t                      ^^^^');
  assert.match(message, /activeModels is computed at 2:24, because the element oops needs Nix to evaluate/);
});

test('modelsDir is read in the forms that people write', () => {
  const seed = readFileSync(join(import.meta.dirname, '../../../../test/fixtures/seed.nix'), 'utf8');
  assert.deepEqual(readText(seed).modelsDir, { value: '/srv/models/whisper' });
  assert.deepEqual(readText(seed, { environment: { WHISPER_MODELS_PATH: '/m' } }).modelsDir, { value: '/m' });
  const of = (value: string): unknown =>
    readText(`{ activeModels = [ ]; modelsDir = ${value}; }`, { environment: { HOME: '/h' } }).modelsDir;
  assert.deepEqual(of('"${builtins.getEnv "HOME"}/models"'), { value: '/h/models' });
  assert.deepEqual(of('(builtins.getEnv "HOME") + "/m"'), { value: '/h/m' });
  assert.ok('computed' in (of('toString ./models') as object));
  const doubling = Array.from({ length: 60 }, (_, index) => `a${index} = a${index + 1} + a${index + 1};`).join(' ');
  const text = `let ${doubling} a60 = "x"; in { activeModels = [ ]; modelsDir = a0; }`;
  assert.ok('computed' in (readText(text).modelsDir ?? {}));
  assert.equal(readText('{ activeModels = [ ]; }').modelsDir, undefined);
});
