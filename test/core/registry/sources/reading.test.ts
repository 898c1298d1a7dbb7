import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WhisperError } from '../../../../src/core/errors.ts';
import { readingOf, sourcesIn } from '../../../support/sources-text.ts';

const URL = 'https://a.example/x.bin';
const SOURCE = `{ url = "${URL}"; }`;
const ENTRY = `"ggml-x.bin" = ${SOURCE};`;

/** A registry with these bindings beside its list. */
function registry(bindings: string): string {
  return `{ activeModels = [ ]; ${bindings} }`;
}

const READ: Readonly<Record<string, string>> = {
  'a set': registry(`modelSources = { ${ENTRY} };`),
  'a short name without quotes': registry(`modelSources.x = ${SOURCE};`),
  'parts of a set': registry(`modelSources."ggml-x.bin".url = "${URL}"; modelSources."ggml-x.bin".size = 5;`),
  'a name of a `let` in the value': registry(`modelSources = let all = { ${ENTRY} }; in all;`),
  'a name of a `let` in an entry': registry(`modelSources."ggml-x.bin" = let own = ${SOURCE}; in own;`),
  'a name of a `let` in a url': registry(`modelSources."ggml-x.bin".url = let own = "${URL}"; in (own);`),
  'an attribute that is not read, from an argument': `{ pkgs }: ${registry(`modelSources."ggml-x.bin" = { url = "${URL}"; meta = pkgs; inherit pkgs; };`)}`,
  'sources in a `let` that the file does not export': `{ pkgs }: let activeModels = [ ]; modelSources = { ${ENTRY} }; in pkgs.mkShell { }`,
  'the sources beside the list, not those of another list': `{ a = ${registry(`modelSources = { ${ENTRY} };`)}; b = { activeModels = [ "b" ]; modelSources = 5; }; }`,
};

for (const [what, text] of Object.entries(READ)) {
  test(`reads ${what}`, () => {
    const attr = text.startsWith('{ a =') ? 'a.activeModels' : undefined;
    const sources = sourcesIn(text, { attr });
    assert.ok(Array.isArray(sources), JSON.stringify(sources));
    assert.deepEqual(
      sources.map(({ file, url }) => [file, url]),
      [['ggml-x.bin', URL]],
    );
  });
}

/** What needs Nix, which value of the file it is asked for, and whether the file has sources for certain. */
const COMPUTED: readonly (readonly [
  what: string,
  text: string,
  path: readonly string[] | undefined,
  isCertain: boolean,
])[] = [
  ['a call', registry('modelSources = f { };').replace('{', '{ f }: {'), ['modelSources'], true],
  ['an `inherit` from another file', registry('inherit (import ./x.nix) modelSources;'), ['modelSources'], true],
  ['an entry from an argument', `{ x }: ${registry('modelSources.x = x;')}`, ['modelSources'], true],
  ['a computed name', registry('${"model" + "Sources"} = { };'), ['modelSources'], true],
  [
    'a computed name beside a nested list',
    `{ config = ${registry('${"model" + "Sources"} = { };')}; }`,
    ['config', 'modelSources'],
    true,
  ],
  ['the left side of `//`', `import ./x.nix // ${registry('')}`, ['modelSources'], false],
  [
    'the left side of `//` in a set',
    `{ config = import ./x.nix // ${registry('')}; }`,
    ['config', 'modelSources'],
    false,
  ],
  ['a computed file', 'import ./x.nix', ['modelSources'], false],
  [
    'a name of a `let` that the result may replace',
    `let modelSources = { }; in import ./x.nix // ${registry('')}`,
    ['modelSources'],
    false,
  ],
  [
    'a name of a `let` that the result changes',
    `let inherit (import ./x.nix) modelSources; in ${registry('modelSources = modelSources // { };')}`,
    ['modelSources'],
    true,
  ],
  [
    'sources in two places',
    `{ activeModels = [ ]; a.modelSources = { }; b.modelSources = { c = { }; }; }`,
    undefined,
    true,
  ],
  ['overridden attributes', registry(`modelSources = rec { ${ENTRY} __overrides = { }; };`), ['modelSources'], true],
];

