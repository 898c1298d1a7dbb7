import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { add, changeText, namesIn, remove, removeLine } from '../../support/registry-text.ts';

const BASE = 'ggml-base.en-q5_1.bin';
const SMALL = 'ggml-small.en-q5_1.bin';
const TINY = 'ggml-tiny.en-q5_1.bin';

// The registry that people have, and the same as the common formatters leave it.
const STYLES: Readonly<Record<string, string>> = {
  seed: readFileSync(join(import.meta.dirname, '../../../../test/fixtures/seed.nix'), 'utf8'),
  nixfmt: `{
  pkgs,
  lib ? pkgs.lib,
  ...
}:
let
  activeModels = [
    "ggml-base.en-q5_1.bin" # Keep this
    # "ggml-small.en-q5_1.bin" # Commented out = will be pruned
  ];

  modelsDir = "/srv/models/whisper";
in
{
  inherit activeModels modelsDir;
  shell = pkgs.mkShell { packages = [ ]; };
}
`,
  alejandra: `{pkgs}: let
  activeModels = [
    "ggml-base.en-q5_1.bin" # Keep this
    # "ggml-small.en-q5_1.bin"     # Commented out = will be pruned
  ];
in {
  inherit activeModels;
  shell = pkgs.mkShell {packages = [];};
}
`,
  'nixpkgs-fmt': `{ pkgs }:
let
  activeModels = [
    "ggml-base.en-q5_1.bin" # Keep this
    # "ggml-small.en-q5_1.bin"     # Commented out = will be pruned
  ];
in
{
  inherit activeModels;
  shell = pkgs.mkShell { packages = [ ]; };
}
`,
};

const VARIANTS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'with CRLF': (text) => text.replaceAll('\n', '\r\n'),
  'with tabs': (text) => text.replace(/^ +/gm, (blanks) => '\t'.repeat(Math.ceil(blanks.length / 2))),
  'without a last newline': (text) => text.trimEnd(),
  'with other letters': (text) => `# größer 😀 模型\n${text.replace('Keep this', 'behalten, größer 😀')}`,
  'over 32 KiB': (text) => `${'# a comment, one of many\n'.repeat(1500)}${text}`,
};

for (const [style, original] of Object.entries(STYLES)) {
  for (const [variant, vary] of Object.entries(VARIANTS)) {
    test(`${style} ${variant}`, () => {
      const text = vary(original);
      assert.deepEqual(namesIn(text), [BASE]);
      assert.equal(add(text, BASE), text);

      const commented = changeText(text, { kind: 'add', names: [SMALL] });
      assert.deepEqual(commented.entries, [{ name: SMALL, how: 'uncommented' }]);
      assert.equal(commented.text, text.replace('# "ggml-small', '"ggml-small'));

      const appended = add(text, TINY);
      const line = /^([ \t]*)"ggml-base.*?(\r?\n)/m.exec(text);
      assert.ok(line);
      assert.equal(appended, text.replace(line[0], `${line[0]}${line[1]}"${TINY}"${line[2]}`));
      assert.equal(removeLine(appended, TINY), text);

      const removed = remove(text, BASE);
      assert.equal(removed, text.replace('"ggml-base', '# "ggml-base'));
      assert.equal(add(removed, BASE), text);
      assert.equal(removeLine(text, BASE), text.replace(line[0], ''));
    });
  }
}
