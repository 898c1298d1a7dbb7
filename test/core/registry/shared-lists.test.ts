import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNix } from '../../../src/adapters/registry/parser.ts';
import { WhisperError } from '../../../src/core/errors.ts';
import { changeRegistry } from '../../../src/core/registry/edit/change.ts';
import { readStatically } from '../../../src/core/registry/read-registry.ts';

/** The text after adding `n`, or the error. */
function added(text: string, attr?: string): string | WhisperError {
  const options = { file: 'x.nix', environment: {}, attr };
  try {
    const reading = readStatically(parseNix, text, options);
    return changeRegistry(reading, { kind: 'add', names: ['n'] }, parseNix, options).text;
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    assert.equal(error.code, 'registry-edit-refused', text);
    return error;
  }
}

const EDITED: readonly (readonly [text: string, after: string, attr?: string])[] = [
  [
    'let base = [ "a" ]; in { activeModels = base ++ [ "b" ]; other = base; }',
    'let base = [ "a" ]; in { activeModels = base ++ [ "b" "n" ]; other = base; }',
  ],
  [
    'let base = [ "a" ]; in { activeModels = base ++ [ ]; }',
    'let base = [ "a" ]; in { activeModels = base ++ [ "n" ]; }',
  ],
  ['let base = [ "a" ]; in { activeModels = base; }', 'let base = [ "a" "n" ]; in { activeModels = base; }'],
  [
    'let activeModels = [ "a" ]; in { inherit activeModels; size = builtins.length activeModels; }',
    'let activeModels = [ "a" "n" ]; in { inherit activeModels; size = builtins.length activeModels; }',
  ],
  [
    'let c = { activeModels = [ "a" ]; }; in { x = 1; } // c',
    'let c = { activeModels = [ "a" "n" ]; }; in { x = 1; } // c',
  ],
];

for (const [text, after, attr] of EDITED) {
  test(`adds to the own list of ${text}`, () => assert.equal(added(text, attr), after));
}

const REFUSED: readonly (readonly [text: string, hint: RegExp, attr?: string])[] = [
  ['let base = [ "a" ]; in { activeModels = base; other = base; }', /write activeModels = base \+\+ \[ "n" \];/],
  [
    'let d = [ "a" ]; in { gnome.activeModels = d ++ d; xfce = d; }',
    /write gnome\.activeModels = d \+\+ d \+\+ \[ "n" \];/,
  ],
  ['rec { base = [ "a" ]; activeModels = base; }', /write activeModels = base \+\+/],
  ['rec { base = [ "a" ]; w = { activeModels = base; }; }', /write activeModels = base \+\+/],
  ['let c = { activeModels = [ "a" ]; }; in { a = c; b = c; }', /by hand/, 'a.activeModels'],
  ['rec { x = { activeModels = [ "a" ]; }; y = x; }', /by hand/, 'y.activeModels'],
  [
    'let activeModels = [ "a" ]; in { x = { inherit activeModels; }; y = { inherit activeModels; }; }',
    /by hand/,
    'x.activeModels',
  ],
  [
    'let w = { activeModels = [ "a" ]; }; in { a = { inherit w; }; b = { inherit w; }; }',
    /by hand/,
    'a.w.activeModels',
  ],
];

for (const [text, hint, attr] of REFUSED) {
  test(`refuses to change what something else uses in ${text}`, () => {
    const error = added(text, attr);
    assert.ok(error instanceof WhisperError, String(error));
    assert.match(error.message, /which the file also uses elsewhere/);
    assert.match(error.hint, hint);
  });
}