for (const [what, text, path, isCertain] of COMPUTED) {
  test(`leaves ${what} to Nix`, () => {
    const { sources } = readingOf(text);
    assert.ok(sources && 'computed' in sources, JSON.stringify(sources));
    assert.deepEqual(sources.target?.path, path);
    assert.equal(sources.isCertain, isCertain);
  });
}

test('a computed value of a `let` is evaluated as the result has it', () => {
  const { sources } = readingOf('{ f }: let modelSources = f; in { activeModels = [ ]; inherit modelSources; }');
  assert.ok(sources && 'computed' in sources);
  assert.equal(sources.target?.isBody, false);
});

/** What is wrong with an entry, and at which column of the line of the entry it is reported. */
const WRONG: readonly (readonly [message: RegExp, bindings: string])[] = [
  [/is a list, not a set/, '^modelSources = [ ];'],
  [/is a number, not a set/, '^modelSources = 5;'],
  [/is true, false or null, not a set/, '^modelSources = null;'],
  [/entry "\.\.\/x", which is not a file name/, 'modelSources = { ^"../x" = { }; };'],
  [/two entries for one model: "x" and "ggml-x.bin"/, `modelSources = { x = ${SOURCE}; ^${ENTRY} };`],
  [/entry "x" of modelSources is a string, not a set/, 'modelSources = { ^x = "y"; };'],
  [/entry "x" of modelSources is true, false or null, not a set/, 'modelSources = { ^x = true; };'],
  [/url of "x" in modelSources is a number/, 'modelSources = { x = { url = ^5; }; };'],
  [/url of "x" in modelSources is a set/, 'modelSources = { x = { url = ^{ }; }; };'],
  [/url of "x" in modelSources is a path/, 'modelSources = { x = { url = ^./y; }; };'],
  [/hash of "x" in modelSources is true, false or null/, `modelSources.x = { url = "${URL}"; hash = ^null; };`],
  [/"x" of modelSources has no url/, 'modelSources = { ^x = { size = 1; }; };'],
  [/"x" of modelSources has no url/, 'modelSources = { ^x = { }; };'],
  [/is not a valid URL/, 'modelSources = { x = { url = ^"x.bin"; }; };'],
  [/is not a valid URL/, 'modelSources = { x = { url = ^"file:///etc/passwd"; }; };'],
  [/is not a valid URL/, 'modelSources = { x = { url = ^"https://a.example/\\n"; }; };'],
  [/contains a user name or a password/, 'modelSources.x.url = ^"https://a:b@c.example/";'],
  [/uses http, and the entry has no hash/, 'modelSources.x.url = ^"http://a.example/";'],
  [/hash of "x" in modelSources is not a sha256/, `modelSources.x = { url = "${URL}"; hash = ^"sha512-x"; };`],
  [/hash of "x" in modelSources is not a sha256/, `modelSources.x = { url = "${URL}"; sha256 = ^"x"; };`],
  [
    /has different values in hash and sha256/,
    `modelSources.x = { url = "${URL}"; hash = "${'a'.repeat(64)}"; sha256 = ^"${'b'.repeat(64)}"; };`,
  ],
  [/size of "x" .* not a number of bytes/, `modelSources.x = { url = "${URL}"; size = ^"5"; };`],
  [/size of "x" .* not a number of bytes/, `modelSources.x = { url = "${URL}"; size = ^1.5; };`],
  [/size of "x" .* not a number of bytes/, `modelSources.x = { url = "${URL}"; size = ^9007199254740993; };`],
];

for (const [message, marked] of WRONG) {
  test(`refuses ${marked.replace('^', '')}`, () => {
    const text = `{\r\n  activeModels = [ ];\r\n  ${marked.replace('^', '')}\r\n}\r\n`;
    const error = sourcesIn(text);
    assert.ok(error instanceof WhisperError, JSON.stringify(error));
    assert.match(error.message, message);
    assert.equal(error.code, 'registry-bad-source');
    assert.equal(error.exitCode, 3);
    const { file, line, column } = error.place ?? {};
    assert.deepEqual({ file, line, column }, { file: 'x.nix', line: 3, column: 3 + marked.indexOf('^') });
  });
}
