import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNix } from '../../../src/adapters/registry/parser.ts';
import { loadCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { modelNames } from '../../../src/core/catalogue/names.ts';
import { fixList } from '../../../src/core/registry/edit/fix.ts';
import { lint, type Finding } from '../../../src/core/registry/lint.ts';
import { readStatically } from '../../../src/core/registry/read-registry.ts';
import { type Entry, type Registry, withModelNames } from '../../../src/core/registry/registry.ts';
import { inFile, readText } from '../../support/registry-text.ts';

const OPTIONS = { file: 'x.nix', environment: {} };
const T = '"ggml-tiny.bin"';
const B = '"ggml-base.bin"';

function findingsIn(text: string, onDisk: readonly string[] = []): readonly Finding[] {
  return [...lint(withNames(readText(text), onDisk), loadCatalogue(), new Set(onDisk))];
}

function withNames(registry: Registry, onDisk: readonly string[] = []): Registry {
  const catalogue = loadCatalogue();
  return withModelNames(
    registry,
    modelNames((file) => catalogue.has(file) || onDisk.includes(file)),
  );
}

function fixText(text: string): string {
  const reading = readStatically(parseNix, text, OPTIONS);
  return fixList(reading, findingsIn(text), parseNix, OPTIONS).reading.text;
}

// A list, and what the sure fixes make of it; one string: nothing is sure.
const LISTS: readonly (readonly [string, string?])[] = [
  [`[ ${T} "BASE" ]`, `[ ${T} ${B} ]`],
  ["[ ''TINY'' ]", '[ "tiny" ]'],
  ['[ "./models/ggml-tiny.bin" "https://h.example/m/ggml-base.bin?download=true" ]', `[ ${T} ${B} ]`],
  ['[ "ggml-medium.en-q5_1.bin" ]', '[ "ggml-medium.en-q5_0.bin" ]'],
  [`[ ${T} ${T} ]`, `[ ${T} ]`],
  [`[ ${T} "TINY" ]`, `[ ${T} ]`],
  [`[ "Tiny" ${T} "TINY" ]`, `[ ${T} ]`],
  [`[ "TINY" "TINY" ${B} "TINY" ]`, `[ ${T} ${B} ]`],
  // Short names stay, and say the same as file names. A correction is short where all valid entries are.
  ['[ "tiny" ]'],
  ["[ ''tiny'' ]"],
  ['[ "tiny" "BASE" ]', '[ "tiny" "base" ]'],
  ['[ "tiny" "ggml-base" "medium.en-q5_1" ]', '[ "tiny" "base" "medium.en-q5_0" ]'],
  [`[ "tiny" ${B} "SMALL" ]`, `[ "tiny" ${B} "ggml-small.bin" ]`],
  [`[ ${T} "tiny" ]`, `[ ${T} ]`],
  [`[ "tiny" ${T} "TINY" ]`, '[ "tiny" ]'],
  [`[ "tiny" "tiny" ${B} "tiny" ]`, `[ "tiny" ${B} ]`],
  [`[${T}${T}${T}]`, `[${T}]`],
  [`[\n  ${T}\n  ${B}\n  ${T}\n]`, `[\n  ${T}\n  ${B}\n]`],
  [`[\r\n\t${T}\r\n\t${T}\r\n]`, `[\r\n\t${T}\r\n]`],
  // Two that share a line are taken out with it.
  [`[\n  ${T}\n  ${T} ${T}\n  ${B}\n]`, `[\n  ${T}\n  ${B}\n]`],
  [`[\n  ${T}\n  ${T} ]`, `[\n  ${T} ]`],
  // Comments are the user's words, so they stay.
  [`[\n  ${T} # one\n  ${T} # two\n]`, `[\n  ${T} # one\n  # ${T} # two\n]`],
  [`[\n  ${T}\n  # about it\n  ${T}\n]`, `[\n  ${T}\n  # about it\n]`],
  [`[\n  ${T}\n  /* a */ ${T} # b\n]`, `[\n  ${T}\n  /* a */ # b\n]`],
  ['[\n  # "tiny"\n  "TINY" # größer 😀\n]', '[\n  # "tiny"\n  "tiny" # größer 😀\n]'],
  // What only a person knows.
  ['[ "ggml-large.bin" ]'],
  ['[ "ggml-large-q5_0.bin" ]'],
  ['[ "ggml-tiny.enn.bin" ]'],
  ['[ "ggml-my-tune.bin" ]'],
  ['[ "" " " "a/b" "😀" ]'],
  ['[ "large" ]'],
  ['[ "tiny" "bsae.en" ]'],
  ['[ "my-tune" "git" "curl" ]'],
];

for (const [list, fixed = list] of LISTS) {
  test(`fixes ${JSON.stringify(list)}`, () => {
    assert.equal(fixText(inFile(list)), inFile(fixed));
    assert.equal(fixText(inFile(fixed)), inFile(fixed), 'in one go');
  });
}

const FILES: readonly (readonly [string, string?])[] = [
  [`{ activeModels = [ ${T} ] ++ [ ${T} "tiny" ${T} ]; }`, `{ activeModels = [ ${T} ] ++ [ ]; }`],
  [`let a = [ ${B} ]; in { activeModels = [ "BASE" ] ++ a; }`, `let a = [ ]; in { activeModels = [ ${B} ] ++ a; }`],
  [`let a = [ ${B} ]; in { activeModels = [ "base" ] ++ a; }`, `let a = [ ]; in { activeModels = [ "base" ] ++ a; }`],
  [`let a = [ "TINY" ]; in { activeModels = a ++ a; }`],
  [`let a = [ "TINY" ]; in { activeModels = a ++ [ ${T} ] ++ a; }`],
  [
    `let a = "TINY"; in { activeModels = [ a (a) ]; b = a; }`,
    `let a = "TINY"; in { activeModels = [ "tiny" ]; b = a; }`,
  ],
  [`let a = "tiny"; in { activeModels = [ a (a) ]; b = a; }`, `let a = "tiny"; in { activeModels = [ a ]; b = a; }`],
  [`{ f }: { activeModels = [ "TINY" ] ++ f [ "TINY" ]; }`, `{ f }: { activeModels = [ "tiny" ] ++ f [ "TINY" ]; }`],
  [`{ f }: { activeModels = [ "tiny" ] ++ f [ "tiny" ]; }`],
  [`{ f }: let a = [ "TINY" ]; in { activeModels = a ++ f a; }`],
];

for (const [text, fixed = text] of FILES) {
  test(`fixes ${text}`, () => {
    const reading = readStatically(parseNix, text, OPTIONS);
    const entries = readLiteralEntries(text);
    const registry = { ...reading, source: 'nix-eval' as const, entries };
    const findings = [...lint(withNames(registry), loadCatalogue(), new Set())];
    assert.equal(fixList(reading, findings, parseNix, OPTIONS).reading.text, fixed);
  });
}

/** The entries that stand in the file, whatever else its list is made of. */
function readLiteralEntries(text: string): readonly Entry[] {
  const { value } = readStatically(parseNix, text, OPTIONS);
  return value.flatMap((part) =>
    'list' in part ? part.list.elements.map(({ value: name, ...span }) => ({ value: name, name, span })) : [],
  );
}

test('a finding has a message, a position and a severity', () => {
  const found = findingsIn(inFile(`[ "größer😀" "TINY" ${T} "ggml-own.bin" "ggml-my.bin" ]`), ['ggml-own.bin']);
  assert.deepEqual(
    found.map(({ diagnostic: { column, severity, code, suggestion } }) => [column, severity, code, suggestion]),
    [
      [20, 'error', 'bad-name', null],
      [30, 'error', 'bad-name', 'ggml-tiny.bin'],
      [37, 'warning', 'repeated', null],
      [68, 'error', 'unknown-model', null],
    ],
  );
  assert.deepEqual(
    found.map(({ diagnostic: { message } }) => message),
    [
      '"größer😀" is not a model file name',
      '"TINY" is not a model file name or the short name of a known model; did you mean "ggml-tiny.bin"?',
      'ggml-tiny.bin is already listed, as "TINY", on line 1',
      'ggml-my.bin is not in the catalogue',
    ],
  );
});

test('a finding of a short name is in the spelling of the list', () => {
  const found = findingsIn(inFile(`[ "tiny" "bsae.en" "large" "medium-q5_1" "my-tune" "jq" ]`), ['ggml-my-tune.bin']);
  assert.deepEqual(
    found.map(({ diagnostic: { code, message, suggestion } }) => [code, message, suggestion]),
    [
      [
        'bad-name',
        '"bsae.en" is not a model file name or the short name of a known model; did you mean "base.en"?',
        'base.en',
      ],
      [
        'renamed-model',
        'large is ambiguous: upstream no longer uses this name for one of the large models; did you mean "large-v3"?',
        'large-v3',
      ],
      [
        'unreal-model',
        'medium-q5_1 was never published: this model has other quantisations; did you mean "medium-q5_0"?',
        'medium-q5_0',
      ],
      ['bad-name', '"jq" is not a model file name or the short name of a known model', null],
    ],
  );
  const [twice] = findingsIn(inFile(`[ "base.en" "ggml-base.en.bin" ]`));
  assert.equal(twice?.diagnostic.code, 'repeated');
  assert.equal(twice?.diagnostic.message, 'ggml-base.en.bin is already listed, as "base.en", on line 1');
});

test('100,000 entries are linted in time, also on one line', () => {
  for (const between of ['\n', ' ']) {
    const text = inFile(`[${between}${`${T}${between}`.repeat(100_000)}]`);
    assert.equal(fixText(text), inFile(`[${between}${T}${between}]`));
  }
});
